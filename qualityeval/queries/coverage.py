"""How much of each channel was done, by institution: drawn, observed, asked, called back, with both figures."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Executable, Subquery, and_, case, exists, func, or_, select, true

from qualityeval.authz import Actor, Permission, scope
from qualityeval.core.callback import State
from qualityeval.core.coverage import Rate, hearing_rates, total
from qualityeval.core.observation import ObservationState
from qualityeval.database import db
from qualityeval.models import (
    CallAttempt,
    Callback,
    Case,
    FrameCase,
    Institution,
    Observation,
    OrganOpinion,
    Round,
    SampledCase,
    TargetedTrack,
)

NOT_DRAWN = ("draft", "frozen", "withdrawn")
ANSWERED = ("reached", "refused", "rescheduled")
Counts = Counter[tuple[int, str]]  # by an institution's number and what is counted
NO_ORGAN, SEALED, NO_PHONE = "no_organ", "sealed", "no_phone"


@dataclass(frozen=True)
class Channels:
    """The rates of one institution, or of all together (then without code)."""

    code: str
    name: str
    drawn: Rate
    observed: Rate
    observed_open: Rate
    asked: Rate
    replied: Rate
    called: Rate
    reached: Rate


@dataclass(frozen=True)
class Period:
    """The days whose closed (for hearings: heard) cases are looked at, both ends included."""

    first: date
    last: date


def coverage_for(actor: Actor, period: Period) -> tuple[list[Channels], Channels]:
    """Each institution of the subtree that has cases in the period, by code; and all together.

    Drawn, asked and called back are over cases closed in the period; observed over cases heard in it. A case
    counts once however often it was drawn or observed. Not eligible: for a question to the organ cases without
    an organ, for a callback sealed cases and those without a phone (unless the recipient was asked all the same).
    """
    mine = scope.cases(actor, Permission.CHANNELS_READ)
    counts = _register(mine, period)
    for part in (_drawn(mine, period), _opinions(mine, period), _callbacks(mine, period)):
        counts.update(part)
    shut: dict[int, Counter[str]] = defaultdict(Counter)
    for place, submitted, reason, known, count in _observed(mine, period):
        counts[place, "heard"] += 0 if known else count
        if submitted:
            counts[place, "observed"] += count
        else:
            shut[place][reason] += count
    places = {place for (place, _what), count in counts.items() if count}
    names = db.session.execute(select(Institution.id, Institution.code, Institution.name))
    rows = sorted(
        (_row(code, name, id_, counts, shut[id_]) for id_, code, name in names if id_ in places),
        key=lambda row: row.code,
    )
    return rows, _together(rows)


def _row(code: str, name: str, place: int, counts: Counts, shut: Mapping[str, int]) -> Channels:
    def of(what: str) -> int:
        return counts[place, what]

    statutory, open_hearings = hearing_rates(heard=of("heard"), observed=of("observed"), closed=shut)
    sealed, no_phone = of("sealed") - of("sealed_called"), of("no_phone") - of("no_phone_called")
    left_out = {reason: count for reason, count in ((SEALED, sealed), (NO_PHONE, no_phone)) if count}
    without = of("no_organ") - of("no_organ_asked")
    return Channels(
        code, name, Rate(of("drawn"), of("closed")), statutory, open_hearings,
        Rate(of("asked"), of("closed") - without, {NO_ORGAN: without} if without else {}),
        Rate(of("replied"), of("asked")),
        Rate(of("called"), of("closed") - sealed - no_phone, left_out),
        Rate(of("reached"), of("dialled")),
    )  # fmt: skip


def _together(rows: list[Channels]) -> Channels:
    return Channels(
        "", "",
        *(
            total(getattr(row, name) for row in rows)
            for name in ("drawn", "observed", "observed_open", "asked", "replied", "called", "reached")
        ),
    )  # fmt: skip


def _sums(conditions: Mapping[str, ColumnElement[bool]]) -> list[ColumnElement[int]]:
    """For each name, in how many of the cases the condition holds."""
    return [func.sum(case((condition, 1), else_=0)).label(name) for name, condition in conditions.items()]


def _counted(query: Executable) -> Counts:
    """Rows of an institution's number and named counts, as one table."""
    found: Counts = Counter()
    for row in db.session.execute(query).mappings():
        found.update({(row["place"], name): row[name] for name in row if name != "place"})
    return found


