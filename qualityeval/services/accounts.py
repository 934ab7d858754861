"""Accounts: creating, disabling, roles, passwords."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from qualityeval.adapters.passwords import hash_password, is_right, one_time_password
from qualityeval.adapters.second_factor import new_secret
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.codes import SECOND_FACTOR, WITH_INSTITUTION, Role
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, msg
from qualityeval.database import db
from qualityeval.models import Account, Institution
from qualityeval.queries.accounts import by_name
from qualityeval.services import audit, sessions

NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,62}[a-z0-9]")
MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 256


@dataclass(frozen=True)
class NewAccount:
    """What is shown once: the one-time password and, where the role needs it, the TOTP secret."""

    account: Account
    password: str
    totp_secret: str | None


def create_account(
    *,
    actor: Actor,
    name: str,
    role: Role | None,
    now: datetime,
    display_name: str = "",
    institution: str | None = None,
    expert: str | None = None,
    password: str | None = None,
) -> NewAccount:
    """A new account with a one-time password; a role only where the actor may grant it.

    `institution` is a code. Refuses a name in use or of the wrong shape, a role without the institution
    it needs, and a second role of the three administrators for the same person.
    """
    require(actor, Permission.ACCOUNTS_MANAGE)
    if role is not None:
        require(actor, Permission.ROLES_GRANT)
    sign_in_name = _free_name(name)
    place = _institution(institution)
    secret = new_secret() if role in SECOND_FACTOR else None
    first_password = password or one_time_password()
    account = Account(
        name=sign_in_name, display_name=display_name.strip() or sign_in_name, institution_id=place.id if place else None,
        expert_code=expert, password_hash=hash_password(first_password), must_change_password=password is None,
        totp_secret=secret, created_at=now,
    )  # fmt: skip
    _check_role(role, account)
    account.role = role
    db.session.add(account)
    db.session.flush()
    audit.record(
        actor, "account.created", now=now, object_type="account", object_id=sign_in_name,
        role=role, institution=institution, expert=expert,
    )  # fmt: skip
    return NewAccount(account, first_password, secret)


def grant_role(*, actor: Actor, account: Account, role: Role | None, now: datetime) -> None:
    """Give the account its role (or none). Its sessions end; nobody grants one to themselves."""
    require(actor, Permission.ROLES_GRANT)
    if actor.account_id == account.id:
        raise NotAllowed("role.own", msg("不能更改自己的角色。请由另一位安全管理员办理。"), where="role")
    _check_role(role, account)
    before = account.role
    account.role = role
    if role in SECOND_FACTOR and account.totp_secret is None:
        account.totp_secret = new_secret()
    sessions.end_all(account, because="role", now=now)
    audit.record(
        actor,
        "account.role_granted",
        now=now,
        object_type="account",
        object_id=account.name,
        before=before,
        role=role,
    )


def set_active(*, actor: Actor, account: Account, active: bool, now: datetime) -> None:
    """Disable an account (its sessions end at once) or let it in again; never one's own."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    if actor.account_id == account.id:
        raise NotAllowed("account.own", msg("不能停用自己的账号。"), where="active")
    account.active = active
    if not active:
        sessions.end_all(account, because="disabled", now=now)
    action = "account.enabled" if active else "account.disabled"
    audit.record(actor, action, now=now, object_type="account", object_id=account.name)


def unlock(*, actor: Actor, account: Account, now: datetime) -> None:
    """Forget the failed attempts, so that the account may try again."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    account.unlocked_at = now
    audit.record(actor, "account.unlocked", now=now, object_type="account", object_id=account.name)


def reset_access(*, actor: Actor, account: Account, now: datetime) -> NewAccount:
    """A new one-time password and a new TOTP secret; every session of the account ends."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    password = one_time_password()
    account.password_hash = hash_password(password)
    account.must_change_password = True
    account.totp_secret = new_secret() if account.role in SECOND_FACTOR else None
    account.totp_last_step = 0
    account.unlocked_at = now
    sessions.end_all(account, because="reset", now=now)
    audit.record(actor, "account.access_reset", now=now, object_type="account", object_id=account.name)
    return NewAccount(account, password, account.totp_secret)


def change_password(*, actor: Actor, old: str, new: str, now: datetime, keep: str | None = None) -> None:
    """Change one's own password; all other sessions end, the one with token hash `keep` stays."""
    account = db.session.get(Account, actor.account_id) if actor.account_id else None
    if account is None:
        raise NotFound
    if not is_right(account.password_hash, old):
        raise InvalidInput("password.wrong", msg("现在的密码不对。"), where="old")
    check_password(new, account.name)
    if is_right(account.password_hash, new):
        raise InvalidInput("password.same", msg("新密码不能和现在的一样。"), where="new")
    account.password_hash = hash_password(new)
    account.must_change_password = False
    sessions.end_all(account, because="password", now=now, keep=keep)
    audit.record(actor, "account.password_changed", now=now, object_type="account", object_id=account.name)


def choose_display(
    *, actor: Actor, now: datetime, locale: str | None = None, large_print: bool | None = None
) -> None:
    """Remember the language and the print size for this account."""
    account = db.session.get(Account, actor.account_id) if actor.account_id else None
    if account is None:
        raise NotFound
    account.locale = locale if locale is not None else account.locale
    account.large_print = large_print if large_print is not None else account.large_print
    audit.record(
        actor, "account.display_chosen", now=now, object_type="account", object_id=account.name,
        locale=account.locale, large_print=account.large_print,
    )  # fmt: skip


def check_password(password: str, name: str) -> None:
    """Refuse what is short, endless, the sign-in name, or one character repeated."""
    if len(password) < MINIMUM_LENGTH:
        raise InvalidInput(
            "password.short",
            msg("密码至少要%(least)s个字符。一句话最好记。"),
            where="new",
            least=MINIMUM_LENGTH,
        )
    if len(password) > MAXIMUM_LENGTH:
        raise InvalidInput("password.long", msg("密码最多%(most)s个字符。"), where="new", most=MAXIMUM_LENGTH)
    if name in password.lower() or len(set(password)) < 4:
        raise InvalidInput(
            "password.guessable", msg("密码太容易被猜到。请不要用账号名或重复的字符。"), where="new"
        )


def _free_name(name: str) -> str:
    sign_in_name = name.strip().lower()
    if not NAME.fullmatch(sign_in_name):
        raise InvalidInput(
            "account.name", msg("账号名用3至64个小写字母、数字、点、下划线、@或连字符。"), where="name"
        )
    if by_name(sign_in_name) is not None:
        raise InvalidInput(
            "account.exists", msg("账号名“%(name)s”已有人用。"), where="name", name=sign_in_name
        )
    return sign_in_name


def _institution(code: str | None) -> Institution | None:
    if not code:
        return None
    place = db.session.execute(select(Institution).where(Institution.code == code)).scalar_one_or_none()
    if place is None:
        raise InvalidInput(
            "institution.not_found", msg("没有编码为“%(given)s”的机构。"), where="institution", given=code
        )
    return place


def _check_role(role: Role | None, account: Account) -> None:
    if role in WITH_INSTITUTION and account.institution_id is None:
        raise InvalidInput(
            "role.institution", msg("这个角色要属于一个机构。请先填机构编码。"), where="institution"
        )
    if role is Role.EXPERT and not account.expert_code:
        raise InvalidInput("role.expert", msg("专家账号要写明专家编号。"), where="expert")
