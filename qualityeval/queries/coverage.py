"""How much of each channel was done, by institution: drawn, observed, asked, called back, with both figures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

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
    closed = and_(
        scope.cases(actor, Permission.CHANNELS_READ), Case.closed_on.between(period.first, period.last)
    )
    counts = {
        "closed": _count(closed), "drawn": _count(closed, _was_drawn()),
        "organ": _count(closed, _has_organ()), "asked": _count(closed, _was_asked()),
        "replied": _count(closed, _was_asked(OrganOpinion.answered_at.is_not(None))),
        "sealed": _count(closed, Case.sealed.is_(True), ~_was_called()),
        "no_phone": _count(closed, Case.sealed.is_(False), Case.recipient_phone_index.is_(None), ~_was_called()),
        "called": _count(closed, _was_called()), "dialled": _count(closed, _was_dialled()),
        "reached": _count(closed, _was_dialled("reached", "refused", "rescheduled")),
    }  # fmt: skip
    counts |= _hearings(actor, period)
    shut = _shut(actor, period)
    places = sorted({code for part in counts.values() for code in part})
    rows_of_names = db.session.execute(
        select(Institution.code, Institution.name).where(Institution.code.in_(places))
    )
    names = {code: name for code, name in rows_of_names}  # noqa: C416 -- rows, typed
    rows = [_row(code, names[code], counts, shut.get(code, Counter())) for code in places]
    return rows, _together(rows)


def _row(code: str, name: str, counts: Mapping[str, Mapping[str, int]], shut: Mapping[str, int]) -> Channels:
    def of(what: str) -> int:
        return counts[what].get(code, 0)

    statutory, open_hearings = hearing_rates(heard=of("heard"), observed=of("observed"), closed=shut)
    sealed, no_phone = of("sealed"), of("no_phone")
    left_out = {reason: count for reason, count in ((SEALED, sealed), (NO_PHONE, no_phone)) if count}
    without = of("closed") - of("organ")
    return Channels(
        code, name, Rate(of("drawn"), of("closed")), statutory, open_hearings,
        Rate(of("asked"), of("organ"), {NO_ORGAN: without} if without else {}),
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


def _count(*conditions: ColumnElement[bool]) -> dict[str, int]:
    """Cases by the code of their institution."""
    query = (
        select(Institution.code, func.count())
        .join(Case, Case.institution_id == Institution.id)
        .where(*conditions)
        .group_by(Institution.code)
    )
    return {code: count for code, count in db.session.execute(query)}  # noqa: C416 -- rows, typed


def _some(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the case of the query around it has a row that meets the conditions."""
    return exists().where(*conditions).correlate(Case)


def _was_drawn() -> ColumnElement[bool]:
    return _some(
        SampledCase.frame_case_id == FrameCase.id,
        FrameCase.case_id == Case.id,
        FrameCase.round_id == Round.id,
        Round.state.not_in(NOT_DRAWN),
        ~exists().where(TargetedTrack.track_id == Round.id),
    )


def _has_organ() -> ColumnElement[bool]:
    return or_(Case.organ != "", _was_asked())


def _was_asked(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    standing = OrganOpinion.revoked_at.is_(None) | OrganOpinion.answered_at.is_not(None)
    return _some(OrganOpinion.case_id == Case.id, standing, *more)


def _was_called() -> ColumnElement[bool]:
    """Called at least once, or answered by another means."""
    dialled = exists().where(CallAttempt.callback_id == Callback.id).correlate(Callback)
    return _some(Callback.case_id == Case.id, or_(Callback.state == State.DONE, dialled))


def _was_dialled(*outcomes: str) -> ColumnElement[bool]:
    condition = [CallAttempt.outcome.in_(outcomes)] if outcomes else []
    return _some(Callback.case_id == Case.id, CallAttempt.callback_id == Callback.id, *condition)


def _heard(actor: Actor, period: Period) -> ColumnElement[bool]:
    """A hearing in the period, by the register or by an observer's record."""
    return and_(
        scope.cases(actor, Permission.CHANNELS_READ),
        or_(Case.hearing_held.is_(None), Case.hearing_held.is_(True), _was_observed(period)),
        or_(
            Case.hearing_on.between(period.first, period.last), _was_observed(period),
            and_(
                Case.hearing_held.is_(True), Case.hearing_on.is_(None),
                Case.closed_on.between(period.first, period.last),
            ),
        ),
    )  # fmt: skip


def _was_observed(period: Period, *states: str) -> ColumnElement[bool]:
    states = states or (ObservationState.SUBMITTED, ObservationState.CLOSED_HEARING)
    return _some(
        Observation.case_id == Case.id,
        Observation.state.in_(states),
        Observation.hearing_on.between(period.first, period.last),
    )


def _hearings(actor: Actor, period: Period) -> dict[str, dict[str, int]]:
    heard = _heard(actor, period)
    return {
        "heard": _count(heard), "observed": _count(heard, _was_observed(period, ObservationState.SUBMITTED))
    }  # fmt: skip


def _shut(actor: Actor, period: Period) -> dict[str, Counter[str]]:
    """Cases whose hearing was found closed to the public and of which no hearing was observed, by reason."""
    query = (
        select(Institution.code, Case.id, func.min(Observation.closed_reason))
        .join(Case, Case.institution_id == Institution.id)
        .join(Observation, Observation.case_id == Case.id)
        .where(
            _heard(actor, period),
            Observation.state == ObservationState.CLOSED_HEARING,
            Observation.hearing_on.between(period.first, period.last),
            ~_was_observed(period, ObservationState.SUBMITTED),
        )
        .group_by(Institution.code, Case.id)
    )
    found: dict[str, Counter[str]] = {}
    for code, _case, reason in db.session.execute(query):
        found.setdefault(code, Counter())[reason] += 1
    return found
