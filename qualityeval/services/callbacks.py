"""Callbacks: lists made by lot, a number shown when it is dialled, the outcome of every call."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import func, insert, select

from qualityeval.adapters.form_files import CALLBACK, shipped_form
from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core.callback import Outcome, State, after, check_dialling, resting_until
from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.follow_up import FollowUpSource
from qualityeval.core.questionnaire import Questionnaire, read_answers
from qualityeval.core.sampling import ticket
from qualityeval.core.self_service import Choice, check_speaker, is_minor
from qualityeval.database import db, new_public_id
from qualityeval.models import Account, CallAttempt, Callback
from qualityeval.queries import callbacks as queries
from qualityeval.services import audit, follow_ups
from qualityeval.services.contact_choices import note_choice
from qualityeval.words.moments import OFFICE

TRY_AGAIN = timedelta(hours=2)
LATEST = timedelta(days=60)
STRATA = frozenset({"case_type", "aid_form", "stage"})


@dataclass(frozen=True)
class Listed:
    """What came of making a list: recipients put on it, and cases left out by reason."""

    listed: int
    left_out: Mapping[str, int]


@dataclass(frozen=True)
class Ended:
    """How a call ended, as the caller noted it."""

    outcome: str
    note: str = ""
    answers: Mapping[str, str] | None = None
    again_at: datetime | None = None
    opt_out: bool = False


def form_of(callback: Callback) -> Questionnaire:
    """The form version with which the recipient is asked."""
    return shipped_form(callback.form)


def make_list(
    *, actor: Actor, closed_from: date, closed_to: date, rate: Fraction, callers: Sequence[Account], seed: str,
    now: datetime, strata: Sequence[str] = (), aid_form: str = "",
) -> Listed:  # fmt: skip
    """Put recipients of cases closed in the period on the callers' lists.

    In each stratum (institution, and the fields of `strata`) the ceil(rate·N) smallest tickets H(seed, "draw", case_key) of the N recipients who
    can be called and are on no list yet; the seed goes into the log, so that anyone may check the lot. Dealt in
    turn, in the order of their tickets.
    """
    require(actor, Permission.CALLBACK_PLAN)
    _check_list(closed_from, closed_to, rate, callers)
    if not set(strata) <= STRATA:
        raise InvalidInput("callback.strata", msg("不能按这一项分层。"), where="strata")
    found = queries.candidates_for(
        actor, closed_from=closed_from, closed_to=closed_to, aid_form=aid_form, strata=strata
    )
    left_out = Counter(one.left_out for one in found if one.left_out)
    chosen = _drawn([one for one in found if not one.left_out], rate, seed)
    if not chosen:
        raise InvalidInput("callback.nobody", msg("这一期没有可以回访的受援人。"), where="closed_from")
    start = db.session.execute(select(func.coalesce(func.max(Callback.place), 0))).scalar_one()
    rows = [
        {
            "public_id": new_public_id(), "case_id": case_id, "caller_id": callers[number % len(callers)].id,
            "form": CALLBACK, "state": State.OPEN, "means": "phone", "place": start + number + 1, "answers": {},
            "alarms": [], "listed_at": now, "version": 1,
        }
        for number, case_id in enumerate(chosen)
    ]  # fmt: skip
    db.session.execute(insert(Callback), rows)
    audit.record(
        actor, "callbacks.listed", now=now, object_type="callback", closed_from=str(closed_from),
        closed_to=str(closed_to), rate=f"{rate.numerator}/{rate.denominator}", seed=seed, listed=len(rows),
        left_out=dict(left_out), callers=[one.name for one in callers], strata=list(strata), aid_form=aid_form,
    )  # fmt: skip
    return Listed(len(rows), dict(left_out))


def _check_list(closed_from: date, closed_to: date, rate: Fraction, callers: Sequence[Account]) -> None:
    if closed_to < closed_from:
        raise InvalidInput("callback.period", msg("起止日期颠倒了，请核对。"), where="closed_to")
    if not 0 < rate <= 1:
        raise InvalidInput("callback.rate", msg("回访比例应大于 0、不超过 100%。"), where="rate")
    if not callers or any(one.role != Role.CALLER or not one.active for one in callers):
        raise InvalidInput("callback.callers", msg("请选择回访员。"), where="callers")


def _drawn(candidates: Sequence[queries.Candidate], rate: Fraction, seed: str) -> list[int]:
    """Case ids by lot, in the order of their tickets."""
    tickets: dict[str, list[tuple[str, str, int]]] = {}
    for one in candidates:
        tickets.setdefault(one.stratum, []).append((ticket(seed, one.key), one.key, one.case_id))
    chosen = []
    for part in tickets.values():
        chosen += sorted(part)[: -(-(rate.numerator * len(part)) // rate.denominator)]
    return [case_id for _ticket, _key, case_id in sorted(chosen)]


def dial(*, actor: Actor, callback: Callback, now: datetime) -> None:
    """Show the number for one call; the log says who saw whose. Refuses while another call isn't written down.

    Pressed twice it stays one. Refuses quiet hours, a third call on a day and a sixth at all.
    """
    require(actor, Permission.CALLBACK_CALL, callback)
    _require_open(callback)
    if callback.dialled_at is not None:
        return
    other = select(Callback.id).where(
        Callback.caller_id == callback.caller_id, Callback.dialled_at.is_not(None), Callback.id != callback.id
    )
    if db.session.execute(other).first():
        raise WrongState("callback.other", msg("请先写下上一通电话的结果。"), where="dial")
    if callback.not_before is not None and callback.not_before > now:
        raise WrongState("callback.early", msg("还没有到约好的时间。"), where="dial")
    check_dialling([one.at for one in callback.attempts], now.astimezone(OFFICE))
    callback.dialled_at = now
    _log(actor, "callback.dialled", callback, now)


def write_outcome(*, actor: Actor, callback: Callback, ended: Ended, now: datetime) -> State:
    """Write down how the call ended; the number is hidden again. Answers only with `reached`, and complete.

    Refuses a call that wasn't dialled here, an unknown outcome, an appointment that isn't in the next 60 days.
    """
    require(actor, Permission.CALLBACK_CALL, callback)
    _require_open(callback)
    if callback.dialled_at is None:
        raise WrongState("callback.not_dialled", msg("请先拨打，再写结果。"), where="outcome")
    if ended.outcome not in set(Outcome):
        raise InvalidInput("callback.outcome", msg("请选择本次结果。"), where="outcome")
    outcome = Outcome(ended.outcome)
    given: dict[str, Any] = {}
    if outcome is Outcome.REACHED:
        given = read_answers(form_of(callback), ended.answers or {})
        check_speaker(given, minor=_is_minor(callback, now))
    later = _later(outcome, ended.again_at, now)
    attempt = CallAttempt(
        callback_id=callback.id, number=len(callback.attempts) + 1, at=callback.dialled_at, outcome=outcome,
        note=ended.note.strip()[:400], caller=actor.name,
    )  # fmt: skip
    callback.attempts.append(attempt)
    callback.dialled_at = None
    callback.state = after(outcome, len(callback.attempts))
    if outcome is Outcome.REACHED:
        callback.answers, callback.answered_at = given, now
        callback.alarms = list(form_of(callback).alarms(given))
    open_complaint(actor=actor, callback=callback, now=now)
    rest = resting_until([one.at for one in callback.attempts], now.astimezone(OFFICE))
    callback.not_before = max(filter(None, (later, rest)), default=None)
    _log(
        actor, "callback.called", callback, now, outcome=outcome, attempt=attempt.number, state=callback.state,
        alarms=callback.alarms,
    )  # fmt: skip
    if ended.opt_out:
        note_choice(actor=actor, case=callback.case, choice=Choice.OPTED_OUT, means="phone", now=now)
        if callback.state == State.OPEN:
            callback.state = State.REFUSED
    return State(callback.state)


def _is_minor(callback: Callback, now: datetime) -> bool:
    case = callback.case
    return is_minor(case.recipient_born_on, sealed=case.sealed, today=office_date(now))


def open_complaint(*, actor: Actor, callback: Callback, now: datetime) -> None:
    """A complaint where the kept answers tell of something grave, for the body whose caller asked, else the case's."""
    place = callback.caller.institution_id if callback.caller else None
    follow_ups.open_complaint(
        actor=actor, source=FollowUpSource.CALLBACK, source_key=callback.public_id, case=callback.case,
        institution_id=place or callback.case.institution_id, form=form_of(callback), answers=callback.answers,
        now=now,
    )  # fmt: skip


def _later(outcome: Outcome, again_at: datetime | None, now: datetime) -> datetime | None:
    """When to try again: the appointment, else two hours on."""
    if outcome is not Outcome.RESCHEDULED:
        return now + TRY_AGAIN
    if again_at is None or not now < again_at <= now + LATEST:
        raise InvalidInput("callback.again", msg("请写约好的时间，在今后 60 天内。"), where="again_at")
    return again_at


def _require_open(callback: Callback) -> None:
    if callback.state != State.OPEN:
        raise WrongState("callback.closed", msg("这一位已经回访完。"), where="state")


def _log(actor: Actor, action: str, row: Callback, now: datetime, **detail: object) -> None:
    db.session.flush()
    audit.record(actor, action, now=now, object_type="callback", object_id=row.public_id, **detail)
