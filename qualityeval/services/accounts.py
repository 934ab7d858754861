"""Accounts as administrators keep them: creating, roles, disabling, unlocking, new access."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from qualityeval.adapters.passwords import hash_password, one_time_password
from qualityeval.adapters.second_factor import new_secret
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.codes import ADMINISTRATORS, SECOND_FACTOR, WITH_INSTITUTION, Role
from qualityeval.core.errors import InvalidInput, NotAllowed, msg
from qualityeval.database import db
from qualityeval.models import Account, Institution
from qualityeval.queries.accounts import by_name
from qualityeval.services import audit, sessions

NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,62}[a-z0-9]")


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
    _check_texts(display_name, expert)
    place = _institution(institution)
    # an account that still waits for its role gets a secret too: both are handed over in one go
    secret = new_secret() if role is None or role in SECOND_FACTOR else None
    first_password = password or one_time_password()
    account = Account(
        name=sign_in_name, display_name=display_name.strip() or sign_in_name, institution_id=place.id if place else None,
        expert_code=expert, password_hash=hash_password(first_password), must_change_password=password is None,
        totp_secret=secret, created_at=now,
    )  # fmt: skip
    _check_role(role, account)
    account.role = role
    db.session.add(account)
    try:
        db.session.flush()
    except IntegrityError as fault:  # somebody took the name since we looked
        raise _taken(sign_in_name) from fault
    audit.record(
        actor, "account.created", now=now, object_type="account", object_id=sign_in_name,
        role=role, institution=institution, expert=expert,
    )  # fmt: skip
    return NewAccount(account, first_password, secret)


def grant_role(*, actor: Actor, account: Account, role: Role | None, now: datetime) -> str | None:
    """Give the account its role (or none). Its sessions end; nobody grants one to themselves.

    Returns a TOTP secret to hand over when the role needs one and the account had none, else None.
    Refuses a person who would hold two of the three administrators' roles.
    """
    require(actor, Permission.ROLES_GRANT)
    if actor.account_id == account.id:
        raise NotAllowed("role.own", msg("不能更改自己的角色。请由另一位安全管理员办理。"), where="role")
    _check_role(role, account)
    _keep_one(account, unless=role)
    before, account.role = account.role, role
    secret = new_secret() if role in SECOND_FACTOR and account.totp_secret is None else None
    if secret:
        account.totp_secret, account.totp_last_step = secret, 0
    sessions.end_all(account, because="role", now=now)
    audit.record(
        actor, "account.role_granted", now=now, object_type="account", object_id=account.name,
        before=before, role=role,
    )  # fmt: skip
    return secret


def change_account(
    *,
    actor: Actor,
    account: Account,
    display_name: str,
    institution: str | None,
    expert: str | None,
    now: datetime,
) -> None:
    """Set name, institution and expert's code of an account; where its rights change, its sessions end.

    Refuses what the role it holds doesn't allow: no institution, a person with another of the three roles.
    """
    require(actor, Permission.ACCOUNTS_MANAGE)
    _check_texts(display_name, expert)
    before = (account.institution_id, account.expert_code)
    place = _institution(institution)
    account.display_name = display_name.strip() or account.name
    account.institution_id, account.expert_code = place.id if place else None, expert or None
    _check_role(Role(account.role) if account.role else None, account)
    if before != (account.institution_id, account.expert_code):
        sessions.end_all(account, because="place", now=now)
    audit.record(
        actor, "account.changed", now=now, object_type="account", object_id=account.name,
        display_name=account.display_name, institution=institution or None, expert=expert or None,
    )  # fmt: skip


def set_active(*, actor: Actor, account: Account, active: bool, now: datetime) -> None:
    """Disable an account (its sessions end at once) or let it in again; never one's own."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    if actor.account_id == account.id:
        raise NotAllowed("account.own", msg("不能停用自己的账号。"), where="active")
    if not active:
        _keep_one(account)
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
    """A new one-time password and a new TOTP secret; every session of the account ends; never one's own.

    Whoever is handed the password holds the account for a moment. So the security and the audit administrator
    are reset at the machine itself, never by the system administrator: nobody holds two of the three offices.
    """
    require(actor, Permission.ACCOUNTS_MANAGE)
    if actor.account_id == account.id:
        raise NotAllowed("account.own_reset", msg("不能重置自己的登录信息。请由另一位系统管理员办理。"))
    if account.role in (Role.SECURITY, Role.AUDIT) and not actor.is_command_line:
        raise NotAllowed(
            "account.other_office",
            msg(
                "安全管理员和审计管理员的登录信息不能在页面上重置。请在服务器上运行qualityeval account reset。"
            ),
        )
    password = one_time_password()
    account.password_hash = hash_password(password)
    account.must_change_password = True
    account.totp_secret = new_secret() if account.role is None or account.role in SECOND_FACTOR else None
    account.totp_last_step = 0
    account.unlocked_at = now
    sessions.end_all(account, because="reset", now=now)
    audit.record(actor, "account.access_reset", now=now, object_type="account", object_id=account.name)
    return NewAccount(account, password, account.totp_secret)


