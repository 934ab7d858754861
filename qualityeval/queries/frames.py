"""The population of a round: cases of the owning body's subtree, as plain text values for the rules."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, null, or_, select
from sqlalchemy.orm import aliased

from qualityeval.core.case_fields import BY_NAME, SECOND, Kind
from qualityeval.core.certificate import EarlierRound, shares_half
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.frame import PORTION
from qualityeval.core.frame_choice import text_of
from qualityeval.core.round_spec import RoundSpec
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
from qualityeval.queries import rechecks
from qualityeval.queries.derived_fields import FIRST_CASE, MONTH, YEAR, first_case, part_of_day

DATE_OF = {"closed": Case.closed_on, "archived": Case.archived_on, "accepted": Case.accepted_on}
KIND = ("case_type", "aid_form", "stage")
Second, SecondProvider = aliased(Practitioner), aliased(Provider)
JOINED: Mapping[str, Any] = {
    "institution": Institution.code,
    "institution_name": Institution.name,
    "provider": Provider.name,
    "practitioner": Practitioner.name,
    "practitioner_licence": Practitioner.licence,
    "second_provider": SecondProvider.name,
    "second_practitioner": Second.name,
    "second_licence": Second.licence,
}
DERIVED = (MONTH, YEAR, FIRST_CASE)
SECRET = frozenset(name for name, field in BY_NAME.items() if field.kind is Kind.SECRET)


class Portion(NamedTuple):
    """Some ten thousand cases of the population as columns; `cells`: late, held, then the fields as stored."""

    cases: Sequence[int]
    institutions: Sequence[str]
    numbers: Sequence[str]
    sealed: Sequence[bool]
    series: Sequence[str]
    cells: Sequence[tuple[Any, ...]]


def known_field(name: str) -> bool:
    """Whether rules and strata may read this field without looking at the extra columns."""
    return (name in BY_NAME and name not in SECRET) or name in JOINED or name in DERIVED


def fields_of(spec: RoundSpec) -> tuple[str, ...]:
    """The fields in the cells of a portion, after late and held: the register's, then extra columns of it."""
    names = dict.fromkeys((*KIND, *spec.fields))
    return tuple(sorted(names, key=lambda name: not known_field(name)))


def population(round_: Round, spec: RoundSpec, *, sealed: bool | None = None) -> Iterator[Portion]:
    """The cases that a freeze looks at: those of the period in the owning body's subtree, and late ones.

    Fields are of the register, joined, derived (month and year of the date that counts, a practitioner's
    first case), else extra columns. With `sealed` only such cases, or only the others; these by the bytes
    of their keys, provided that codes and numbers are NFC.
    """
    names = fields_of(spec)
    refuse_secret(names)
    day = DATE_OF[spec.population.by]
    columns = [column_of(name, day) for name in names if known_field(name)]
    extras = names[len(columns) :]
    late, asked = asked_of(round_, spec)
    series = Case.series if spec.series == "one_per_series" else literal("")
    # what nobody asks for isn't read: neither joined nor unpacked
    query = select(
        Case.id, Institution.code, Case.number, Case.sealed, series, Case.extra if extras else null(), late,
        held_by_another(round_), *columns,
    ).join(Institution, Case.institution_id == Institution.id)  # fmt: skip
    if "provider" in names:
        query = query.outerjoin(Provider, Case.provider_id == Provider.id)
    if not {"practitioner", "practitioner_licence"}.isdisjoint(names):
        query = query.outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
    if not set(SECOND).isdisjoint(names):
        query = query.outerjoin(Second, Case.second_practitioner_id == Second.id)
        query = query.outerjoin(SecondProvider, Second.provider_id == SecondProvider.id)
    query = query.where(Institution.path.startswith(round_.institution.path, autoescape=True), asked)
    if sealed is not None:
        query = query.where(Case.sealed if sealed else ~Case.sealed)
    if sealed is False:
        query = query.order_by(_by_bytes(Institution.code + ":" + Case.number))
    db.session.flush()
    found = db.session.connection().execute(
        query, execution_options={"yield_per": PORTION}
    )  # no object a row
    with found:  # whoever reads may stop halfway
        for portion in found.partitions():
            ids, codes, numbers, is_sealed, series_of, extra, *cells = zip(*portion, strict=True)
            cells += (tuple(text_of((one or {}).get(name)) for one in extra) for name in extras)
            yield Portion(ids, codes, numbers, is_sealed, series_of, list(zip(*cells, strict=True)))


def asked_of(round_: Round, spec: RoundSpec) -> tuple[ColumnElement[int], ColumnElement[bool]]:
    """Whether a case is late (1 or 0), and which cases there are at all.

    Late are cases of earlier periods that their period's freeze could not see; what a recheck repeats never is.
    """
    asked = spec.population
    inside = DATE_OF[asked.by].between(asked.since, asked.until)
    if spec.rounds:
        return case((inside, 0), else_=1), and_(inside, rechecks.evaluated(round_, spec.rounds))
    missed = missed_before(round_, by=asked.by, since=asked.since)
    return case((inside, 0), else_=1), inside if missed is None else or_(inside, missed)


def held_by_another(round_: Round) -> ColumnElement[int]:
    """1 for a case that another live frame of the same kind and owning body holds, else 0."""
    held = exists().where(
        LiveFrameCase.institution_id == round_.institution_id,
        LiveFrameCase.kind == round_.kind,
        LiveFrameCase.round_id != round_.id,
        LiveFrameCase.case_id == Case.id,
    )
    return case((held, 1), else_=0)


def missed_before(round_: Round, *, by: str, since: date) -> ColumnElement[bool] | None:
    """Cases of earlier periods that were registered, or given their date, after their period's freeze.

    A period is that of a frozen round, not withdrawn, of the same owning body, kind and date; None without one.
    """
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


def column_of(name: str, day: Any) -> ColumnElement[Any]:
    """The column of a known field; `day` is the date that counts."""
    if name in (MONTH, YEAR):
        return part_of_day(day, name)
    if name == FIRST_CASE:
        return first_case(day)
    joined: ColumnElement[Any] | None = JOINED.get(name)
    column: ColumnElement[Any] = joined if joined is not None else getattr(Case, name)
    return column


def _by_bytes(text: Any) -> ColumnElement[str]:
    """SQLite compares text by its bytes; PostgreSQL does where it is told to."""
    ordered: ColumnElement[str] = (
        text.collate("C") if db.session.get_bind().dialect.name == "postgresql" else text
    )
    return ordered


def frame_portions(round_: Round) -> Iterator[Sequence[Sequence[Any]]]:
    """Ids, keys and strata of the frozen frame, by the bytes of the key, some ten thousand cases at a time."""
    rows = db.session.execute(
        select(FrameCase.id, FrameCase.key, FrameCase.stratum)
        .where(FrameCase.round_id == round_.id)
        .order_by(_by_bytes(FrameCase.key))
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
