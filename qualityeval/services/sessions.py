"""Signing in and staying signed in: attempts, the second factor, sessions."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, func, select, update

from qualityeval.adapters.passwords import hash_password, is_outdated, is_right
from qualityeval.adapters.second_factor import matching_step
from qualityeval.authz import Actor
from qualityeval.core.codes import SECOND_FACTOR
from qualityeval.core.errors import RuleViolation, msg
from qualityeval.database import db
from qualityeval.models import Account, AccountSession, SignInAttempt
from qualityeval.queries.accounts import actor_of, by_name
from qualityeval.services import audit

FAILURES_ALLOWED = 5
WINDOW = timedelta(minutes=15)


class SignInRefused(RuleViolation):
    """The same words for an unknown name, a wrong password and a disabled account."""

    code = "sign_in.refused"
    text = msg("账号或密码不对，或者账号已停用。")


class Locked(RuleViolation):
    """Too many failures; the right password is refused too until the window has passed."""

    code = "sign_in.locked"
    text = msg("连续%(failures)s次没有成功，账号已暂时锁定。请%(minutes)s分钟后再试，或请系统管理员解锁。")


class CodeRefused(RuleViolation):
    """A wrong, old or already used code."""

    code = "sign_in.code_refused"
    text = msg("验证码不对，或者已经用过。请等下一个验证码再试。")


def note_attempt(*, name: str, address: str, now: datetime) -> int:
    """Store a try before anything is checked; its own transaction, so that parallel tries all count."""
    attempt = SignInAttempt(name=name.strip().lower()[:64], address=address[:64], at=now)
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


def check_password(*, attempt: int, name: str, password: str, now: datetime) -> Account:
    """The account whose password this is; reads only, so that hashing holds no lock.

    Locked when, besides this one, the name already has the allowed number of failures within 15 minutes
    (since the last success or unlocking); SignInRefused otherwise when anything is wrong.
    """
    account = by_name(name)
    _refuse_locked(attempt, name, account, now)
    if (
        not is_right(account.password_hash if account else None, password)
        or account is None
        or not account.active
    ):
        raise SignInRefused(where="password")
    return account


def accept_password(*, attempt: int, account: Account, password: str, now: datetime) -> None:
    """The first of two factors was right: this try is no failure, and no success that resets the count."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt))
    if is_outdated(account.password_hash):
        account.password_hash = hash_password(password)
        audit.record(
            actor_of(account), "password.rehashed", now=now, object_type="account", object_id=account.name
        )


def needs_code(account: Account) -> bool:
    """Whether the account's role asks for the second factor."""
    return account.role in SECOND_FACTOR


def check_code(*, attempt: int, account: Account, code: str, now: datetime) -> None:
    """Accept a TOTP code once: its step must be later than the last one used, decided by the database."""
    _refuse_locked(attempt, account.name, account, now)
    step = matching_step(account.totp_secret, code, now) if account.totp_secret else None
    if step is None or not account.active:
        raise CodeRefused(where="code")
    taken = db.session.execute(
        update(Account)
        .where(Account.id == account.id, Account.totp_last_step < step)
        .values(totp_last_step=step)
    )
    if not isinstance(taken, CursorResult) or taken.rowcount != 1:
        raise CodeRefused(where="code")


def open_session(
    *, attempt: int, account: Account, now: datetime, limit: timedelta, address: str = "", agent: str = ""
) -> str:
    """Start a session and return its token, which is stored nowhere: only its hash is."""
    db.session.execute(update(SignInAttempt).where(SignInAttempt.id == attempt).values(succeeded=True))
    token = secrets.token_urlsafe(32)
    session = AccountSession(
        token_hash=token_hash(token), account_id=account.id, created_at=now, seen_at=now, expires_at=now + limit,
        address=address[:64], agent=agent[:200],
    )  # fmt: skip
    db.session.add(session)
    account.last_signed_in_at = now
    audit.record(
        actor_of(account),
        "session.opened",
        now=now,
        object_type="account",
        object_id=account.name,
        address=address,
    )
    return token


def touch(session_id: int, *, now: datetime) -> None:
    """Note that the session is in use."""
    db.session.execute(update(AccountSession).where(AccountSession.id == session_id).values(seen_at=now))


def end_session(*, actor: Actor, session: AccountSession, because: str, now: datetime) -> None:
    """End one session; its cookie is worth nothing from now on."""
    session.ended_at, session.ended_because = now, because
    audit.record(
        actor,
        "session.ended",
        now=now,
        object_type="account",
        object_id=session.account.name,
        because=because,
    )


def end_all(account: Account, *, because: str, now: datetime, keep: str | None = None) -> None:
    """End every session of the account but the one with token hash `keep`; the caller records why."""
    db.session.execute(
        update(AccountSession)
        .where(
            AccountSession.account_id == account.id,
            AccountSession.ended_at.is_(None),
            AccountSession.token_hash != (keep or ""),
        )
        .values(ended_at=now, ended_because=because)
    )


def is_live(session: AccountSession, *, now: datetime, idle: timedelta) -> bool:
    """Whether the session is inside both limits and its account is still active."""
    return session.account.active and now < session.expires_at and now < session.seen_at + idle


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _refuse_locked(attempt: int, name: str, account: Account | None, now: datetime) -> None:
    wanted = SignInAttempt.name == name.strip().lower()[:64]
    since = now - WINDOW
    last_success = db.session.execute(
        select(func.max(SignInAttempt.at)).where(wanted, SignInAttempt.succeeded)
    ).scalar_one()
    for forgiven in (last_success, account.unlocked_at if account else None):
        since = max(since, forgiven) if forgiven else since
    failures = db.session.execute(
        select(func.count()).where(wanted, SignInAttempt.at > since, SignInAttempt.id != attempt)
    ).scalar_one()
    if failures >= FAILURES_ALLOWED:
        raise Locked(where="password", failures=FAILURES_ALLOWED, minutes=int(WINDOW.total_seconds() // 60))