def end_sessions(*, actor: Actor, account: Account, now: datetime) -> None:
    """Sign the account out everywhere."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    sessions.end_all(account, because="administrator", now=now)
    audit.record(actor, "account.sessions_ended", now=now, object_type="account", object_id=account.name)


def note_export(*, actor: Actor, rows: int, filters: Mapping[str, str], now: datetime) -> None:
    """Record that the list of accounts was taken along."""
    require(actor, Permission.ACCOUNTS_MANAGE)
    audit.record(actor, "account.exported", now=now, object_type="account", rows=rows, filters=dict(filters))


def _check_texts(display_name: str, expert: str | None) -> None:
    """What one database would cut and the other refuse is refused here, in words."""
    for field, text, most in (("display_name", display_name, 100), ("expert", expert or "", 64)):
        if len(text.strip()) > most or not text.isprintable():
            raise InvalidInput(
                "account.text", msg("最多%(most)s个字符，不能有换行等控制字符。"), where=field, most=most
            )


def _free_name(name: str) -> str:
    sign_in_name = name.strip().lower()
    if not NAME.fullmatch(sign_in_name):
        raise InvalidInput(
            "account.name", msg("账号名用3至64个小写字母、数字、点、下划线、@或连字符。"), where="name"
        )
    if by_name(sign_in_name) is not None:
        raise _taken(sign_in_name)
    return sign_in_name


def _taken(name: str) -> InvalidInput:
    return InvalidInput("account.exists", msg("账号名“%(name)s”已有人用。"), where="name", name=name)


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
    if role is Role.EXPERT:
        _check_expert(account)
    if role in ADMINISTRATORS:
        _check_three(role, account)


def _check_expert(account: Account) -> None:
    if not account.expert_code:
        raise InvalidInput("role.expert", msg("专家账号要写明专家编号。"), where="expert")
    other = _one_other(account, Account.expert_code == account.expert_code, Account.role == Role.EXPERT)
    if other is not None:
        raise InvalidInput(
            "role.expert_twice", msg("专家编号“%(expert)s”已属于账号“%(other)s”。"), where="expert",
            expert=account.expert_code, other=other.name,
        )  # fmt: skip


def _check_three(role: Role | None, account: Account) -> None:
    """No person holds two of the three; a person is known by the name that colleagues call them by."""
    same_person = func.lower(Account.display_name) == account.display_name.lower()
    other = _one_other(
        account, same_person, Account.role.in_(ADMINISTRATORS), Account.role != role, Account.active.is_(True)
    )
    if other is not None:
        raise InvalidInput(
            "role.two_of_three",
            msg("“%(person)s”已用账号“%(other)s”担任三员之一。一个人不能兼任两员；若是同名的人，请先改姓名以示区别。"),
            where="role", person=account.display_name, other=other.name,
        )  # fmt: skip


def _keep_one(account: Account, *, unless: Role | None = None) -> None:
    """Refuse to take away the last working account of one of the three: nobody could give it back."""
    if account.role not in ADMINISTRATORS or account.role == unless or not account.active:
        return
    if _one_other(account, Account.role == account.role, Account.active.is_(True)) is None:
        raise NotAllowed(
            "account.last",
            msg("这是最后一个可用的同类管理员账号。请先建立另一个，再停用或更改它。"),
            where="role",
        )


def _one_other(account: Account, *conditions: ColumnElement[bool]) -> Account | None:
    query = select(Account).where(*conditions, Account.name != account.name).order_by(Account.name).limit(1)
    return db.session.execute(query).scalar_one_or_none()
