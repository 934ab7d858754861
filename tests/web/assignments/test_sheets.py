"""Sheets brought as a file: looked at first, submitted by the second press."""

import csv
import io

import openpyxl
import pytest
from sqlalchemy import func, select

from qualityeval.database import db
from qualityeval.models import Sheet
from tests.services import chain
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")
COLUMNS = ("case", "expert", "item", "mark")


@pytest.fixture
def world(app):
    return review_world(app)


def table(world, points, spoil=None):
    rows = [cells for _number, cells in chain.lines(world.round(), points)]
    if spoil:
        spoil(rows)
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def bring(world, content, name="first"):
    return world.browser(name).post(
        f"/rounds/{world.round().public_id}/sheets", data={"file": (io.BytesIO(content), "sheets.csv")}
    )


def sheets():
    return db.session.execute(select(func.count()).select_from(Sheet)).scalar_one()


def test_looked_at_then_submitted(world):
    answer = bring(world, table(world, {"1": 90, "2": 85}))
    browser = world.browser()
    page = browser.get(answer.headers["Location"]).get_data(as_text=True)
    assert "代录 30 份" in page
    assert sheets() == 0
    assert world.round().state == "assigned", "looking changes nothing"
    assert browser.post(answer.headers["Location"]).status_code == 303
    assert sheets() == 30
    assert world.round().state == "scoring"
    again = browser.post(answer.headers["Location"])
    assert again.status_code == 422
    assert "已经提交过" in again.get_data(as_text=True)


def test_a_bad_line_is_named_and_nothing_is_stored(world):
    def spoil(rows):
        rows[2]["mark"] = "zwölf"
        rows.append({**rows[0], "expert": "nobody"})

    answer = bring(world, table(world, {"1": 90, "2": 85}, spoil))
    page = world.browser().get(answer.headers["Location"]).get_data(as_text=True)
    assert "第 4 行" in page  # the heading is row 1
    assert "没有派给专家" in page
    assert "mark" in page
    assert world.browser().post(answer.headers["Location"]).status_code == 422
    assert sheets() == 0


def test_a_file_of_another_round_or_purpose_is_not_taken(world, app):
    kept = bring(world, table(world, {"1": 90, "2": 85})).headers["Location"].rpartition("/")[2]
    assert world.browser().get(f"/experts/import/{kept}").status_code == 404, "it was brought as sheets"
    assert world.browser("second").get(f"/rounds/{world.round().public_id}/sheets/{kept}").status_code == 404


def test_another_body_brings_nothing(world):
    assert bring(world, table(world, {"1": 90, "2": 85}), "county").status_code == 404


def test_missing_columns_are_named(world):
    answer = bring(world, b"case,mark\nx,1\n")
    page = world.browser().get(answer.headers["Location"])
    assert page.status_code == 422
    assert "expert、item" in page.get_data(as_text=True)


def lines_of(answer):
    book = openpyxl.load_workbook(io.BytesIO(answer.data), read_only=True)
    head, *rows = ([str(cell or "") for cell in row] for row in book.active.iter_rows(values_only=True))
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_open_sheets_go_out_come_back_filled_and_are_there_as_submitted(world):
    browser, address = world.browser(), f"/rounds/{world.round().public_id}/sheets.xlsx"
    empty = lines_of(browser.get(address))
    assert len({(one["case"], one["expert"]) for one in empty}) == 30
    assert not any(one["mark"] for one in empty)
    assert lines_of(browser.get(f"{address}?submitted=1")) == []
    filled = [
        one | {"mark": "", "reason": "可以"} if one["item"] == "overall" else one | {"mark": one["points"]} for one in empty
    ]  # fmt: skip
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(filled[0]))
    writer.writeheader()
    writer.writerows(filled)
    looked = bring(world, buffer.getvalue().encode())
    assert browser.post(looked.headers["Location"]).status_code == 303
    assert sheets() == 30
    assert lines_of(browser.get(address)) == []
    assert lines_of(browser.get(f"{address}?submitted=1")) == filled
