"""Results on the page: figures, groups, what is withheld, several rounds."""

import pytest

from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def text(answer):
    return answer.get_data(as_text=True)


def page_of(world, rest="", name="first"):
    return world.browser(name).get(f"/rounds/{world.round().public_id}/results{rest}")


def test_figures_with_interval_n_and_capital_n(app):
    world = review_world(app)
    world.bring({"1": 90, "2": 80})
    page = text(page_of(world))
    assert "初步结果，未发布" in page
    assert '<dd class="v">100.0%</dd>' in page
    # Wilson at 15 of 15: 15 / (15 + 1.959964²) = 0.796117 (hand calculation)
    assert "95% 区间 79.6—100.0% · n 15 / N 50" in page
    for county, sizes in zip(world.counties, ("6 / 20", "9 / 30"), strict=True):
        assert county.name in page
        assert sizes in page
    assert "四分位 85.0—85.0 · 两人平均差 10.0" in page


def test_a_round_without_sheets_says_so(app):
    page = text(page_of(review_world(app)))
    assert "还没有结果" in page
    assert "15<small>件" in page
    assert "%</dd>" not in page


def test_small_groups_are_withheld_with_the_reason(app):
    world = review_world(app, cases=(4, 40))
    world.bring({"1": 90, "2": 80})
    page = text(page_of(world))
    assert "样本不足 5 件，不列" in page
    assert "2 / 4" in page


@pytest.mark.parametrize(
    ("by", "said"), [("provider", "未写承办单位"), ("case_type", "刑事"), ("nonsense", "法律援助中心")]
)
def test_other_groups(app, by, said):
    world = review_world(app)
    world.bring({"1": 90, "2": 80})
    assert said in text(page_of(world, f"?by={by}"))


def test_the_list_leads_to_them(app):
    world = review_world(app)
    page = text(world.browser().get("/results"))
    assert f"/rounds/{world.round().public_id}/results" in page
    assert "还没有结果" in text(world.browser("county").get("/results"))


def test_one_code_leads_to_the_round_and_a_strange_one_nowhere(app):
    world = review_world(app)
    answer = world.browser().get("/results/period?codes=R2026")
    assert answer.headers["Location"].startswith(f"/rounds/{world.round().public_id}/results")
    assert world.browser().get("/results/period?codes=R2026,NONE").status_code == 404
    assert world.browser().get("/results/period?codes=").status_code == 422
    assert world.browser("county").get("/results/period?codes=R2026").status_code == 404


def test_another_body_has_no_such_round(app):
    world = review_world(app)
    assert page_of(world, name="county").status_code == 404