def _register(mine: ColumnElement[bool], period: Period) -> Counts:
    """What the cases themselves say, in one pass."""
    closed = _closed(period)
    conditions = {
        "closed": closed, "no_organ": closed & (Case.organ == ""), "sealed": closed & Case.sealed.is_(True),
        "no_phone": closed & _no_phone(), "heard": _heard(period),
    }  # fmt: skip
    query = select(Case.institution_id.label("place"), *_sums(conditions))
    return _counted(query.where(mine, or_(*conditions.values())).group_by(Case.institution_id))


def _closed(period: Period) -> ColumnElement[bool]:
    return Case.closed_on.between(period.first, period.last)


def _no_phone() -> ColumnElement[bool]:
    return and_(Case.sealed.is_(False), Case.recipient_phone_index.is_(None))


def _heard(period: Period) -> ColumnElement[bool]:
    """A hearing in the period by the register; a case observed in the period counts as heard whatever this says."""
    return and_(
        or_(Case.hearing_held.is_(None), Case.hearing_held.is_(True)),
        or_(
            Case.hearing_on.between(period.first, period.last),
            and_(Case.hearing_held.is_(True), Case.hearing_on.is_(None), _closed(period)),
        ),
    )


def _drawn(mine: ColumnElement[bool], period: Period) -> Counts:
    """Cases drawn in a round that stands, targeted files left out."""
    return _counted(
        select(Case.institution_id.label("place"), func.count(Case.id.distinct()).label("drawn"))
        .join(FrameCase, FrameCase.case_id == Case.id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Round, SampledCase.round_id == Round.id)
        .where(
            mine, _closed(period), Round.state.not_in(NOT_DRAWN),
            ~exists().where(TargetedTrack.track_id == Round.id),
        )
        .group_by(Case.institution_id)
    )  # fmt: skip


def _opinions(mine: ColumnElement[bool], period: Period) -> Counts:
    """Cases whose organ was asked and those of which it answered; a withdrawn question without an answer is none."""
    answered = OrganOpinion.answered_at.is_not(None)
    asked = (
        select(OrganOpinion.case_id, *_sums({"answers": answered}))
        .where(OrganOpinion.revoked_at.is_(None) | answered)
        .group_by(OrganOpinion.case_id)
        .subquery()
    )
    conditions = {"asked": true(), "replied": asked.c.answers > 0, "no_organ_asked": Case.organ == ""}
    return _of_cases(asked, conditions, mine, period)


def _callbacks(mine: ColumnElement[bool], period: Period) -> Counts:
    """Cases called at least once, or answered by another means; those dialled, and those where somebody answered."""
    conditions = {
        "done": Callback.state == State.DONE, "dialled": CallAttempt.id.is_not(None),
        "answered": CallAttempt.outcome.in_(ANSWERED),
    }  # fmt: skip
    calls = (
        select(Callback.case_id, *_sums(conditions))
        .outerjoin(CallAttempt, CallAttempt.callback_id == Callback.id)
        .group_by(Callback.case_id)
        .subquery()
    )
    called = or_(calls.c.done > 0, calls.c.dialled > 0)
    return _of_cases(
        calls,
        {
            "called": called, "dialled": calls.c.dialled > 0, "reached": calls.c.answered > 0,
            "sealed_called": called & Case.sealed.is_(True), "no_phone_called": called & _no_phone(),
        },
        mine, period,
    )  # fmt: skip


def _of_cases(
    found: Subquery, conditions: Mapping[str, ColumnElement[bool]], mine: ColumnElement[bool], period: Period
) -> Counts:
    """How many of these closed cases meet each condition, by institution."""
    return _counted(
        select(Case.institution_id.label("place"), *_sums(conditions))
        .join(found, found.c.case_id == Case.id)
        .where(mine, _closed(period))
        .group_by(Case.institution_id)
    )


def _observed(mine: ColumnElement[bool], period: Period) -> Iterable[Any]:
    """Cases by institution, whether their hearing was observed or only found closed and why, and whether the register
    knows of it.
    """
    submitted = Observation.state == ObservationState.SUBMITTED
    seen = (
        select(
            Observation.case_id,
            *_sums({"submitted": submitted}),
            func.min(Observation.closed_reason).label("reason"),
        )
        .where(
            Observation.state.in_((ObservationState.SUBMITTED, ObservationState.CLOSED_HEARING)),
            Observation.hearing_on.between(period.first, period.last),
        )
        .group_by(Observation.case_id)
        .subquery()
    )
    alike = (
        select(
            Case.institution_id.label("place"), (seen.c.submitted > 0).label("submitted"), seen.c.reason,
            _heard(period).label("known"),
        )
        .join(seen, seen.c.case_id == Case.id)
        .where(mine)
        .subquery()
    )  # fmt: skip
    return db.session.execute(select(*alike.c, func.count()).group_by(*alike.c))
