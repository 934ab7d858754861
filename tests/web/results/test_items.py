"""Items that lose points: the page, its heat table, the workbook; small groups stay out."""

import io

import openpyxl
import pytest

from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def test_items_by_cuts_and_institution(app):
    world = review_world(app, cases=(4, 40))
    world.bring({"1": 90, "2": 80})
    address = f"/rounds/{world.round().public_id}/results/items"
    page = world.browser().get(address).get_data(as_text=True)
    assert "28 份首轮评分表，14 件案件" in page
    assert world.counties[1].name in page
    assert "不满 5 件的 1 家不列" in page, "two cases of the first county"
    assert world.browser("county").get(address).status_code == 404
    part = world.browser().get(f"{address}?place={world.counties[0].code}").get_data(as_text=True)
    assert "没有可以列出的扣分" in part
    assert "28 份" not in part


def test_the_workbook_has_every_item_and_the_share_of_points_lost(app):
    world = review_world(app)
    world.bring({"1": 90, "2": 80})
    answer = world.browser().get("/results/items.xlsx?codes=R2026")
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    losses, heat = (list(sheet.iter_rows(values_only=True)) for sheet in book)
    # sheets of 90 and of 80 points of 100, one each a case: 15 × (10 + 20) points lost, however spread over items
    assert sum(row[1] * row[3] for row in losses[1:]) == pytest.approx(450)
    assert losses[-1][5] == pytest.approx(1.0), "the running share ends at all of it"
    assert [row[2] for row in heat[1:]] == [6, 9]
    assert heat[1][3:] == heat[2][3:], "both counties were scored alike"
