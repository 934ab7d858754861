"""Handing files in by a table: a line a file, all or none, with a dry run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, may, require, scope
from qualityeval.core.dates import DateReader
from qualityeval.core.errors import InvalidInput, RuleViolation, WrongState, msg
from qualityeval.core.table_row import Rejected
from qualityeval.core.workflow import FileAct, FileState, RoundAct, file_after, round_after
from qualityeval.database import db
from qualityeval.models import Case, FileEvent, FrameCase, Institution, Round, SampledCase
from qualityeval.queries import call_in as queries
from qualityeval.services import audit, dealing
from qualityeval.services.hand_in import check, write_down
from qualityeval.services.seeds import lock

COLUMNS = ("case", "pages", "digest", "handed_in_on", "note")
NEEDED = ("case", "pages")
DATES = ("iso", "ymd", "cn", "excel")


@dataclass(frozen=True)
class HandInReport:
    """created + unchanged + rejected = rows; unchanged are files already handed in just so."""

    rows: int
    created: int
    unchanged: int
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True)
class _Line:
    sampled: SampledCase
    pages: int
    digest: str
    handed_in_on: date
    note: str


def import_hand_ins(
    *, actor: Actor, round_: Round, lines: Iterable[tuple[int, Mapping[str, str]]], now: datetime,
    dry_run: bool = False,
) -> HandInReport:  # fmt: skip
    """Hand in the files of `case, pages, digest, handed_in_on, note` lines; only the first two are needed.

    `case` is the case key (institution code `:` case number). The owning body hands in any drawn file of the round,
    an institution its own ones. One rejected line stores nothing; a dry run stores nothing and counts.
    """
    if not may(actor, Permission.CALL_IN_MANAGE, round_):
        require(actor, Permission.FILE_HAND_IN)
    if not dry_run:
        lock(round_)
    round_after(round_.state, RoundAct.HAND_IN)
    if queries.terms_of(round_).call_in == "none":
        raise WrongState("call_in.none", msg("这个批次不调卷，案卷不用交。"), where="round")
    known, last = _drawn(actor, round_), _last_events(round_)
    rejected: list[Rejected] = []
    new: dict[int, _Line] = {}
    rows = unchanged = 0
    seen: set[int] = set()
    for row, cells in lines:
        rows += 1
        try:
            line = _read(round_, cells, known, now)
            if line.sampled.id in seen:
                raise InvalidInput("file.twice", msg("这件案件在这个文件里出现了两次。"), where="case")
            seen.add(line.sampled.id)
            if _is_same(line, last.get(line.sampled.id)):
                unchanged += 1
                continue
            event = last.get(line.sampled.id)
            file_after(event.state if event else FileState.DUE, FileAct.HAND_IN)
            new[line.sampled.id] = line
        except RuleViolation as refusal:
            column = refusal.where if refusal.where in COLUMNS else "case"
            rejected.append(Rejected(row, column, refusal))
    if rejected:
        return HandInReport(rows, 0, 0, tuple(rejected))
    if not dry_run and new:
        _store(actor, round_, new.values(), now)
    return HandInReport(rows, len(new), unchanged, ())


def _store(actor: Actor, round_: Round, lines: Iterable[_Line], now: datetime) -> None:
    count = 0
    for count, line in enumerate(lines, start=1):  # noqa: B007 -- how many there were is recorded below
        write_down(
            actor=actor, round_=round_, sampled=line.sampled, pages=line.pages, digest=line.digest,
            handed_in_on=line.handed_in_on, note=line.note, now=now,
        )  # fmt: skip
    audit.record(actor, "files.imported", now=now, object_type="round", object_id=round_.code, files=count)
    dealing.deal_late(actor=actor, round_=round_, now=now)


def _drawn(actor: Actor, round_: Round) -> dict[str, SampledCase]:
    """The files that the actor may hand in, by key in the frame file and by plain case key."""
    query = (
        select(FrameCase.key, Institution.code, Case.number, SampledCase)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .join(Round, SampledCase.round_id == Round.id)
        .where(SampledCase.round_id == round_.id)
    )
    if not may(actor, Permission.CALL_IN_MANAGE, round_):
        query = query.where(scope.evaluated_cases(actor, Permission.FILE_HAND_IN))
    found = {}
    for key, code, number, sampled in db.session.execute(query):
        found[key] = found[f"{code}:{number}"] = sampled
    return found


def _last_events(round_: Round) -> dict[int, FileEvent]:
    rows = db.session.execute(select(FileEvent).where(FileEvent.id.in_(queries.latest(round_)))).scalars()
    return {one.sampled_case_id: one for one in rows}


def _read(round_: Round, cells: Mapping[str, str], known: Mapping[str, SampledCase], now: datetime) -> _Line:
    text = {name: cells.get(name, "").strip() for name in COLUMNS}
    sampled = known.get(text["case"])
    if sampled is None:
        raise InvalidInput(
            "file.unknown", msg("“%(case)s”不在这个批次抽中的案件里。"), where="case", case=text["case"]
        )
    day = DateReader(DATES).read(text["handed_in_on"])
    if day.is_refused:
        raise InvalidInput(day.code, day.text, where="handed_in_on", value=text["handed_in_on"])
    found = check(
        round_=round_, pages=text["pages"].removesuffix(".0"), handed_in_on=day.day, digest=text["digest"],
        note=text["note"], now=now,
    )  # fmt: skip
    return _Line(sampled, found.pages, found.digest, found.handed_in_on, found.note)


def _is_same(line: _Line, event: FileEvent | None) -> bool:
    return (
        event is not None
        and event.act == FileAct.HAND_IN
        and (event.pages, event.handed_in_on) == (line.pages, line.handed_in_on)
        and (not line.digest or event.digest == line.digest)
    )
