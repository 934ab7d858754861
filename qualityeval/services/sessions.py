"""Signing in and staying signed in: attempts, the second factor, sessions."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, func, select, update

from qualityeval.adapters.passwords import hash_password, is_outdated, is_right
from qualityeval.adapters.second_factor import matching_step
from qualityeval.authz import Actor
from qualityeval.authz.actor import VISITOR
from qualityeval.core.codes import SECOND_FACTOR
from qualityeval.core.errors import RuleViolation, msg
from qualityeval.core.settings import Settings
from qualityeval.database import db
from qualityeval.models import Account, AccountSession, AuditEvent, AuditHead, SignInAttempt
from qualityeval.queries.accounts import actor_of, by_name
from qualityeval.queries.settings import current
from qualityeval.services import audit


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
    attempt = SignInAttempt(name=typed_name(name), address=address[:64], at=now)
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


def check_password(*, attempt: int, name: str, password: str, now: datetime) -> Account:
    """The account whose password this is; reads only, so that hashing holds no lock.

    Locked when, besides this one, the name already has the allowed number of failures within the window of
    the settings (since the last success or unlocking); SignInRefused otherwise when anything is wrong.
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
        _set_quietly(account, password_hash=hash_password(password))
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


def note_lockout(*, name: str, now: datetime) -> bool:
    """Record, once a window, that an account is locked; whether it was recorded. For known names only.

    What was typed for an unknown name may be a password, so it never reaches the log. The chain's head is
    locked before looking, so that parallel failures leave one event.
    """
    account, rules = by_name(name), current()
    if account is None or _failures(None, account.name, account, now, rules) < rules.lockout_failures:
        return False
    db.session.execute(select(AuditHead).with_for_update())
    noted = select(func.count()).where(
        AuditEvent.action == "account.locked",
        AuditEvent.object_id == account.name,
        AuditEvent.at > _since(account.name, account, now, rules),
    )
    if db.session.execute(noted).scalar_one():
        return False
    audit.record(VISITOR, "account.locked", now=now, object_type="account", object_id=account.name)
    return True


def is_locked(account: Account, *, now: datetime) -> bool:
    """Whether the next try would be refused for the number of failures before it."""
    rules = current()
    return _failures(None, account.name, account, now, rules) >= rules.lockout_failures


def open_session(
    *,
    attempt: int,
    account: Account,
    now: datetime,
    limit: timedelta | None = None,
    address: str = "",
    agent: str = "",
) -> str:
    """Start a session and return its token, which is stored nowhere: only its hash is.

    `limit` is the settings' where it isn't given.
    """
    db.session.execute(update(SignInAttempt).where(SignInAttempt.id == attempt).values(succeeded=True))
    token = secrets.token_urlsafe(32)
    session = AccountSession(
        token_hash=token_hash(token), account_id=account.id, created_at=now, seen_at=now,
        expires_at=now + (limit or timedelta(hours=current().session_hours)),
        address=address[:64], agent=printable(agent)[:200],
    )  # fmt: skip
    db.session.add(session)
    _set_quietly(account, last_signed_in_at=now)
    audit.record(
        actor_of(account), "session.opened", now=now, object_type="account", object_id=account.name,
        address=address[:64],
    )  # fmt: skip
    return token


def renew_token(session_id: int) -> str:
    """A new token for the same session, after its password changed; the old cookie is worth nothing."""
    token = secrets.token_urlsafe(32)
    db.session.execute(
        update(AccountSession).where(AccountSession.id == session_id).values(token_hash=token_hash(token))
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


def is_live(session: AccountSession, *, now: datetime, rules: Settings) -> bool:
    """Whether the session is inside both limits, as they are set now, and its account is still active.

    A limit that was shortened holds for open sessions too; one that was lengthened doesn't revive any.
    """
    return (
        session.account.active
        and now < session.expires_at
        and now < session.created_at + timedelta(hours=rules.session_hours)
        and now < session.seen_at + timedelta(minutes=rules.session_idle_minutes)
    )


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _set_quietly(account: Account, **values: object) -> None:
    """Write beside the version: a doubled press of the sign-in button is no conflict between editors."""
    db.session.execute(update(Account).where(Account.id == account.id).values(**values))


def printable(text: str) -> str:
    """What a browser sent, without the characters that no column or log line should hold."""
    return "".join(character if character.isprintable() else " " for character in text)


def _refuse_locked(attempt: int, name: str, account: Account | None, now: datetime) -> None:
    rules = current()
    if _failures(attempt, name, account, now, rules) >= rules.lockout_failures:
        raise Locked(where="password", failures=rules.lockout_failures, minutes=rules.lockout_minutes)


def _failures(attempt: int | None, name: str, account: Account | None, now: datetime, rules: Settings) -> int:
    """Tries of this name since the last success, unlocking or window that have not succeeded."""
    query = select(func.count()).where(
        SignInAttempt.name == typed_name(name),
        SignInAttempt.at > _since(name, account, now, rules),
        SignInAttempt.succeeded.is_(False),
    )
    if attempt is not None:
        query = query.where(SignInAttempt.id != attempt)
    return int(db.session.execute(query).scalar_one())


def _since(name: str, account: Account | None, now: datetime, rules: Settings) -> datetime:
    last_success = db.session.execute(
        select(func.max(SignInAttempt.at)).where(
            SignInAttempt.name == typed_name(name), SignInAttempt.succeeded.is_(True)
        )
    ).scalar_one()
    window = now - timedelta(minutes=rules.lockout_minutes)
    return max(one for one in (window, last_success, account.unlocked_at if account else None) if one)


def typed_name(name: str) -> str:
    """A name as attempts hold it."""
    return name.strip().lower()[:64]
