"""The planner: figures follow the address, and only the button writes them into the draft."""

import pytest

from qualityeval.core.rates import parse_rate
from qualityeval.core.round_spec import RoundSpec
from qualityeval.queries import rounds as queries
from qualityeval.services.rounds import read_spec
from qualityeval.web.rounds.knobs import percent_text
from tests.kept import kept
from tests.services import stories
from tests.web.clients import client_of, text_of


@pytest.fixture
@kept
def world(app, session):
    root, counties = stories.bureau(cases=(5, 13))
    first, second = stories.managers(root)
    return root, counties, first, second, stories.draft(first, stories.spec(root.code))


def spec_of(actor) -> RoundSpec:
    return read_spec(queries.by_code_for(actor, "R2026").spec)


def test_the_draft_as_it_stands(app, world):
    _root, _counties, first, _second, made = world
    page = text_of(client_of(app, first).get(f"/rounds/{made.public_id}/plan"))
    assert 'name="amount" value="27.7"' in page
    # 27.7 % of 5 and 13 with at least 2: 2 and 4; twelve sheets of half an hour
    assert "<dd>6 件</dd>" in page
    assert "<dd>12 份</dd>" in page
    assert "<dd>6.0 小时</dd>" in page
    assert "还没有上一批次的评分表" in page


def test_a_turn_of_the_knobs_shows_without_saving(app, world):
    _root, (small, _large), first, _second, made = world
    before = queries.by_code_for(first, "R2026").spec
    asked = {
        "ask": "rate", "amount": "50", "minimum": "2", "maximum": "", "take_all_below": "0", "reviewers": "3",
        "gap": "8", "minutes": "20", "fee": "50", "share": "78", "label": [small.code], "rate": ["100"],
    }  # fmt: skip
    page = text_of(client_of(app, first).get(f"/rounds/{made.public_id}/plan", query_string=asked))
    # all 5 of the first and half of 13: 12 cases, 36 sheets, 12 hours, 1,800 yuan
    for figure in (
        "<dd>12 件</dd>",
        "<dd>36 份</dd>",
        "<dd>12.0 小时</dd>",
        "<dd>1,800 元</dd>",
        "设优良率 78.0%",
    ):
        assert figure in page
    assert queries.by_code_for(first, "R2026").spec == before


def test_the_button_writes_what_is_shown(app, world):
    _root, (small, _large), first, _second, made = world
    query = f"?ask=rate&amount=50&minimum=3&maximum=&take_all_below=0&reviewers=3&gap=8&label={small.code}&rate=100"
    path = f"/rounds/{made.public_id}/plan"
    answer = client_of(app, first).post(path + query, data={"version": str(made.version)})
    assert answer.status_code == 302
    spec = spec_of(first)
    assert (spec.sizes.default.ask.share, spec.sizes.default.minimum) == (parse_rate("50%"), 3)
    assert (spec.reviewers, spec.consensus.gap) == (3, 800)
    (override,) = spec.sizes.overrides
    assert override.when.as_plan() == {"institution": [small.code]}
    # and the page opens with what was saved
    page = text_of(client_of(app, first).get(path))
    assert 'name="rate" value="100"' in page


def test_somebody_saved_meanwhile(app, world):
    _root, _counties, first, _second, made = world
    path = f"/rounds/{made.public_id}/plan?ask=rate&amount=50"
    answer = client_of(app, first).post(path, data={"version": "999"})
    assert answer.status_code == 422
    assert spec_of(first).sizes.default.ask.share == parse_rate("27.7%")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("amount=0", "须大于 0"), ("amount=abc", "不是抽取率"), ("amount=10&minimum=x", "minimum"), ("ask=all&amount=1", "ask"),
        ("amount=10&minutes=0", "每份评分表用时"), ("amount=10&fee=-1", "每份评分表报酬"), ("amount=10&share=200", "须大于 0"),
        ("ask=total&amount=999", "抽不出来"), ("amount=10&label=x&rate=10", "没有对应的案件"), ("amount=10&reviewers=99", "reviewers"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_said_and_kept(app, world, query, said):
    _root, _counties, first, _second, made = world
    answer = client_of(app, first).get(f"/rounds/{made.public_id}/plan?{query}")
    assert answer.status_code == 422
    page = text_of(answer)
    assert "这样测算不出来" in page
    assert said in page


def test_a_frozen_plan_is_not_turned(app, world):
    root, _counties, first, _second, _made = world
    frozen = stories.frozen(first, stories.spec(root.code, code="F1"))
    assert client_of(app, first).get(f"/rounds/{frozen.public_id}/plan").status_code == 409


@pytest.mark.parametrize(
    ("text", "shown"), [("0.277", "27.7"), ("30%", "30"), ("1/3", "1/3"), ("100%", "100")]
)
def test_rates_are_shown_exactly(text, shown):
    assert percent_text(text) == shown
