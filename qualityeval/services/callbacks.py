"""Callbacks: a number shown when it is dialled, the outcome of every call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from qualityeval.adapters.form_files import shipped_form
from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core.callback import Outcome, State, after, check_dialling, resting_until
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.follow_up import FollowUpSource
from qualityeval.core.questionnaire import Questionnaire, read_answers
from qualityeval.core.self_service import Choice, check_speaker, is_minor
from qualityeval.database import db
from qualityeval.models import CallAttempt, Callback
from qualityeval.services import audit, campaigns, follow_ups
from qualityeval.services.contact_choices import note_choice
from qualityeval.words.moments import OFFICE

TRY_AGAIN = timedelta(hours=2)
LATEST = timedelta(days=60)


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
        campaigns.note_answer(actor=actor, callback=callback, now=now)
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
