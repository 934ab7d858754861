"""Results on the page: figures, groups, what is withheld, several rounds."""

import csv
import io
from datetime import date

import pytest

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import transaction
from qualityeval.queries import result_pages
from qualityeval.queries import rounds as queries
from qualityeval.services import dealing
from qualityeval.words import results as words
from tests import factories
from tests.services import stories
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


def second_round(world, *, rubric="criminal-trial@1"):
    """A round of the following year with a case in each county, dealt and scored."""
    first, second = world.actor(), world.actor("second")
    for county in world.counties:
        numbers = [f"2027-{number}" for number in range(8)]
        factories.create_cases(institution=county, numbers=numbers, closed_on=date(2027, 2, 1))
    root = world.round().institution.code
    text = stories.spec(root, code="R2027").replace(
        "2026-01-01, to: 2026-12-31", "2027-01-01, to: 2027-12-31"
    )
    stories.drawn(first, second, text.replace("criminal-trial@1", rubric).replace("27.7%", "100%"))
    with transaction():
        dealing.assign(actor=first, round_=queries.by_code_for(first, "R2027"), now=factories.NOW)


def test_two_rounds_stand_in_one_table(app):
    world = review_world(app)
    world.bring({"1": 90, "2": 80})
    second_round(world)
    page = text(world.browser().get("/results/period?codes=R2026,R2027"))
    assert "2 个批次合并" in page
    assert "n 15 / N 66" in page  # 50 and 16 in the frames; nothing of the second is scored yet
    rows = world.browser().get("/results/export.csv?codes=R2026,R2027").get_data().decode("utf-8-sig")
    whole = next(csv.DictReader(io.StringIO(rows)))
    said = result_pages.results_for(
        COMMAND_LINE, *(result_pages.round_for(COMMAND_LINE, code=code) for code in ("R2026", "R2027"))
    )["overall"]  # what `round results R2026,R2027 --json` prints
    assert (whole["n"], whole["N"]) == (str(said["n"]), str(said["N"])) == ("15", "66")
    assert float(whole["优良率"]) == said["good_rate"]
    assert [float(whole["95% 区间下限"]), float(whole["95% 区间上限"])] == said["interval"]
    assert f"{words.percent(said['good_rate'])}</dd>" in page


def test_a_place_narrows_page_and_file_and_a_strange_one_is_not_there(app):
    world = review_world(app)
    world.bring({"1": 90, "2": 80})
    first, second = world.counties
    page = text(page_of(world, f"?place={first.code}&by=institution"))
    assert "n 6 / N 20" in page
    assert f"<small>{second.code}" not in page
    assert "画不出控制限" in text(page_of(world)), "why there is no picture stands in words"
    rows = (
        world.browser()
        .get(f"/results/export.csv?codes=R2026&place={first.code}")
        .get_data()
        .decode("utf-8-sig")
    )
    assert [row["代码"] for row in csv.DictReader(io.StringIO(rows))] == ["", first.code]
    assert page_of(world, "?place=nowhere").status_code == 404
    steps = world.browser().get("/results/export.csv?codes=R2026&table=steps").get_data().decode("utf-8-sig")
    assert [row["步骤"] for row in csv.DictReader(io.StringIO(steps))] == ["首轮", "复评后", "异议复核后"]


def test_rounds_of_other_rubrics_stand_side_by_side(app):
    world = review_world(app)
    world.bring({"1": 90, "2": 80})
    second_round(world, rubric="criminal-appeal@1")
    page = text(world.browser().get("/results/period?code=R2026&code=R2027"))
    assert "这些批次的评分标准不同" in page
    assert "评分标准不同，不合并计算" in page
    assert "100.0%" in page, "each round's own figure"
    for kind in ("csv", "xlsx"):
        assert world.browser().get(f"/results/export.{kind}?codes=R2026,R2027").status_code == 200
