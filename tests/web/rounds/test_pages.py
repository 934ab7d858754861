"""The list, the page of a round in each state, the rubrics."""

import re

import pytest

from qualityeval.web.rounds import views
from tests import factories
from tests.kept import kept
from tests.services import stories
from tests.web.clients import client_of, text_of


@pytest.fixture
@kept
def world(app, session):
    root, _counties = stories.bureau(cases=(5, 13))
    first, second = stories.managers(root)
    return root, first, second


def test_the_list_filters_by_the_address(app, world):
    root, first, _second = world
    for number in range(25):
        factories.create_round(
            institution=root, code=f"Q{number:02d}", state="draft" if number < 24 else "released"
        )
    client = client_of(app, first)
    assert "共 25 条，每页 20 条" in text_of(client.get("/rounds"))
    second_page = text_of(client.get("/rounds?page=2"))
    assert "Q00" in second_page
    assert "Q24" not in second_page
    released = text_of(client.get("/rounds?state=released"))
    assert "Q24" in released
    assert "Q10" not in released
    assert "Q07" in text_of(client.get("/rounds?text=q07"))
    assert "没有符合条件的批次" in text_of(client.get("/rounds?text=nothing"))
    for odd in ("page=0", "page=999", "page=x", "page=²", "state=<b>", "text=%25_"):
        assert client.get(f"/rounds?{odd}").status_code == 200


def test_an_empty_list_says_what_to_do(app, world):
    _root, first, _second = world
    page = text_of(client_of(app, first).get("/rounds"))
    assert "还没有评估批次" in page
    assert "/rounds/new" in page


@pytest.mark.parametrize(
    ("bring", "shown", "hidden"),
    [
        (
            lambda first, _second, text: stories.draft(first, text),
            ["冻结方案", "修改方案", "若各层统一为"],
            ["录入公开值"],
        ),
        (
            lambda first, _second, text: stories.frozen(first, text),
            ["录入公开值", "公开的摘要"],
            ["修改方案", "抽取样本"],
        ),
        (stories.seeded, ["抽取样本"], ["录入公开值</span>", "修改方案"]),
        (stories.drawn, ["抽取结果与证书", "抽取样本"], ["冻结方案</span>"]),
    ],
    ids=["draft", "frozen", "seeded", "drawn"],
)
def test_each_state_offers_its_own_step(app, world, bring, shown, hidden):
    root, first, second = world
    made = bring(first, second, stories.spec(root.code))
    page = text_of(client_of(app, first).get(f"/rounds/{made.public_id}"))
    assert [one for one in shown if one not in page] == []
    assert [one for one in hidden if one in page] == []


def test_the_draft_shows_strata_sizes_and_other_rates(app, world):
    root, first, _second = world
    made = stories.draft(first, stories.spec(root.code))
    page = "".join(text_of(client_of(app, first).get(f"/rounds/{made.public_id}")).split())
    # strata of 5 and 13: n 2 and 4, weights 2.50 and 3.25, total 6 of 18
    for said in (">2.50<", ">3.25<", ">33.3%<", "<b>50%</b>"):
        assert said.replace("50%", "50.0%") in page or said in page, said


def test_a_large_register_is_counted_only_when_asked(app, world, monkeypatch):
    root, first, _second = world
    made = stories.draft(first, stories.spec(root.code))
    monkeypatch.setattr(views, "QUICK", 17)  # the register holds 18
    client = client_of(app, first)
    page = text_of(client.get(f"/rounds/{made.public_id}"))
    assert "若各层统一为" not in page
    assert f"/rounds/{made.public_id}?check=1" in page
    assert "若各层统一为" in text_of(client.get(f"/rounds/{made.public_id}?check=1"))


def test_institutions_are_named_in_the_strata(app, world):
    root, first, _second = world
    made = stories.frozen(first, stories.spec(root.code))
    page = text_of(client_of(app, first).get(f"/rounds/{made.public_id}"))
    assert page.count("法律援助中心") >= 3


def test_the_trail_tells_every_step_and_no_secret(app, world):
    root, first, second = world
    made = stories.drawn(first, second, stories.spec(root.code))
    page = text_of(client_of(app, first).get(f"/rounds/{made.public_id}"))
    for said in ("建立批次", "冻结方案，公布摘要", "录入公开值（第一遍）", "种子确定", ">抽取样本<"):
        assert said in page
    assert made.deal_secret not in page


def test_a_typed_value_is_on_no_page_before_the_second_typing(app, world):
    root, first, second = world
    made = stories.frozen(first, stories.spec(root.code))
    stories.typed(first, made, "31415926535897932384")
    for path in (f"/rounds/{made.public_id}", f"/rounds/{made.public_id}/seed", "/rounds"):
        assert "31415926535897932384" not in text_of(client_of(app, second).get(path))


def test_the_rubrics_can_be_read_in_both_languages(app, world):
    _root, first, _second = world
    client = client_of(app, first)
    assert text_of(client.get("/rubrics")).count("@1") >= 11
    page = text_of(client.get("/rubrics/criminal-trial@1"))
    assert "一票否决" in page
    assert "criminal-trial@1" in page
    assert client.get("/rubrics/criminal-trial@9").status_code == 404
    english = text_of(client_of(app, first, locale="en").get("/rubrics/criminal-trial@1"))
    assert "Vetoes" in english


@pytest.mark.parametrize(
    ("bring", "step"),
    [
        (lambda first, _second, text: stories.draft(first, text), "草稿"),
        (lambda first, _second, text: stories.frozen(first, text), "冻结"),
        (stories.drawn, "抽取"),
    ],
    ids=["draft", "frozen", "drawn"],
)
def test_a_withdrawn_round_stands_where_it_stood(app, world, bring, step):
    root, first, second = world
    made = bring(first, second, stories.spec(root.code))
    client = client_of(app, first)
    client.post(f"/rounds/{made.public_id}/withdraw", data={"confirm": "R2026", "reason": "写错"})
    page = text_of(client.get(f"/rounds/{made.public_id}"))
    now = re.search(r'aria-current="step">(.*?)</li>', page, re.DOTALL).group(1)
    assert step in now
