"""Notices to people: the list of tasks is the truth; letters and short messages carry a number and a link.

No name, no case, no grade leaves by these channels, whatever they are about.
"""

from collections.abc import Iterable
from datetime import datetime

from qualityeval.core.errors import msg
from qualityeval.models import Account
from qualityeval.services import outbox

SUBJECT = msg("法律援助案件质量评估系统")


def tell(*, accounts: Iterable[Account], cause: str, text: str, path: str, now: datetime) -> int:
    """Leave a notice for each account on the channels that it switched on; returns how many were left.

    `text` is one Chinese sentence with nothing but codes of rounds and counts in it, `path` the page where
    the rest stands. The same `cause` tells nobody twice.
    """
    left = 0
    for account in accounts:
        if not account.active:
            continue
        for channel, address in _ways(account):
            left += outbox.post(
                key=f"{cause}:{account.public_id}:{channel}"[-120:], channel=channel, recipient=address,
                body={"subject": SUBJECT, "text": text, "path": path}, now=now,
            )  # fmt: skip
    return left


def _ways(account: Account) -> Iterable[tuple[str, str]]:
    if account.mail_notices and account.email:
        yield "mail", account.email
    if account.sms_notices and account.mobile:
        yield "sms", account.mobile
