"""The page of one's own tokens."""

import re

import pytest

from qualityeval.core.codes import Role
from tests.personas import client_for

pytestmark = pytest.mark.usefixtures("session")
TOKEN = re.compile(r'<code class="qe-token">([\w-]{32})</code>')


def test_a_token_is_shown_once_and_can_be_stopped(app):
    client = client_for(app, Role.VIEWER)
    made = client.post("/account/tokens", data={"title": "统计平台", "results": "y", "days": "90"})
    text = TOKEN.search(made.text)[1]
    opened = {"headers": {"Authorization": f"Bearer {text}"}}
    again = client.get("/account/tokens").text
    assert text not in again
    assert "统计平台" in again
    assert client.get("/api/v1/rounds", **opened).status_code == 200
    client.post(re.search(r'action="(/account/tokens/\w+/revoke)"', again)[1])
    assert client.get("/api/v1/rounds", **opened).status_code == 401


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": ""}, "请填写这一项"),
        ({"results": ""}, "请选择令牌可以做什么"),
        ({"days": "400"}, "有效天数应为 1 至 366 天"),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(app, given, sentence):
    fields = {"title": "统计平台", "results": "y", "days": "90", **given}
    answer = client_for(app, Role.VIEWER).post("/account/tokens", data=fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert TOKEN.search(answer.text) is None


def test_who_may_do_neither_is_told(app):
    assert "这个账号不能建立令牌" in client_for(app, Role.EXPERT).get("/account/tokens").text
