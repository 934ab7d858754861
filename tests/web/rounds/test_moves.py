"""Freezing and withdrawing: said first, meant by typing the code, done once."""

import pytest

from qualityeval.queries import rounds as queries
from tests.kept import kept
from tests.services import stories
from tests.web.clients import client_of, text_of


@pytest.fixture
@kept
def world(app, session):
    root, _counties = stories.bureau(cases=(5, 13))
    first, second = stories.managers(root)
    return root, first, second


def test_the_page_says_what_the_freeze_will_fix(app, world):
    root, first, _second = world
    made = stories.draft(first, stories.spec(root.code))
    page = text_of(client_of(app, first).get(f"/rounds/{made.public_id}/freeze"))
    # 27.7 % of 5 and 13, rounded up, at least 2: 2 and 4 (1.385 and 3.601)
    assert "18 件案件进入抽样框，2 层，拟抽 6 件" in page
    assert queries.by_code_for(first, "R2026").state == "draft"


def test_the_code_has_to_be_typed(app, world):
    root, first, _second = world
    made = stories.draft(first, stories.spec(root.code))
    client, path = client_of(app, first), f"/rounds/{made.public_id}/freeze"
    for typed in ("", "r2026", "R2026x"):
        assert client.post(path, data={"confirm": typed}).status_code == 422
    assert queries.by_code_for(first, "R2026").state == "draft"


def test_the_freeze_publishes_the_digests(app, world):
    root, first, second = world
    made = stories.draft(first, stories.spec(root.code))
    answer = client_of(app, first).post(f"/rounds/{made.public_id}/freeze", data={"confirm": " R2026 "})
    assert answer.status_code == 302
    frozen = queries.by_code_for(first, "R2026")
    assert frozen.state == "frozen"
    page = text_of(client_of(app, second).get(f"/rounds/{made.public_id}"))
    plain = "".join(page.replace("<span>", "").replace("</span>", "").split())
    for digest in (frozen.plan_digest, frozen.frame_digest):
        assert digest in plain
    assert frozen.secret not in plain
    assert frozen.deal_secret not in plain
    assert frozen.salt not in plain


def test_a_second_freeze_is_refused_in_words(app, world):
    root, first, _second = world
    made = stories.frozen(first, stories.spec(root.code))
    client, path = client_of(app, first), f"/rounds/{made.public_id}/freeze"
    digest = made.plan_digest
    assert client.get(path).status_code == 409
    page = client.post(path, data={"confirm": "R2026"})
    assert page.status_code == 422
    assert "只有草稿状态的批次才能冻结" in text_of(page)
    assert queries.by_code_for(first, "R2026").plan_digest == digest


def test_a_plan_without_cases_says_why(app, world):
    root, first, _second = world
    made = stories.draft(
        first, stories.spec(root.code).replace("2026-01-01", "2020-01-01").replace("2026-12-31", "2020-12-31")
    )
    client = client_of(app, first)
    for path in (f"/rounds/{made.public_id}", f"/rounds/{made.public_id}/freeze"):
        page = text_of(client.get(path))
        assert "现在还不能冻结" in page
        assert "一件案件也没有" in page


def test_a_withdrawal_wants_a_reason_and_the_code(app, world):
    root, first, second = world
    made = stories.frozen(first, stories.spec(root.code))
    client, path = client_of(app, first), f"/rounds/{made.public_id}/withdraw"
    assert client.get(path).status_code == 200
    assert client.post(path, data={"confirm": "R2026", "reason": " "}).status_code == 422
    wrong = client.post(path, data={"confirm": "x", "reason": "范围写错"})
    assert wrong.status_code == 422
    assert "范围写错" in text_of(wrong)
    assert queries.by_code_for(first, "R2026").state == "frozen"
    assert client.post(path, data={"confirm": "R2026", "reason": "范围写错"}).status_code == 302
    page = text_of(client_of(app, second).get(f"/rounds/{made.public_id}"))
    assert "这个批次已撤回" in page
    assert "范围写错" in page
    assert client.get(path).status_code == 409


def test_a_manager_of_another_body_finds_nothing(app, world):
    root, first, _second = world
    made = stories.draft(first, stories.spec(root.code))
    other = stories.managers(stories.factories.create_institution(parent=root))[0]
    client = client_of(app, other)
    for verb in ("", "/edit", "/freeze", "/withdraw"):
        assert client.get(f"/rounds/{made.public_id}{verb}").status_code == 404
    assert client.post(f"/rounds/{made.public_id}/freeze", data={"confirm": "R2026"}).status_code == 404
