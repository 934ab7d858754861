"""What recipients said about being asked: noted once, respected by every list and every link."""

from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import Actor
from qualityeval.core.callback import State
from qualityeval.core.self_service import Choice
from qualityeval.database import db
from qualityeval.models import Callback, Case, ContactChoice
from qualityeval.queries import contact_choices as queries
from qualityeval.services import audit


def note_choice(*, actor: Actor, case: Case, choice: Choice, means: str, now: datetime) -> None:
    """Keep the word of the case's recipient; the caller has asked for the right.

    With an opt-out every open callback of the same person ends as refused, whatever list it is on.
    """
    db.session.add(
        ContactChoice(
            case_id=case.id, person_index=case.recipient_phone_index, choice=choice, means=means,
            noted_by=actor.name, at=now,
        )
    )  # fmt: skip
    ended = _end_open(case) if choice is Choice.OPTED_OUT else 0
    db.session.flush()
    audit.record(
        actor, "contact.noted", now=now, object_type="case", object_id=case.public_id, choice=choice, means=means,
        ended=ended,
    )  # fmt: skip


def _end_open(case: Case) -> int:
    query = select(Callback).join(Case).where(queries.same_person(case), Callback.state == State.OPEN)
    rows = db.session.execute(query).scalars().all()
    for row in rows:
        row.state, row.dialled_at = State.REFUSED, None
    return len(rows)
