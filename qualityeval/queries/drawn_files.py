"""Drawn files on screens and lists: the owning body's of a round, an institution's own ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import aliased

from qualityeval.authz import Actor, Permission, may, require, scope
from qualityeval.core.disposition import is_late
from qualityeval.core.errors import NotFound
from qualityeval.core.workflow import FileState
from qualityeval.database import db
from qualityeval.models import (
    Case,
    CaseFile,
    FileEvent,
    FileLoan,
    FrameCase,
    Institution,
    Provider,
    Round,
    SampledCase,
)
from qualityeval.queries import call_in
from qualityeval.queries import rounds as round_queries

CALLED = ("called_in", "assigned", "scoring", "arbitration", "objection", "released", "closed")
LATE, OUT = "late", "out"
FILTERS = (*FileState, LATE, OUT)


@dataclass(frozen=True)
class FileFilter:
    """What a list is narrowed to: a state, `late` or `out` (lent on site); an institution; a text."""

    state: str = ""
    institution: str = ""
    text: str = ""


@dataclass(frozen=True)
class FileRow:
    """A drawn file: whose, where it stands, how it came; papers stored for its case, those after the draw apart."""

    public_id: str
    case_public_id: str
    institution: str
    institution_name: str
    number: str
    cause: str
    provider: str
    stratum: str
    place: int
    state: FileState
    pages: int | None
    digest: str
    digest_of: str
    handed_in_on: date | None
    note: str
    papers: int
    after_draw: int
    out_to: str
    late: bool


@dataclass(frozen=True)
class InstitutionRow:
    """An institution's part of a round: opened tickets by where their files stand."""

    code: str
    name: str
    opened: int
    due: int
    handed_in: int
    late: int
    missing: int
    replaced: int


def get_for(actor: Actor, public_id: str) -> tuple[Round, SampledCase]:
    """A drawn case of a round of the actor's body; NotFound elsewhere."""
    return _one(scope.rounds(actor, Permission.CALL_IN_MANAGE), public_id)


def own_for(actor: Actor, public_id: str) -> tuple[Round, SampledCase]:
    """A called-in case of the actor's own institution; NotFound elsewhere."""
    round_, sampled = _one(
        and_(scope.evaluated_cases(actor, Permission.FILE_HAND_IN), Round.state.in_(CALLED)), public_id
    )
    if call_in.terms_of(round_).call_in == "none":
        raise NotFound(where="file")
    return round_, sampled


