"""The drawn cases of a round as organs are asked about them, and the requests whose letters can be printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, channel_scope, scope
from qualityeval.database import db
from qualityeval.models import Case, FrameCase, OrganOpinion, Round, SampledCase

LONGEST = 200


@dataclass(frozen=True)
class Askable:
    """A drawn case, whom to ask, and why not where nobody is asked."""

    case_id: int
    organ: str
    officer: str
    left_out: str


def drawn_in(actor: Actor, round_: Round, *, now: datetime) -> list[Askable]:
    """Each drawn case of the round in the actor's subtree, once, by key."""
    standing = select(OrganOpinion.case_id).where(
        or_(
            OrganOpinion.answered_at.is_not(None),
            OrganOpinion.revoked_at.is_(None) & (OrganOpinion.expires_at > now),
        )
    )
    rows = db.session.execute(
        select(Case.id, Case.organ, Case.officer, Case.sealed, Case.id.in_(standing))
        .join(FrameCase, FrameCase.case_id == Case.id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id, scope.cases(actor, Permission.OPINION_ASK))
        .order_by(FrameCase.key)
    )
    return [
        Askable(
            case_id, organ[:LONGEST], officer[:LONGEST],
            "asked" if asked else "sealed" if sealed else "" if organ.strip() else "no_organ",
        )
        for case_id, organ, officer, sealed, asked in rows
    ]  # fmt: skip


def waiting_letters(actor: Actor, *, now: datetime, round_: Round | None = None) -> list[str]:
    """Public ids of requests by link that nobody has opened and that still live, by organ and case; of one round where
    it is given.
    """
    query = (
        select(OrganOpinion.public_id)
        .join(Case, OrganOpinion.case_id == Case.id)
        .where(
            channel_scope.opinions(actor), OrganOpinion.token_hash.is_not(None), OrganOpinion.expires_at > now,
            OrganOpinion.revoked_at.is_(None), OrganOpinion.answered_at.is_(None),
        )
        .order_by(OrganOpinion.organ, Case.number, OrganOpinion.id)
    )  # fmt: skip
    if round_ is not None:
        drawn = (
            select(FrameCase.case_id)
            .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
            .where(SampledCase.round_id == round_.id)
        )
        query = query.where(OrganOpinion.case_id.in_(drawn))
    return list(db.session.execute(query).scalars())


def letters_for(actor: Actor, ids: Sequence[str]) -> Sequence[OrganOpinion]:
    """The requests of these ids (of `waiting_letters`, a part at most) with what a letter says, by organ and case."""
    query = (
        select(OrganOpinion)
        .join(Case, OrganOpinion.case_id == Case.id)
        .where(channel_scope.opinions(actor), OrganOpinion.public_id.in_(ids))
        .options(
            joinedload(OrganOpinion.case).joinedload(Case.institution),
            joinedload(OrganOpinion.case).joinedload(Case.practitioner),
        )
        .order_by(OrganOpinion.organ, Case.number, OrganOpinion.id)
    )
    return db.session.execute(query).scalars().all()
