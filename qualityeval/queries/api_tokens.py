"""Tokens of programs: whose is it, and does it still live."""

from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import Actor
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import Account, ApiToken


def live(token_hash: str, *, now: datetime) -> ApiToken | None:
    """The token with this digest; None where it is unknown, revoked, past its day or its account is closed.

    An account that has to choose a new password first has no working token either: its access was reset.
    """
    query = (
        select(ApiToken)
        .join(ApiToken.account)
        .where(
            ApiToken.token_hash == token_hash,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            Account.active,
            Account.must_change_password.is_(False),
        )
    )
    return db.session.execute(query).scalar_one_or_none()


def own(actor: Actor) -> list[ApiToken]:
    """All that the actor ever made, the latest first."""
    query = select(ApiToken).where(ApiToken.account_id == actor.account_id).order_by(ApiToken.id.desc())
    return list(db.session.execute(query).scalars())


def get_own(actor: Actor, public_id: str) -> ApiToken:
    """One of the actor's own; NotFound for anybody else's."""
    query = select(ApiToken).where(ApiToken.public_id == public_id, ApiToken.account_id == actor.account_id)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(where="token")
    return found
