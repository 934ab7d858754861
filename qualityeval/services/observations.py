"""Hearing observations: sent, filled in on the way, handed in once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from qualityeval.adapters.form_files import OBSERVATION, shipped_form
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.follow_up import FollowUpSource
from qualityeval.core.observation import (
    ClosedReason,
    Mode,
    ObservationState,
    Score,
    check_times,
    hour,
    require_open,
    score,
)
from qualityeval.core.questionnaire import Questionnaire, read_answers
from qualityeval.core.recusal import REASONS
from qualityeval.database import db
from qualityeval.models import Account, Case, Observation, ObservationVersion
from qualityeval.queries import hearings
from qualityeval.services import audit, follow_ups

LONGEST_NOTE = 400
LOW = "poor"


@dataclass(frozen=True)
class Hearing:
    """What is noted of the hearing itself, as it was typed."""

    court: str = ""
    mode: str = Mode.ON_SITE
    arrived_at: str = ""
    left_at: str = ""


@dataclass(frozen=True)
class Record:
    """A whole record as one page or a phone without network kept it."""

    hearing: Hearing
    answers: Mapping[str, str]
    notes: Mapping[str, str]


def form_of(observation: Observation) -> Questionnaire:
    """The form version that the record was begun with."""
    return shipped_form(observation.form)


def plan_observation(
    *, actor: Actor, case: Case, observer: Account, hearing_on: date, court: str, now: datetime
) -> Observation:
    """Send an observer to a hearing of a case of the own subtree; the same hearing only once, nobody who is recused."""
    require(actor, Permission.OBSERVATION_PLAN, case)
    if observer.role != Role.OBSERVER or not observer.active:
        raise InvalidInput("observation.observer", msg("请选择一位旁听员。"), where="observer")
    twice = select(Observation.id).where(
        Observation.case_id == case.id,
        Observation.observer_id == observer.id,
        Observation.hearing_on == hearing_on,
    )
    if db.session.execute(twice).first():
        raise InvalidInput("exists", msg("这位旁听员已经安排了这次庭审。"), where="observer")
    if why := hearings.recused(observer, case):
        raise InvalidInput(
            "observation.recused",
            msg("这位旁听员应当回避这件案件：%(why)s。"),
            where="observer",
            why=REASONS[why[0]],
        )
    row = Observation(
        case_id=case.id, observer_id=observer.id, form=OBSERVATION, hearing_on=hearing_on,
        court=court.strip()[:200] or case.organ, planned_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _log(actor, "observation.planned", row, now, case=case.public_id, observer=observer.name)
    return row


def note_hearing(*, actor: Actor, observation: Observation, hearing: Hearing, now: datetime) -> None:
    """Keep court, mode, arrival and departure. Refuses times that can't be read or stand the wrong way round."""
    _require_own(actor, observation)
    if hearing.mode not in set(Mode):
        raise InvalidInput("observation.mode", msg("请选择旁听方式。"), where="mode")
    arrived, left = hour(hearing.arrived_at, where="arrived_at"), hour(hearing.left_at, where="left_at")
    check_times(arrived, left)
    observation.court, observation.mode = hearing.court.strip()[:200], hearing.mode
    observation.arrived_at, observation.left_at = arrived, left
    _log(actor, "observation.saved", observation, now, part="hearing")


def answer_question(
    *, actor: Actor, observation: Observation, question: str, answer: str, note: str = "", now: datetime
) -> None:
    """Keep one answer and its note; an empty answer takes it back. Answers that it skips are dropped."""
    _require_own(actor, observation)
    _check_note(question, note)
    form = form_of(observation)
    observation.answers = read_answers(form, {**observation.answers, question: answer}, complete=False)
    notes = {**observation.notes, question: note.strip()}
    observation.notes = {code: text for code, text in notes.items() if text}
    _log(actor, "observation.saved", observation, now, part=question)


def submit_observation(*, actor: Actor, observation: Observation, now: datetime) -> Score:
    """Hand the record in, for good. Refuses missing answers, missing times, a 差 without its note."""
    _require_own(actor, observation)
    form = form_of(observation)
    observation.answers = answers = read_answers(form, observation.answers)
    check_complete(observation)
    result = score(form, answers)
    observation.score, observation.score_reason = result.total, result.reason
    observation.state, observation.submitted_at = ObservationState.SUBMITTED, now
    db.session.flush()
    db.session.add(
        ObservationVersion(
            observation_id=observation.id, number=1, at=now, by=actor.name, record=snapshot(observation)
        )
    )
    _log(
        actor, "observation.submitted", observation, now, score=result.total, reason=result.reason,
        alarms=list(form.alarms(answers)),
    )  # fmt: skip
    complain(actor=actor, observation=observation, now=now)
    return result


