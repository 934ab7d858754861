"""Raw and corrected figures on one page, the change since an earlier round, and how experts read."""

import csv
import io

import openpyxl
import pytest

from tests.web.results.test_detail import text
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def test_raw_and_corrected_figures_stand_side_by_side(app):
    world = review_world(app)
    world.bring({"1": 90, "2": 80})
    browser, round_ = world.browser(), world.round()
    page = text(browser.get(f"/rounds/{round_.public_id}/results/beside"))
    # 6 of 6 and 9 of 9: nothing but the whole to shrink to, one rubric, and nothing to compare with
    assert "全部收缩到总体" in page
    assert "只有一类案件，不需要标准化" in page
    assert "与上期比较" not in page
    assert (
        "收缩后"
        not in text(browser.get(f"/rounds/{round_.public_id}/results/beside?by=case_type")).split("<h2")[1]
    )
    assert "不能与自己比较" in text(browser.get(f"/rounds/{round_.public_id}/results/beside?against=R2026"))
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/results/export.xlsx?codes=R2026").get_data()))
    assert [cell.value for cell in book["原始与校正"][2]][4] == 1

    severity = text(browser.get(f"/rounds/{round_.public_id}/results/experts"))
    assert "标出 0 位" in severity
    rows = list(
        csv.DictReader(
            io.StringIO(
                browser.get(f"/rounds/{round_.public_id}/results/experts.csv").get_data().decode("utf-8-sig")
            )
        )
    )
    assert sum(int(row["首轮评分表"]) for row in rows) == 30
