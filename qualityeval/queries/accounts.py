"""Reading accounts and sessions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, may, require
from qualityeval.core.codes import Role
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import Account, AccountSession, Institution


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
    return db.session.execute(
        select(Account).options(joinedload(Account.institution)).where(Account.name == name.strip().lower())
    ).scalar_one_or_none()


def actor_named(name: str) -> Actor:
    """The actor for `--as NAME`; NotFound for an unknown or disabled account."""
    account = by_name(name)
    if account is None or not account.active:
        raise NotFound("account.not_found", where="--as")
    return actor_of(account)


def open_session(token_hash: str) -> AccountSession | None:
    """A session with its account that has not been ended; limits of time are the caller's to check."""
    return db.session.execute(
        select(AccountSession)
        .options(joinedload(AccountSession.account).joinedload(Account.institution))
        .where(AccountSession.token_hash == token_hash, AccountSession.ended_at.is_(None))
    ).scalar_one_or_none()


def get_for(actor: Actor, public_id: str) -> Account:
    """One account for an administrator; NotFound for everybody else."""
    if not (may(actor, Permission.ACCOUNTS_MANAGE) or may(actor, Permission.ROLES_GRANT)):
        raise NotFound
    account = db.session.execute(select(Account).where(Account.public_id == public_id)).scalar_one_or_none()
    if account is None:
        raise NotFound
    return account


def list_for(
    actor: Actor, *, text: str = "", role: str = "", limit: int = 50, offset: int = 0
) -> list[AccountRow]:
    """Accounts by name; `text` looks in both names, `role` may be `none` for those without."""
    if not may(actor, Permission.ROLES_GRANT):
        require(actor, Permission.ACCOUNTS_MANAGE)
    query = select(Account, Institution.name).outerjoin(Institution, Account.institution_id == Institution.id)
    if text:
        query = query.where(
            Account.name.contains(text.lower(), autoescape=True)
            | Account.display_name.contains(text, autoescape=True)
        )
    if role:
        query = query.where(Account.role.is_(None) if role == "none" else Account.role == role)
    rows = db.session.execute(query.order_by(Account.name).limit(limit).offset(offset)).all()
    return [
        AccountRow(
            public_id=account.public_id, name=account.name, display_name=account.display_name, role=account.role,
            institution=institution or "", active=account.active,
            last_signed_in_at=account.last_signed_in_at, created_at=account.created_at,
        )
        for account, institution in rows
    ]  # fmt: skip


def sessions_of(account: Account) -> list[AccountSession]:
    """The account's open sessions, the latest first."""
    return list(
        db.session.execute(
            select(AccountSession)
            .where(AccountSession.account_id == account.id, AccountSession.ended_at.is_(None))
            .order_by(AccountSession.seen_at.desc())
        ).scalars()
    )
