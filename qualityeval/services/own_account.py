"""What people change about their own account: password, language, print size, where they are told of things."""

from datetime import datetime

from sqlalchemy import update

from qualityeval.adapters.passwords import hash_password, is_right
from qualityeval.authz import Actor
from qualityeval.core.contact import email_address, mobile_number
from qualityeval.core.errors import InvalidInput, NotFound, msg
from qualityeval.core.password_rules import check_password
from qualityeval.database import db
from qualityeval.models import Account
from qualityeval.services import audit, sessions


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
    chosen = {"locale": locale, "large_print": large_print}
    values = {name: value for name, value in chosen.items() if value is not None}
    if values:  # beside the version: two presses at once are no conflict between editors
        db.session.execute(update(Account).where(Account.id == account.id).values(**values))
    audit.record(
        actor, "account.display_chosen", now=now, object_type="account", object_id=account.name,
        locale=account.locale, large_print=account.large_print,
    )  # fmt: skip


def choose_notices(
    *, actor: Actor, email: str, mobile: str, by_mail: bool, by_sms: bool, now: datetime
) -> None:
    """Where this account's notices go beside the list of tasks; InvalidInput names the field.

    A channel that is switched on needs its address. The audit log keeps the switches, never the addresses.
    """
    account = db.session.get(Account, actor.account_id) if actor.account_id else None
    if account is None:
        raise NotFound
    address, number = email_address(email), mobile_number(mobile)
    for wanted, given, place in ((by_mail, address, "email"), (by_sms, number, "mobile")):
        if wanted and not given:
            raise InvalidInput("contact.needed", msg("要用它收通知，请先填写。"), where=place)
    values = {"email": address, "mobile": number or None, "mail_notices": by_mail, "sms_notices": by_sms}
    # beside the version, as in choose_display
    db.session.execute(update(Account).where(Account.id == account.id).values(**values))
    audit.record(
        actor, "account.notices_chosen", now=now, object_type="account", object_id=account.name,
        by_mail=by_mail, by_sms=by_sms,
    )  # fmt: skip
