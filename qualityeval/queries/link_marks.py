"""Recipients' answers by link that may be of another's hand, for the manager's second look."""

from collections import defaultdict

from sqlalchemy import select

from qualityeval.authz import Actor, channel_scope
from qualityeval.core.link_marks import Answered, Mark, marks
from qualityeval.core.self_service import LinkEnd
from qualityeval.database import db
from qualityeval.models import Callback, Case, FrameCase, PractitionerLink, RecipientLink, SampledCase


def marks_for(actor: Actor) -> dict[str, tuple[Mark, ...]]:
    """By the link's public id what looks odd about its answer; links without a mark are left out."""
    rows = db.session.execute(
        select(
            RecipientLink.public_id, Case.practitioner_id, RecipientLink.from_address, RecipientLink.from_device,
            Case.recipient_phone_index, Case.recipient_id_index, Case.recipient_name,
        )
        .join(Callback, RecipientLink.callback_id == Callback.id)
        .join(Case, Callback.case_id == Case.id)
        .where(channel_scope.callbacks(actor), RecipientLink.ended == LinkEnd.ANSWERED)
    ).all()  # fmt: skip
    answered = [Answered(*row[:5], person=row[5] or row[6]) for row in rows]
    return marks(answered, _own({one.practitioner for one in answered if one.practitioner is not None}))


def _own(practitioners: set[int]) -> dict[int, set[str]]:
    """From where these practitioners opened links about their own cases."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = db.session.execute(
        select(Case.practitioner_id, PractitionerLink.from_address, PractitionerLink.from_device)
        .join(SampledCase, PractitionerLink.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .where(Case.practitioner_id.in_(practitioners), PractitionerLink.opened_at.is_not(None))
    )
    for who, *places in rows:
        if who is not None:
            found[who].update(place for place in places if place)
    return found
