"""What happened to a round, and who typed its public value: for its page and its certificate."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.database import db
from qualityeval.models import Account, AuditEvent, Case, Draw, Institution, Round
from qualityeval.queries import rounds
from qualityeval.queries.trails import TrailRow, trail


@dataclass(frozen=True)
class Typist:
    """An account whose typing stands, without what was typed."""

    name: str
    who: str
    typed_at: datetime


def body_of(actor: Actor) -> Institution:
    """The actor's own body, which will own the rounds that they write."""
    return db.session.get_one(Institution, actor.institution_id)


def register_size(actor: Actor) -> int:
    """How many cases the actor's subtree has registered."""
    query = select(func.count()).select_from(Case).where(scope.cases(actor))
    return int(db.session.execute(query).scalar_one())


def places_of(actor: Actor, fields: Sequence[str]) -> dict[str, str]:
    """Names of the institutions in the actor's subtree by code, where strata are by institution."""
    if "institution" not in fields:
        return {}
    rows = db.session.execute(select(Institution.code, Institution.name).where(scope.institutions(actor)))
    return dict(rows.all())


def trail_of(actor: Actor, round_: Round, *, limit: int = 100) -> list[TrailRow]:
    """The round's events, the latest first."""
    require(actor, Permission.ROUND_READ, round_)
    return trail(AuditEvent.object_type == "round", AuditEvent.object_id == round_.code, limit=limit)


def typists_of(actor: Actor, round_: Round) -> list[Typist]:
    """Whose typing waits for the second one."""
    require(actor, Permission.ROUND_READ, round_)
    typings = rounds.open_typings(round_)
    shown = _display_names([one.actor for one in typings])
    return [Typist(one.actor, shown.get(one.actor, one.actor), one.typed_at) for one in typings]


def typed_by(actor: Actor, round_: Round) -> list[str]:
    """The people whose typings made the seed, in order; one name where the machine threw."""
    require(actor, Permission.ROUND_READ, round_)
    fixing = (
        select(AuditEvent.detail)
        .where(
            AuditEvent.object_type == "round", AuditEvent.object_id == round_.code,
            AuditEvent.action == "seed.fixed",
        )
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    )  # fmt: skip
    detail = db.session.execute(fixing).scalar_one_or_none()
    names = [str(name) for name in json.loads(detail or "{}").get("typed_by", [])]
    shown = _display_names(names)
    return [shown.get(name, name) for name in names]


def drawn_by(draw: Draw) -> str:
    """Who pressed for the draw; empty for the command line."""
    if draw.account_id is None:
        return ""
    return db.session.execute(select(Account.display_name).where(Account.id == draw.account_id)).scalar_one()


def _display_names(names: list[str]) -> dict[str, str]:
    rows = db.session.execute(select(Account.name, Account.display_name).where(Account.name.in_(names)))
    return dict(rows.all())
