"""Who is told, where, and that nothing but a sentence and a path leaves."""

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput
from qualityeval.database import db, transaction
from qualityeval.models import Account, AuditEvent, Outbox
from qualityeval.queries.accounts import actor_of
from qualityeval.services import notices, own_account
from tests.factories import NOW, create_account

pytestmark = pytest.mark.usefixtures("session")


def choose(account, **given):
    wanted = {"email": "", "mobile": "", "by_mail": False, "by_sms": False, **given}
    with transaction():
        own_account.choose_notices(actor=actor_of(account), now=NOW, **wanted)
    db.session.expire_all()


def tell(*accounts, cause="round.notified:R1"):
    with transaction():
        return notices.tell(
            accounts=[db.session.get_one(Account, one.id) for one in accounts], cause=cause, text="批次R1有新任务。",
            path="/todo", now=NOW,
        )  # fmt: skip


def test_each_switched_on_channel_once():
    both, none = create_account(name="li", role=Role.LIAISON), create_account(name="wu", role=Role.LIAISON)
    choose(both, email="li@example.cn", mobile="138 0000 1234", by_mail=True, by_sms=True)
    assert tell(both, none) == 2
    assert tell(both, none) == 0, "the same cause tells nobody twice"
    rows = db.session.execute(select(Outbox.channel, Outbox.recipient, Outbox.body).order_by(Outbox.id)).all()
    assert [(row.channel, row.recipient) for row in rows] == [
        ("mail", "li@example.cn"),
        ("sms", "13800001234"),
    ]
    assert rows[0].body == {"subject": notices.SUBJECT, "text": "批次R1有新任务。", "path": "/todo"}


def test_switched_off_or_closed_accounts_are_left_alone():
    off = create_account(email="x@example.cn", mail_notices=False)
    closed = create_account(email="x@example.cn", active=False)
    assert tell(off, closed) == 0


@pytest.mark.parametrize(("given", "where"), [({"by_mail": True}, "email"), ({"by_sms": True}, "mobile")])
def test_a_channel_needs_its_address(given, where):
    account = create_account(name="li")
    with pytest.raises(InvalidInput) as refused:
        choose(account, **given)
    assert (refused.value.code, refused.value.where) == ("contact.needed", where)


def test_the_log_holds_no_address():
    choose(create_account(name="li"), email="li@example.cn", mobile="13800001234", by_mail=True)
    events = db.session.execute(select(AuditEvent)).scalars().all()
    assert any(event.action == "account.notices_chosen" for event in events)
    assert not any("example.cn" in str(event.detail) or "1380" in str(event.detail) for event in events)
