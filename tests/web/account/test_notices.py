"""The page on which people say where they are told of things."""

import pytest

from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import Account
from tests.personas import account_for, client_for

pytestmark = pytest.mark.usefixtures("session")


def test_what_is_chosen_is_kept_and_shown(app):
    client = client_for(app, Role.EXPERT)
    answer = client.post("/account/notices", data={"email": "li@example.cn", "mobile": "", "by_mail": "y"})
    assert answer.location.endswith("/account")
    db.session.expire_all()
    account = db.session.get_one(Account, account_for(Role.EXPERT).id)
    assert (account.email, account.mobile, account.mail_notices, account.sms_notices) == (
        "li@example.cn",
        None,
        True,
        False,
    )
    assert "li@example.cn" in client.get("/account/notices").text
    assert "邮件" in client.get("/account").text


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"email": "li"}, "这不像邮箱地址"),
        ({"by_sms": "y"}, "要用它收通知"),
        ({"mobile": "12"}, "手机号码只能是"),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(app, given, sentence):
    answer = client_for(app, Role.EXPERT).post("/account/notices", data={"email": "", "mobile": "", **given})
    assert answer.status_code == 422
    assert sentence in answer.text
    for value in given.values():
        assert f'value="{value}"' in answer.text
