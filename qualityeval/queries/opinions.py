"""Organs' opinions: who was asked, who answered, what they said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from qualityeval.adapters.form_files import OPINION, shipped_form
from qualityeval.authz import Actor, channel_scope
from qualityeval.core.coverage import Rate
from qualityeval.core.errors import NotFound
from qualityeval.core.opinion import Dimension, OpinionState, adoption, dimensions, standing
from qualityeval.core.questionnaire import Answers
from qualityeval.database import db
from qualityeval.models import Case, Institution, OrganOpinion


@dataclass(frozen=True)
class OpinionRow:
    """One request of the list."""

    public_id: str
    number: str
    institution: str
    organ: str
    state: OpinionState
    asked_at: datetime
    expires_at: datetime
    answered_at: datetime | None


def _lines(actor: Actor, state: str, now: datetime) -> Select[Any]:
    query = select(OrganOpinion).where(channel_scope.opinions(actor))
    return query.where(_is(state, now)) if state else query


def _is(state: str, now: datetime) -> ColumnElement[bool]:
    unanswered = OrganOpinion.answered_at.is_(None)
    standing_open = unanswered & OrganOpinion.revoked_at.is_(None)
    return {
        OpinionState.ANSWERED: OrganOpinion.answered_at.is_not(None),
        OpinionState.REVOKED: unanswered & OrganOpinion.revoked_at.is_not(None),
        OpinionState.EXPIRED: standing_open & (OrganOpinion.expires_at <= now),
    }.get(OpinionState(state), standing_open & (OrganOpinion.expires_at > now))


def state_of(opinion: OrganOpinion, *, now: datetime) -> OpinionState:
    """Where the request stands at this instant."""
    return standing(
        answered_at=opinion.answered_at, revoked_at=opinion.revoked_at, expires_at=opinion.expires_at, now=now
    )


def count_for(actor: Actor, *, state: str = "", now: datetime) -> int:
    """How many requests."""
    query = _lines(actor, state, now).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def list_for(
    actor: Actor, *, state: str = "", now: datetime, limit: int = 50, offset: int = 0
) -> list[OpinionRow]:
    """Requests, the latest first."""
    query = (
        _lines(actor, state, now)
        .join(Case, OrganOpinion.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .with_only_columns(OrganOpinion, Case.number, Institution.name)
        .order_by(OrganOpinion.asked_at.desc(), OrganOpinion.id.desc())
    )
    return [
        OpinionRow(
            one.public_id, number, name, one.organ, state_of(one, now=now), one.asked_at, one.expires_at,
            one.answered_at,
        )
        for one, number, name in db.session.execute(query.limit(limit).offset(offset))
    ]  # fmt: skip


def get_for(actor: Actor, public_id: str, *, lock: bool = False) -> OrganOpinion:
    """A request about a case of the manager's subtree; others aren't there."""
    query = (
        select(OrganOpinion)
        .where(channel_scope.opinions(actor), OrganOpinion.public_id == public_id)
        .options(joinedload(OrganOpinion.case))
    )
    if lock:
        query = query.with_for_update(of=OrganOpinion).execution_options(populate_existing=True)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(where="opinion")
    return found


def reply_rate_for(actor: Actor) -> Rate:
    """回复率: cases answered among cases asked, each case once; requests that were only taken back don't count."""
    asked = (
        select(OrganOpinion.case_id, func.max(OrganOpinion.answered_at))
        .where(
            channel_scope.opinions(actor),
            OrganOpinion.revoked_at.is_(None) | OrganOpinion.answered_at.is_not(None),
        )
        .group_by(OrganOpinion.case_id)
    )
    rows = db.session.execute(asked).all()
    return Rate(sum(answered is not None for _case, answered in rows), len(rows))


def adoption_for(actor: Actor) -> Mapping[str, Rate]:
    """采纳率: how far lawyers' opinions were adopted, over all answers of the subtree that say so."""
    return adoption(_said(actor))


def dimensions_for(actor: Actor) -> tuple[Dimension, ...]:
    """Good answers a dimension, over all opinions of the subtree."""
    return dimensions(shipped_form(OPINION), _said(actor))


def _said(actor: Actor) -> Iterable[Answers]:
    rows = db.session.execute(
        select(OrganOpinion.answers).where(
            channel_scope.opinions(actor), OrganOpinion.answered_at.is_not(None)
        )
    )
    return [answers or {} for answers in rows.scalars()]
