"""Bringing the pool of experts in: a line an expert, all or none."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from unicodedata import normalize

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.table_row import Rejected
from qualityeval.database import blind_index, db
from qualityeval.models import Expert, Institution
from qualityeval.services import appointments as terms
from qualityeval.services import audit, identities, interests

COLUMNS = (
    "code", "name", "provider", "region", "specialties", "practice_years", "cap", "quota", "email", "id_number",
    "licence", "provider_history", *terms.COLUMNS,
)  # fmt: skip
LONGEST = {"code": 64, "name": 100, "provider": 200, "email": 200, "licence": 40}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ID_NUMBER = re.compile(r"[0-9A-Za-z]{5,20}")
MOST = 100_000
_FORMER = re.compile(r"(?P<name>[^@]{1,200})(@(?P<since>\d{4}-\d\d-\d\d)?\.\.(?P<until>\d{4}-\d\d-\d\d)?)?")


@dataclass(frozen=True)
class Former:
    """A former place of practice with the days between which it was one."""

    provider: str
    since: date | None
    until: date | None


@dataclass(frozen=True)
class ExpertReport:
    """created + updated + unchanged + rejected lines = rows."""

    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: tuple[Rejected, ...]


# fields, former places of practice and terms of one line
Said = tuple[dict[str, object], list[Former], terms.Given]


def import_experts(
    *, actor: Actor, lines: Iterable[tuple[int, Mapping[str, str]]], now: datetime, dry_run: bool = False
) -> ExpertReport:
    """Create or update experts by their code; an empty cell never blanks what is stored.

    One rejected line stores nothing: a missing code or name, a code twice, a region that is no institution
    of the actor's subtree, an expert who works outside it, a number that is none. A dry run stores nothing
    and counts what would come of it.
    """
    require(actor, Permission.EXPERTS_MANAGE)
    pool = {one.code: one for one in db.session.execute(select(Expert)).scalars()}
    read, rejected = _read(actor, lines, pool)
    if rejected:
        return ExpertReport(len(read) + len(rejected), 0, 0, 0, tuple(rejected))
    counts = [_store(actor, pool.get(code), *said, now, dry_run=dry_run) for code, said in read.items()]
    report = ExpertReport(
        len(read), counts.count("created"), counts.count("updated"), counts.count("unchanged"), ()
    )
    if dry_run:
        return report
    db.session.flush()
    identities.propose(actor=actor, now=now)
    audit.record(
        actor, "experts.imported", now=now, object_type="expert", created=report.created,
        updated=report.updated, unchanged=report.unchanged,
    )  # fmt: skip
    return report


def _read(
    actor: Actor, lines: Iterable[tuple[int, Mapping[str, str]]], pool: Mapping[str, Expert]
) -> tuple[dict[str, Said], list[Rejected]]:
    """What each sound line says, by the expert's code, and the lines that can't be taken."""
    regions = _regions(actor)
    own = {None, *regions.values()}
    read: dict[str, Said] = {}
    rejected: list[Rejected] = []
    for row, cells in lines:
        try:
            fields = read_fields(cells, regions)
            code = str(fields["code"])
            if code in read:
                raise _bad("code", "expert.twice", msg("编号在这个文件里出现了两次。"))
            if (known := pool.get(code)) and known.institution_id not in own:
                raise _bad("code", "expert.elsewhere", msg("这个编号的专家属于别的辖区，不能由您修改。"))
            former = _history(cells.get("provider_history", ""))
            read[code] = fields, former, terms.read(cells, places=regions, actor=actor)
        except RuleViolation as refusal:
            rejected.append(Rejected.by(row, refusal))
    return read, rejected


def _regions(actor: Actor) -> dict[str, int]:
    rows = db.session.execute(
        select(Institution.code, Institution.id).where(scope.institutions(actor, Permission.EXPERTS_MANAGE))
    )
    return dict(rows.all())


def read_fields(cells: Mapping[str, str], regions: Mapping[str, int]) -> dict[str, object]:
    """The cells of a line as an expert's columns; InvalidInput names the column."""
    text = {name: normalize("NFC", cells.get(name, "").strip()) for name in COLUMNS}
    for name, value in text.items():
        if _CONTROL.search(value):
            raise _bad(name, "expert.control", msg("这一格有控制字符，请删去。"))
        if len(value) > LONGEST.get(name, 2_000):
            raise _bad(name, "expert.long", msg("这一格太长。"))
    for name in ("code", "name"):
        if not text[name]:
            raise _bad(name, "expert.empty", msg("编号和姓名不能空。"))
    if any(mark in text["code"] for mark in ":|,"):
        raise _bad("code", "expert.code", msg("编号里不能有冒号、竖线或逗号。"))
    if text["region"] and text["region"] not in regions:
        raise _bad("region", "expert.region", msg("没有这个编码的机构，或者不在您的辖区内。"))
    if text["id_number"] and not _ID_NUMBER.fullmatch(text["id_number"]):
        raise _bad("id_number", "expert.id_number", msg("证件号码只能由5至20位字母和数字组成。"))
    numbers = {name: _number(name, text[name]) for name in ("practice_years", "cap", "quota")}
    return {
        "code": text["code"], "name": text["name"], "provider": text["provider"], "email": text["email"],
        "licence": text["licence"], "institution_id": regions.get(text["region"]), **numbers,
        "specialties": [one.strip() for one in text["specialties"].replace("；", ";").split(";") if one.strip()],
        "id_number": text["id_number"].upper() or None,
    }  # fmt: skip


