"""Papers beside an objection, a review or a ticket: for those who may see the matter, and nobody else."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, channel_scope, scope
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import (
    Case,
    FollowUp,
    FrameCase,
    Objection,
    Proof,
    ReleasedReview,
    Round,
    SampledCase,
)


def of(**matter: int) -> Sequence[Proof]:
    """The papers of one matter, as `objection_id=…`; whoever calls has checked that the actor may see it."""
    query = select(Proof).filter_by(**matter).options(joinedload(Proof.file)).order_by(Proof.id)
    return db.session.execute(query).scalars().all()


def get_for(actor: Actor, public_id: str) -> Proof:
    """One paper; NotFound where the actor may not see its matter."""
    found = db.session.execute(
        select(Proof)
        .options(joinedload(Proof.file))
        .where(
            Proof.public_id == public_id,
            or_(
                Proof.follow_up_id.in_(select(FollowUp.id).where(channel_scope.follow_ups(actor))),
                Proof.objection_id.in_(_raised(actor)),
                Proof.objection_id.in_(_decided(actor, Objection)),
                Proof.released_review_id.in_(_decided(actor, ReleasedReview)),
            ),
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(where="proof")
    return found


def _raised(actor: Actor) -> Any:
    """Objections about cases of the own institution."""
    return (
        select(Objection.id)
        .join(SampledCase, Objection.sampled_case_id == SampledCase.id)
        .join(Round, SampledCase.round_id == Round.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .where(scope.evaluated_cases(actor))
    )


def _decided(actor: Actor, model: Any) -> Any:
    """Matters in rounds of the own body."""
    return (
        select(model.id)
        .join(Round, model.round_id == Round.id)
        .where(scope.rounds(actor, Permission.OBJECTION_DECIDE))
    )
