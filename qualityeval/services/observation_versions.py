"""A record that was handed in is mended by a new version of itself, with a reason; earlier ones stay and are shown."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.observation import Mode, ObservationState, Score, check_times, hour, score
from qualityeval.core.questionnaire import read_answers
from qualityeval.database import db
from qualityeval.models import Observation, ObservationVersion
from qualityeval.services import audit
from qualityeval.services.observations import (
    Record,
    check_complete,
    clean_notes,
    complain,
    form_of,
    snapshot,
)

SHORTEST, LONGEST = 4, 400


def amend(*, actor: Actor, observation: Observation, record: Record, reason: str, now: datetime) -> Score:
    """Mend a record after it was handed in: the same id, a new version, the score counted again.

    Refuses a record that isn't handed in, a reason under four characters, the same content once more, and whatever the
    first handing in would have refused. A grave answer opens a complaint as it would have then.
    """
    require(actor, Permission.OBSERVATION_WRITE, observation)
    if observation.state != ObservationState.SUBMITTED:
        raise WrongState("observation.not_submitted", msg("只有已经提交的旁听记录才用更正。"), where="state")
    because = " ".join(reason.split())
    if not SHORTEST <= len(because) <= LONGEST:
        raise InvalidInput("observation.no_reason", msg("请写明更正的理由，4 到 400 个字。"), where="reason")
    form = form_of(observation)
    before = snapshot(observation)
    answers, notes = read_answers(form, record.answers), clean_notes(form, record.notes)
    if record.hearing.mode not in set(Mode):
        raise InvalidInput("observation.mode", msg("请选择旁听方式。"), where="mode")
    arrived, left = (
        hour(record.hearing.arrived_at, where="arrived_at"),
        hour(record.hearing.left_at, where="left_at"),
    )
    check_times(arrived, left)
    result = score(form, answers)
    observation.court, observation.mode = record.hearing.court.strip()[:200], record.hearing.mode
    observation.arrived_at, observation.left_at = arrived, left
    observation.answers, observation.notes = answers, notes
    observation.score, observation.score_reason = result.total, result.reason
    check_complete(observation)
    if snapshot(observation) == before:
        raise InvalidInput("observation.same", msg("内容没有变化，不用更正。"), where="reason")
    if not _last(observation):  # handed in before versions were kept
        _add(observation, 1, observation.observer.name, "", before, observation.submitted_at or now)
    number = _last(observation) + 1
    _add(observation, number, actor.name, because, snapshot(observation), now)
    audit.record(
        actor, "observation.amended", now=now, object_type="observation", object_id=observation.public_id,
        version=number, reason=because, score=result.total,
    )  # fmt: skip
    complain(actor=actor, observation=observation, now=now)
    return result


def _last(observation: Observation) -> int:
    query = select(func.coalesce(func.max(ObservationVersion.number), 0))
    return int(
        db.session.execute(query.where(ObservationVersion.observation_id == observation.id)).scalar_one()
    )


def _add(
    observation: Observation, number: int, by: str, reason: str, record: dict[str, Any], at: datetime
) -> None:
    db.session.add(
        ObservationVersion(
            observation_id=observation.id, number=number, at=at, by=by, reason=reason, record=record
        )
    )
    db.session.flush()