def _history(cell: str) -> list[Former]:
    """`name@2010-01-01..2015-12-31`, separated by semicolons; either day, or both, may be missing."""
    found = []
    for part in normalize("NFC", cell).replace("；", ";").split(";"):
        if not part.strip():
            continue
        match = _FORMER.fullmatch(part.strip())
        try:
            since, until = (
                match and match[end] and date.fromisoformat(match[end]) for end in ("since", "until")
            )
        except ValueError:
            match = None
        if match is None or (since and until and until < since):
            raise _bad(
                "provider_history", "expert.history",
                msg("曾执业单位请写成“单位@2010-01-01..2015-12-31”，几个之间用分号。"),
            )  # fmt: skip
        found.append(Former(match["name"].strip(), since or None, until or None))
    return found


def _number(name: str, text: str) -> int | None:
    if not text:
        return None
    whole = text.removesuffix(".0")
    if not whole.isascii() or not whole.isdigit() or int(whole[:9]) > MOST or len(whole) > 9:
        raise _bad(name, "expert.number", msg("请写成0以上的整数。"))
    return int(whole)


def _bad(column: str, code: str, text: str) -> InvalidInput:
    return InvalidInput(code, text, where=column)


def _store(
    actor: Actor,
    known: Expert | None,
    fields: Mapping[str, object],
    former: list[Former],
    appointed: terms.Given,
    now: datetime,
    *,
    dry_run: bool,
) -> str:
    given = {name: value for name, value in fields.items() if value not in (None, "", [])}
    if number := given.get("id_number"):
        given["id_index"] = blind_index("expert.id_number", str(number))
    if known is None:
        if not dry_run:
            made = Expert(**given, created_at=now, updated_at=now)
            db.session.add(made)
            _remember(actor, made, former, now)
            terms.apply(actor=actor, expert=made, given=appointed, now=now)
        return "created"
    changed = {name: value for name, value in given.items() if getattr(known, name) != value}
    fresh = [one for one in former if not interests.is_past_provider(known, one.provider)]
    changed_terms = terms.differs(known, appointed)
    if (changed or fresh or changed_terms) and not dry_run:
        for name, value in {**changed, "updated_at": now}.items():
            setattr(known, name, value)
        _remember(actor, known, fresh, now)
        terms.apply(actor=actor, expert=known, given=appointed, now=now)
    return "updated" if changed or fresh or changed_terms else "unchanged"


def _remember(actor: Actor, expert: Expert, former: list[Former], now: datetime) -> None:
    """A former provider is an interest: its cases aren't dealt to the expert any more."""
    if former:
        db.session.flush()
    for one in former:
        interests.add_past_provider(
            actor=actor, expert=expert, provider=one.provider, since=one.since, until=one.until, now=now
        )
