"""Calls for experts as pages show them: the open ones to everybody, all of the own subtree to its managers."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import ExpertApplication, ExpertCall, Institution

MOST = 200


@dataclass(frozen=True)
class CallRow:
    """A call; `waiting` and `all` count its applications."""

    public_id: str
    title: str
    terms: str
    place: str
    opens_on: date
    closes_on: date
    waiting: int = 0
    all: int = 0


def open_calls(today: date) -> list[CallRow]:
    """Calls that may be answered today, those that end first in front; for everybody."""
    rows = db.session.execute(
        select(
            ExpertCall.public_id, ExpertCall.title, ExpertCall.terms, Institution.name, ExpertCall.opens_on,
            ExpertCall.closes_on,
        )
        .join(Institution, ExpertCall.institution_id == Institution.id)
        .where(ExpertCall.opens_on <= today, ExpertCall.closes_on >= today)
        .order_by(ExpertCall.closes_on, ExpertCall.id)
        .limit(MOST)
    )  # fmt: skip
    return [CallRow(*row) for row in rows]


def open_call(public_id: str, today: date) -> ExpertCall:
    """An open call; NotFound otherwise."""
    found = db.session.execute(
        select(ExpertCall).where(
            ExpertCall.public_id == public_id, ExpertCall.opens_on <= today, ExpertCall.closes_on >= today
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(where="call")
    return found


def calls_for(actor: Actor) -> list[CallRow]:
    """The calls of the actor's subtree, the latest first."""
    require(actor, Permission.EXPERTS_MANAGE)
    rows = db.session.execute(
        select(
            ExpertCall.public_id, ExpertCall.title, ExpertCall.terms, Institution.name, ExpertCall.opens_on,
            ExpertCall.closes_on, func.count(ExpertApplication.id).filter(ExpertApplication.state == "sent"),
            func.count(ExpertApplication.id),
        )
        .join(Institution, ExpertCall.institution_id == Institution.id)
        .outerjoin(ExpertApplication, ExpertApplication.call_id == ExpertCall.id)
        .where(scope.institutions(actor, Permission.EXPERTS_MANAGE))
        .group_by(ExpertCall.id, Institution.name)
        .order_by(ExpertCall.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [CallRow(*row) for row in rows]


def applications_for(
    actor: Actor, *, state: str = "", limit: int = 50, offset: int = 0
) -> list[ExpertApplication]:
    """Applications to these calls, those that wait in front."""
    require(actor, Permission.EXPERTS_MANAGE)
    query = _applications(actor, state).order_by(
        ExpertApplication.state != "sent", ExpertApplication.sent_at, ExpertApplication.id
    )
    return list(db.session.execute(query.limit(limit).offset(offset)).scalars())


def count_for(actor: Actor, *, state: str = "") -> int:
    """How many there are."""
    ids = _applications(actor, state).with_only_columns(ExpertApplication.id).subquery()
    return int(db.session.execute(select(func.count()).select_from(ids)).scalar_one())


def _applications(actor: Actor, state: str) -> Select[ExpertApplication]:
    query = (
        select(ExpertApplication)
        .join(ExpertCall, ExpertApplication.call_id == ExpertCall.id)
        .join(Institution, ExpertCall.institution_id == Institution.id)
        .where(scope.institutions(actor, Permission.EXPERTS_MANAGE))
    )
    return query.where(ExpertApplication.state == state) if state else query