def snapshot(observation: Observation) -> dict[str, Any]:
    """All that a version keeps."""
    times = [f"{one:%H:%M}" if one else "" for one in (observation.arrived_at, observation.left_at)]
    return {
        "court": observation.court, "mode": observation.mode, "arrived_at": times[0], "left_at": times[1],
        "answers": dict(observation.answers), "notes": dict(observation.notes), "score": observation.score,
        "score_reason": observation.score_reason,
    }  # fmt: skip


def check_complete(observation: Observation) -> None:
    """Refuse a record without its times (where somebody was there), or with a 差 that says nothing."""
    if observation.mode == Mode.ON_SITE and (observation.arrived_at is None or observation.left_at is None):
        raise InvalidInput("observation.times", msg("请填写到达和离开的时间。"), where="arrived_at")
    for code, chosen in observation.answers.items():
        if chosen == LOW and not observation.notes.get(code):
            raise InvalidInput("observation.why", msg("评“差”的题目请写一句说明。"), where=code)


def complain(*, actor: Actor, observation: Observation, now: datetime) -> None:
    """A complaint where the record tells of something grave, for the observer's body."""
    follow_ups.open_complaint(
        actor=actor, source=FollowUpSource.OBSERVATION, source_key=observation.public_id, case=observation.case,
        institution_id=observation.observer.institution_id or observation.case.institution_id,
        form=form_of(observation), answers=observation.answers, now=now,
    )  # fmt: skip


def clean_notes(form: Questionnaire, notes: Mapping[str, str]) -> dict[str, str]:
    """Notes that say anything, of questions that the form has; refuses one beyond 400 characters."""
    kept = {code: text.strip() for code, text in notes.items() if text.strip() and code in form.by_code}
    for code, text in kept.items():
        _check_note(code, text)
    return kept


def record_whole(*, actor: Actor, observation: Observation, record: Record, now: datetime) -> Score:
    """Take a whole record at once and hand it in; all of it or nothing.

    A phone that lost the answer sends again: the same record a second time changes nothing and is confirmed.
    Another one after the first is refused as a record that is closed.
    """
    require(actor, Permission.OBSERVATION_WRITE, observation)
    form = form_of(observation)
    answers = read_answers(form, record.answers, complete=False)
    notes = {
        code: text.strip() for code, text in record.notes.items() if text.strip() and code in form.by_code
    }
    if observation.state == ObservationState.SUBMITTED and (answers, notes) == (
        observation.answers,
        observation.notes,
    ):
        return score(form, answers)
    require_open(observation.state)
    notes = clean_notes(form, notes)
    note_hearing(actor=actor, observation=observation, hearing=record.hearing, now=now)
    observation.answers, observation.notes = answers, notes
    return submit_observation(actor=actor, observation=observation, now=now)


def declare_closed(*, actor: Actor, observation: Observation, reason: str, now: datetime) -> None:
    """Say that the hearing isn't public: the case leaves the open-hearing rate's denominator, with the reason."""
    _require_own(actor, observation)
    if reason not in set(ClosedReason):
        raise InvalidInput("observation.closed", msg("请选择不公开审理的理由。"), where="reason")
    observation.state, observation.closed_reason = ObservationState.CLOSED_HEARING, reason
    observation.submitted_at = now
    _log(actor, "observation.closed_hearing", observation, now, reason=reason)


def _check_note(question: str, note: str) -> None:
    if len(note) > LONGEST_NOTE:
        raise InvalidInput("observation.note", msg("说明最多写 400 字。"), where=f"note-{question}")


def _require_own(actor: Actor, observation: Observation) -> None:
    require(actor, Permission.OBSERVATION_WRITE, observation)
    require_open(observation.state)


def _log(actor: Actor, action: str, row: Observation, now: datetime, **detail: object) -> None:
    db.session.flush()
    audit.record(actor, action, now=now, object_type="observation", object_id=row.public_id, **detail)
