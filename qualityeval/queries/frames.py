"""The population of a round: cases of the owning body's subtree, as plain text values for the rules."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, null, or_, select
from sqlalchemy.orm import aliased

from qualityeval.core.case_fields import BY_NAME, Kind
from qualityeval.core.certificate import EarlierRound, shares_half
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.frame import PORTION
from qualityeval.database import db
from qualityeval.models import (
    Case,
    Draw,
    FrameCase,
    Institution,
    LiveFrameCase,
    Practitioner,
    Provider,
    Round,
    TargetedTrack,
)
from qualityeval.queries.derived_fields import FIRST_CASE, MONTH, YEAR, first_case

DATE_OF = {"closed": Case.closed_on, "archived": Case.archived_on, "accepted": Case.accepted_on}
ALWAYS = ("number", "case_type", "aid_form", "stage", "series", "sealed")
JOINED: Mapping[str, Any] = {
    "institution": Institution.code,
    "institution_name": Institution.name,
    "provider": Provider.name,
    "practitioner": Practitioner.name,
    "practitioner_licence": Practitioner.licence,
}
DERIVED = (MONTH, YEAR, FIRST_CASE)
SECRET = frozenset(name for name, field in BY_NAME.items() if field.kind is Kind.SECRET)


class Candidate(NamedTuple):
    """A case that may enter a frame: its key's parts and the values that rules and strata read."""

    case_id: int
    institution: str
    number: str
    sealed: bool
    values: Mapping[str, str]


def known_field(name: str) -> bool:
    """Whether rules and strata may read this field without looking at the extra columns."""
    return (name in BY_NAME and name not in SECRET) or name in JOINED or name in DERIVED


def population(
    round_: Round,
    *,
    by: str,
    since: date,
    until: date,
    fields: Iterable[str],
    within: ColumnElement[bool] | None = None,
) -> Iterator[Candidate]:
    """Cases of the owning body's subtree whose date lies in the period, both days included.

    `fields` are the names that rules and strata will ask for: register fields, joined ones, derived ones
    (month and year of the date that counts, a practitioner's first case), else extra columns of the register.
    `within` narrows the cases further, as a recheck does.
    """
    asked = DATE_OF[by].between(since, until)
    return _candidates(round_, by, fields, asked if within is None else and_(asked, within))


def late_cases(round_: Round, *, by: str, since: date, fields: Iterable[str]) -> Iterator[Candidate]:
    """Cases of earlier periods that their period's freeze could not see, so carried into this one.

    Registered after that freeze, or changed after it (a closing date entered late) and not in its frame.
    A period is that of a frozen round, not withdrawn, of the same owning body, kind and date.
    """
    missed = missed_before(round_, by=by, since=since)
    if missed is not None:
        yield from _candidates(round_, by, fields, missed)


def missed_before(round_: Round, *, by: str, since: date) -> ColumnElement[bool] | None:
    """The condition of `late_cases`; None where no earlier period was frozen."""
    earlier = db.session.execute(
        select(Round.id, Round.plan, Round.frozen_at).where(
            Round.institution_id == round_.institution_id,
            Round.kind == round_.kind,
            Round.id != round_.id,
            Round.frozen_at.is_not(None),
            Round.state != "withdrawn",
            ~exists().where(TargetedTrack.track_id == Round.id),
        )
    )
    missed = [
        and_(DATE_OF[by].between(*_days(asked)), DATE_OF[by] < since, _unseen(id_, frozen_at))
        for id_, asked, frozen_at in (
            (id_, json.loads(str(plan))["population"], frozen_at) for id_, plan, frozen_at in earlier
        )
        if asked["by"] == by
    ]
    return or_(*missed) if missed else None


def _unseen(round_id: int, frozen_at: datetime | None) -> ColumnElement[bool]:
    """The case was written after the freeze, and isn't in that round's frame."""
    framed = exists().where(FrameCase.round_id == round_id, FrameCase.case_id == Case.id)
    return and_(or_(Case.registered_at > frozen_at, Case.updated_at > frozen_at), ~framed)


def _days(asked: Mapping[str, str]) -> tuple[date, date]:
    return date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])