def _one(condition: Any, public_id: str) -> tuple[Round, SampledCase]:
    found = db.session.execute(
        select(Round, SampledCase)
        .join(SampledCase, SampledCase.round_id == Round.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .where(condition, SampledCase.public_id == public_id)
    ).one_or_none()
    if found is None:
        raise NotFound(where="file")
    return found[0], found[1]


def own_rounds(actor: Actor) -> list[Round]:
    """Rounds that call in files of the actor's own institution, the latest first."""
    mine = (
        select(SampledCase.round_id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Round, SampledCase.round_id == Round.id)
        .where(scope.evaluated_cases(actor, Permission.FILE_HAND_IN))
    )
    rounds = db.session.execute(
        select(Round).where(Round.state.in_(CALLED), Round.id.in_(mine)).order_by(Round.id.desc())
    ).scalars()
    return [one for one in rounds if call_in.terms_of(one).call_in != "none"]


def round_by_code(actor: Actor, code: str) -> Round:
    """A round of the own body, or one that calls in files of the own institution; NotFound otherwise."""
    if may(actor, Permission.CALL_IN_MANAGE):
        try:
            return round_queries.by_code_for(actor, code)
        except NotFound:
            pass
    for one in own_rounds(actor):
        if one.code == code:
            return one
    raise NotFound(where="round")


def by_key(round_: Round, key: str) -> SampledCase:
    """The drawn case of this key (as in the frame file, or institution code `:` case number)."""
    code, _, number = key.partition(":")
    found = db.session.execute(
        select(SampledCase)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .where(
            SampledCase.round_id == round_.id,
            or_(FrameCase.key == key, and_(Institution.code == code, Case.number == number)),
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("file.unknown", where="case")
    return found


def count_for(actor: Actor, round_: Round, asked: FileFilter, *, today: date) -> int:
    """How many files `list_for` would give without a limit."""
    return counts_for(actor, [round_], asked, today=today)[0]


def counts_for(actor: Actor, rounds: Sequence[Round], asked: FileFilter, *, today: date) -> list[int]:
    """`count_for` of each round, in one question."""
    counts = [
        select(func.count()).select_from(_filtered(actor, round_, asked, today).subquery()).scalar_subquery()
        for round_ in rounds
    ]
    return [int(count) for count in db.session.execute(select(*counts)).one()] if counts else []


def list_for(
    actor: Actor, round_: Round, asked: FileFilter, *, today: date, limit: int | None = None, offset: int = 0
) -> list[FileRow]:
    """The round's files (an institution sees its own) by institution and number."""
    query = _filtered(actor, round_, asked, today).order_by(Institution.code, Case.number, SampledCase.id)
    rows = db.session.execute(query.limit(limit).offset(offset) if limit else query)
    deadline = call_in.terms_of(round_).deadline
    return [_row(tuple(row), deadline, today) for row in rows]


def row_of(actor: Actor, round_: Round, sampled: SampledCase, *, today: date) -> FileRow:
    """The list's line of one file."""
    query = _filtered(actor, round_, FileFilter(), today).where(SampledCase.id == sampled.id)
    return _row(tuple(db.session.execute(query).one()), call_in.terms_of(round_).deadline, today)


def _row(cells: tuple[Any, ...], deadline: date | None, today: date) -> FileRow:
    state, pages, digest, digest_of, day, note, papers, after, out = cells[9:]
    stands = FileState(state)
    values = (
        *cells[:9], stands, pages, digest or "", digest_of or "", day, note or "", papers or 0, after or 0, out or "",
        is_late(stands, handed_in_on=day, deadline=deadline, today=today),
    )  # fmt: skip
    return FileRow(*values)


def _filtered(actor: Actor, round_: Round, asked: FileFilter, today: date) -> Select[Any]:
    """Every file once, with its last event, its papers and who has it; a returned one keeps no pages."""
    event, loan = aliased(FileEvent), aliased(FileLoan)
    state = func.coalesce(event.state, FileState.DUE)
    kept = select(func.count()).where(CaseFile.case_id == Case.id, CaseFile.removed_at.is_(None))
    papers = kept.correlate(Case).scalar_subquery()
    after = kept.where(CaseFile.added_after_draw).correlate(Case).scalar_subquery()
    columns: tuple[Any, ...] = (
        SampledCase.public_id, Case.public_id, Institution.code, Institution.name, Case.number, Case.cause,
        func.coalesce(Provider.name, ""), SampledCase.stratum, SampledCase.place, state, event.pages,
        event.digest, event.digest_of, event.handed_in_on, event.note, papers, after, loan.taken_by,
    )  # fmt: skip
    query = (
        select(*columns)
        .select_from(SampledCase)
        .join(Round, SampledCase.round_id == Round.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(event, and_(event.sampled_case_id == SampledCase.id, event.id.in_(call_in.latest(round_))))
        .outerjoin(loan, loan.out_id == SampledCase.id)
        .where(SampledCase.round_id == round_.id, _visible(actor, round_))
    )  # fmt: skip
    if asked.state == OUT:
        query = query.where(loan.id.is_not(None))
    elif asked.state == LATE:
        query = query.where(_late(state, event.handed_in_on, call_in.terms_of(round_).deadline, today))
    elif asked.state:
        query = query.where(state == asked.state)
    if asked.institution:
        query = query.where(Institution.code == asked.institution)
    if asked.text:
        columns = (Case.number, Case.cause, Provider.name)
        query = query.where(or_(*(column.icontains(asked.text, autoescape=True) for column in columns)))
    return query


def _visible(actor: Actor, round_: Round) -> Any:
    if may(actor, Permission.CALL_IN_MANAGE, round_):
        return true()
    require(actor, Permission.FILE_HAND_IN)
    called = round_.state in CALLED and call_in.terms_of(round_).call_in != "none"
    return scope.evaluated_cases(actor, Permission.FILE_HAND_IN) if called else false()


def _late(state: Any, day: Any, deadline: date | None, today: date) -> Any:
    """`core.disposition.is_late` as a condition."""
    if deadline is None:
        return false()
    came = and_(state == FileState.HANDED_IN, day > deadline)
    waits = state.in_([FileState.DUE, FileState.MISSING]) if today > deadline else false()
    return or_(came, waits)


def institutions_of(actor: Actor, round_: Round, *, today: date) -> list[InstitutionRow]:
    """The round's institutions by code, with how many of their files stand where."""
    base = _filtered(actor, round_, FileFilter(), today).subquery()
    cells = list(base.c)
    code, name, state, day = cells[2], cells[3], cells[9], cells[13]
    late = _late(state, day, call_in.terms_of(round_).deadline, today)

    def total(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    rows = db.session.execute(
        select(
            code, name, func.count(), total(state == FileState.DUE), total(state == FileState.HANDED_IN),
            total(late), total(state == FileState.MISSING), total(state == FileState.REPLACED),
        )
        .group_by(code, name)
        .order_by(code)
    )  # fmt: skip
    return [InstitutionRow(*row) for row in rows]
