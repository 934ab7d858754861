"""Pairs of experts to decide on, and watch lists, as pages show them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from qualityeval.authz import Actor, Permission, scope
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import (
    Account,
    Case,
    Expert,
    ExpertApplication,
    ExpertCall,
    IdentityProposal,
    Institution,
    Practitioner,
    WatchProposal,
)

MOST = 200


@dataclass(frozen=True)
class Person:
    """One side of a pair."""

    public_id: str
    code: str
    name: str
    provider: str


@dataclass(frozen=True)
class PairRow:
    """Two entries that may be one person."""

    public_id: str
    first: Person
    second: Person
    ground: str
    state: str
    reason: str
    decided_by: str


@dataclass(frozen=True)
class WatchRow:
    """A proposal with its people; `mine` says that the actor made it."""

    public_id: str
    name: str
    code: str
    is_expert: bool
    act: str
    reason: str
    state: str
    proposed_by: str
    proposed_at: datetime
    decision: str
    mine: bool


def _near(actor: Actor) -> ColumnElement[bool]:
    return IdentityProposal.expert_id.in_(select(Expert.id).where(scope.experts(actor)))


def _watched_by(actor: Actor) -> ColumnElement[bool]:
    """Proposals about the actor's experts and practitioners."""
    mine = exists().where(Case.practitioner_id == WatchProposal.practitioner_id, scope.cases(actor))
    return WatchProposal.expert_id.in_(select(Expert.id).where(scope.experts(actor))) | mine


def pairs(actor: Actor) -> list[PairRow]:
    """The pairs of the actor's pool, open ones first, the latest of the others."""
    one, other = aliased(Expert), aliased(Expert)
    rows = db.session.execute(
        select(
            IdentityProposal, one.public_id, one.code, one.name, one.provider,
            other.public_id, other.code, other.name, other.provider,
        )
        .join(one, IdentityProposal.expert_id == one.id)
        .join(other, IdentityProposal.other_id == other.id)
        .where(_near(actor))
        .order_by(IdentityProposal.state != "open", IdentityProposal.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [
        PairRow(
            it.public_id, Person(*who[:4]), Person(*who[4:]), it.ground, it.state, it.reason, it.decided_by
        )
        for it, *who in rows
    ]


def pair_for(actor: Actor, public_id: str) -> IdentityProposal:
    """A pair of the actor's pool; NotFound outside it."""
    query = select(IdentityProposal).where(_near(actor), IdentityProposal.public_id == public_id)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(where="proposal")
    return found


def waiting(actor: Actor) -> tuple[int, int, int]:
    """What a manager still has to decide: applications, likely doubles, proposals that somebody else made."""
    mine = select(Institution.id).where(scope.institutions(actor, Permission.EXPERTS_MANAGE))
    calls = select(ExpertCall.id).where(ExpertCall.institution_id.in_(mine))
    asked = (
        select(func.count()).where(ExpertApplication.state == "sent", ExpertApplication.call_id.in_(calls)),
        select(func.count()).where(IdentityProposal.state == "open", _near(actor)),
        select(func.count()).where(
            WatchProposal.state == "open",
            WatchProposal.proposed_by_id != actor.account_id,
            _watched_by(actor),
        ),
    )
    applications, pairs_open, proposals = db.session.execute(
        select(*(one.scalar_subquery() for one in asked))
    ).one()
    return int(applications), int(pairs_open), int(proposals)


def watched(actor: Actor) -> list[WatchRow]:
    """Proposals about the actor's experts and practitioners, open ones first."""
    rows = db.session.execute(
        select(WatchProposal, Expert.name, Expert.code, Practitioner.name, Practitioner.licence, Account.name)
        .outerjoin(Expert, WatchProposal.expert_id == Expert.id)
        .outerjoin(Practitioner, WatchProposal.practitioner_id == Practitioner.id)
        .join(Account, WatchProposal.proposed_by_id == Account.id)
        .where(_watched_by(actor))
        .order_by(WatchProposal.state != "open", WatchProposal.id.desc())
        .limit(MOST)
    )
    return [
        WatchRow(
            it.public_id, expert or person or "", code or licence or "", it.expert_id is not None, it.act, it.reason,
            it.state, by, it.proposed_at, it.decision, it.proposed_by_id == actor.account_id,
        )
        for it, expert, code, person, licence, by in rows
    ]  # fmt: skip
