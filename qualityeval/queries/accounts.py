"""Reading accounts and sessions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, may, require
from qualityeval.core.codes import Role
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import Account, AccountSession, Institution
from qualityeval.queries.settings import current


@dataclass(frozen=True)
class AccountRow:
    """An account as the administrators' list shows it."""

    public_id: str
    name: str
    display_name: str
    role: str | None
    institution: str
    active: bool
    last_signed_in_at: datetime | None
    created_at: datetime


def actor_of(account: Account) -> Actor:
    """The plain value that services and policies work with."""
    institution = account.institution
    return Actor(
        account_id=account.id,
        name=account.name,
        display_name=account.display_name,
        role=Role(account.role) if account.role else None,
        institution_id=account.institution_id,
        institution_path=institution.path if institution else None,
        expert_code=account.expert_code,
    )


def by_name(name: str) -> Account | None:
    """The account with this sign-in name, whatever its case."""
    return db.session.execute(_named(), {"name": name.strip().lower()}).scalar_one_or_none()


@cache
def _named() -> Select[Account]:
    return select(Account).options(joinedload(Account.institution)).where(Account.name == bindparam("name"))


def actor_named(name: str) -> Actor:
    """The actor for `--as NAME`; NotFound for an unknown or disabled account."""
    account = by_name(name)
    if account is None or not account.active:
        raise NotFound("account.not_found", where="--as")
    return actor_of(account)


def session_of(token_hash: str) -> AccountSession | None:
    """The session of this token with its account, ended ones too: limits are the caller's to check."""
    return db.session.execute(_session(), {"token_hash": token_hash}).scalar_one_or_none()


@cache
def _session() -> Select[AccountSession]:
    """Built once: every request asks it."""
    return (
        select(AccountSession)
        .options(joinedload(AccountSession.account).joinedload(Account.institution))
        .where(AccountSession.token_hash == bindparam("token_hash"))
    )


def get_for(actor: Actor, public_id: str) -> Account:
    """One account for an administrator; NotFound for everybody else."""
    if not (may(actor, Permission.ACCOUNTS_MANAGE) or may(actor, Permission.ROLES_GRANT)):
        raise NotFound
    account = db.session.execute(select(Account).where(Account.public_id == public_id)).scalar_one_or_none()
    if account is None:
        raise NotFound
    return account


@dataclass(frozen=True)
class AccountFilter:
    """What is asked for; empty means all. `role` may be `none`, `state` a code of words.people.ACCOUNT_STATES."""

    text: str = ""
    role: str = ""
    state: str = ""


def list_for(
    actor: Actor, asked: AccountFilter, *, limit: int | None = 50, offset: int = 0
) -> list[AccountRow]:
    """Accounts by name; no limit gives all."""
    query = _filtered(actor, asked).order_by(Account.name).limit(limit).offset(offset)
    return [
        AccountRow(
            public_id=account.public_id, name=account.name, display_name=account.display_name, role=account.role,
            institution=institution or "", active=account.active,
            last_signed_in_at=account.last_signed_in_at, created_at=account.created_at,
        )
        for account, institution in db.session.execute(query)
    ]  # fmt: skip


def count_for(actor: Actor, asked: AccountFilter) -> int:
    """How many accounts `list_for` would give without a limit."""
    query = _filtered(actor, asked).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def _filtered(actor: Actor, asked: AccountFilter) -> Any:
    if not may(actor, Permission.ROLES_GRANT):
        require(actor, Permission.ACCOUNTS_MANAGE)
    query: Any = select(Account, Institution.name).outerjoin(
        Institution, Account.institution_id == Institution.id
    )
    if asked.text:
        query = query.where(
            Account.name.icontains(asked.text, autoescape=True)
            | Account.display_name.icontains(asked.text, autoescape=True)
        )
    if asked.role:
        query = query.where(Account.role.is_(None) if asked.role == "none" else Account.role == asked.role)
    if asked.state:
        query = query.where(Account.active.is_(asked.state != "disabled"))
        if asked.state != "disabled":
            query = query.where(
                Account.role.is_(None) if asked.state == "waiting" else Account.role.is_not(None)
            )
    return query


def live(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a session still holds, by the settings of this moment."""
    rules = current()
    return (
        AccountSession.ended_at.is_(None),
        AccountSession.expires_at > now,
        AccountSession.created_at > now - timedelta(hours=rules.session_hours),
        AccountSession.seen_at > now - timedelta(minutes=rules.session_idle_minutes),
    )


def sessions_of(account: Account, *, now: datetime) -> list[AccountSession]:
    """Where the account is signed in now, the latest used first."""
    return list(
        db.session.execute(
            select(AccountSession)
            .where(AccountSession.account_id == account.id, *live(now))
            .order_by(AccountSession.seen_at.desc())
        ).scalars()
    )
