"""Making and revoking tokens of programs; noting that one was used."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from qualityeval.authz import Actor, Permission, may, require
from qualityeval.clock import office_date
from qualityeval.core.api_access import ApiScope, token_wish
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.database import db
from qualityeval.models import ApiToken
from qualityeval.services import audit
from qualityeval.services.one_time import digest_of, new_token

NEEDS = {ApiScope.REGISTERS: Permission.REGISTER_IMPORT, ApiScope.RESULTS: Permission.RESULTS_READ}


def scopes_for(actor: Actor) -> tuple[ApiScope, ...]:
    """What a token of this actor may be made for: nothing that the account itself may not do."""
    return tuple(scope for scope, permission in NEEDS.items() if may(actor, permission))


def issue(
    *, actor: Actor, title: str, scopes: Iterable[str], days: int, now: datetime
) -> tuple[ApiToken, str]:
    """A new token of the actor's own account, and its text, which is stored nowhere.

    InvalidInput names the field: no title, no scope or one that the account may not use, a life beyond a year.
    """
    require(actor, Permission.SIGNED_IN)
    named, chosen = token_wish(title, scopes, days)
    if not set(chosen) <= set(scopes_for(actor)):
        raise InvalidInput("token.scopes", msg("这个账号自己没有这项权限，不能给令牌。"), where="scopes")
    text = new_token()
    row = ApiToken(
        account_id=actor.account_id, title=named, scopes=",".join(chosen), token_hash=digest_of(text),
        created_at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _log(actor, "api_token.issued", row, now, title=named, scopes=list(chosen), days=days)
    return row, text


def revoke(*, actor: Actor, token: ApiToken, now: datetime) -> None:
    """From now on the token opens nothing; revoking twice changes nothing."""
    require(actor, Permission.SIGNED_IN)
    if token.revoked_at is None:
        token.revoked_at = now
        _log(actor, "api_token.revoked", token, now, title=token.title)


def note_use(*, actor: Actor, token: ApiToken, now: datetime) -> None:
    """The day of the latest use, one event a day: a token that nobody uses any more can be seen and revoked."""
    if token.used_on != office_date(now):
        token.used_on = office_date(now)
        _log(actor, "api_token.used", token, now, title=token.title)


def _log(actor: Actor, action: str, row: ApiToken, now: datetime, **details: object) -> None:
    audit.record(actor, action, now=now, object_type="api_token", object_id=row.public_id, **details)