def _candidates(
    round_: Round, by: str, fields: Iterable[str], condition: ColumnElement[bool]
) -> Iterator[Candidate]:
    counted = DATE_OF[by]
    names = list(dict.fromkeys((*ALWAYS, *fields)))
    refuse_secret(names)
    columns = {name: _column(name) for name in names if name not in DERIVED and known_field(name)}
    if FIRST_CASE in names:
        columns[FIRST_CASE] = first_case(counted)
    extras = [name for name in names if not known_field(name)]
    # what nobody asks for isn't read: neither joined nor unpacked
    extra_column = Case.extra if extras else null()
    query = select(Case.id, Institution.code, counted, extra_column, *columns.values())
    query = query.join(Institution, Case.institution_id == Institution.id)
    if "provider" in columns:
        query = query.outerjoin(Provider, Case.provider_id == Provider.id)
    if not columns.keys().isdisjoint(("practitioner", "practitioner_licence")):
        query = query.outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
    query = query.where(Institution.path.startswith(round_.institution.path, autoescape=True), condition)
    month_of = cache(lambda day: {MONTH: f"{day:%Y-%m}", YEAR: f"{day:%Y}"})
    for case_id, code, day, extra, *cells in db.session.execute(query.execution_options(yield_per=5_000)):
        values = {
            name: cell if type(cell) is str else text_of(cell)
            for name, cell in zip(columns, cells, strict=True)
        }
        for name in extras:
            values[name] = text_of((extra or {}).get(name))
        values.update(month_of(day))
        yield Candidate(case_id, code, values["number"], values["sealed"] == "yes", values)


def refuse_secret(names: Iterable[str]) -> None:
    """Numbers that are sealed in the database are no strata and no filter."""
    for name in names:
        if name in SECRET:
            raise InvalidInput(
                "spec.secret_field",
                msg("字段“%(field)s”是加密的，不能用来筛选或分层。"),
                where=name,
                field=name,
            )


def held_cases(round_: Round) -> frozenset[int]:
    """Cases that a live frame of the same kind and owning body already holds."""
    rows = db.session.execute(
        select(LiveFrameCase.case_id).where(
            LiveFrameCase.institution_id == round_.institution_id,
            LiveFrameCase.kind == round_.kind,
            LiveFrameCase.round_id != round_.id,
        )
    )
    return frozenset(rows.scalars())


def text_of(value: object) -> str:
    """A stored value as rules and labels see it: empty for none, yes/no, ISO dates, text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _column(name: str) -> ColumnElement[Any]:
    joined: ColumnElement[Any] | None = JOINED.get(name)
    column: ColumnElement[Any] = joined if joined is not None else getattr(Case, name)
    return column


def frame_portions(round_: Round) -> Iterator[Sequence[Sequence[Any]]]:
    """Ids, keys and strata of the frozen frame, by the bytes of the key, some ten thousand cases at a time."""
    # SQLite compares text by its bytes; PostgreSQL does where it is told to
    on_postgresql = db.session.get_bind().dialect.name == "postgresql"
    by_bytes = FrameCase.key.collate("C") if on_postgresql else FrameCase.key
    rows = db.session.execute(
        select(FrameCase.id, FrameCase.key, FrameCase.stratum)
        .where(FrameCase.round_id == round_.id)
        .order_by(by_bytes)
        .execution_options(yield_per=PORTION)
    )
    for portion in rows.partitions():
        yield tuple(zip(*portion, strict=True))


def earlier_rounds(round_: Round) -> list[EarlierRound]:
    """Every round drawn before, withdrawn ones too, that shares half of the cases with this one."""
    mine, other = aliased(FrameCase), aliased(FrameCase)
    shared = (
        select(other.round_id, func.count().label("shared"))
        .join(mine, mine.case_id == other.case_id)
        .where(mine.round_id == round_.id, other.round_id != round_.id)
        .group_by(other.round_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Round, shared.c.shared)
        .join(shared, shared.c.round_id == Round.id)
        .join(Draw, Draw.round_id == Round.id)
        .order_by(Draw.drawn_at, Draw.id)
    )
    here = int(round_.frame_size or 0)
    return [
        EarlierRound(
            code=earlier.code, state=earlier.state, plan_digest=str(earlier.plan_digest),
            frame_digest=str(earlier.frame_digest), shared=count, of=int(earlier.frame_size or 0),
        )
        for earlier, count in rows
        if shares_half(count, here=here, there=int(earlier.frame_size or 0))
    ]  # fmt: skip
