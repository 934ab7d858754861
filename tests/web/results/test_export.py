"""Results as files: numbers stay numbers, texts never run, every group is there."""

import csv
import io

import openpyxl
import pytest
from sqlalchemy import update

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db, transaction
from qualityeval.models import Institution
from qualityeval.services import audit
from tests.factories import NOW
from tests.kept import kept
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
@kept
def world(app):
    made = review_world(app, cases=(4, 40))
    with transaction():
        db.session.execute(
            update(Institution).where(Institution.id == made.counties[1].id).values(name="=cmd|' /C calc'!A0")
        )
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="institution")
    made.bring({"1": 90, "2": 80})
    return made


def test_the_csv_file(world):
    content = world.browser().get("/results/export.csv?codes=R2026").get_data()
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    whole, small, large = rows
    assert (whole["机构"], whole["n"], whole["N"], whole["良好"], whole["优良率"]) == (
        "合计",
        "14",
        "44",
        "14",
        "1.0",
    )
    assert (small["n"], small["良好"], small["优良率"], small["说明"]) == ("2", "", "", "样本不足 5 件，不列")
    assert large["机构"] == "'=cmd|' /C calc'!A0"
    # Wilson at 12 of 12: 12 / (12 + 1.959964²) = 0.757506 (hand calculation)
    assert float(large["95% 区间下限"]) == pytest.approx(0.757506, abs=1e-6)


def test_the_workbook(world):
    answer = world.browser().get("/results/export.xlsx?codes=R2026")
    assert "R2026-results.xlsx" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    assert book.sheetnames == [
        "说明",
        "地区",
        "机构",
        "承办单位",
        "案件类型",
        "复评和异议前后",
        "原始与校正",
        "未提交和替换",
    ]
    rows = list(book["机构"].iter_rows(values_only=True))
    assert rows[1][:4] == (None, "合计", 14, 44)
    assert rows[3][1] == "=cmd|' /C calc'!A0"
    assert {cell.data_type for row in book["机构"].iter_rows() for cell in row} <= {"s", "n"}, "no formula"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_another_body_gets_no_file(world, kind):
    assert world.browser("county").get(f"/results/export.{kind}?codes=R2026").status_code == 404
