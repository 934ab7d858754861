"""Who is paid for how many sheets: on the page and in both files."""

import io

import pytest
from python_calamine import CalamineWorkbook

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db, transaction
from qualityeval.models import Setting
from qualityeval.services import audit
from tests.factories import NOW
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def place(world):
    return f"/rounds/{world.round().public_id}/payments"


def test_sheets_times_the_rate(app):
    world = review_world(app)
    browser = world.browser()
    assert "还没有提交的评分表" in browser.get(place(world)).text
    world.bring({"1": 90, "2": 70})  # every case goes to arbitration: only the first sheets are in
    assert "还没有定每份评审费" in browser.get(place(world)).text
    with transaction():
        db.session.add(Setting(name="sheet_pay", value="80", changed_at=NOW))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="setting")
    page = browser.get(place(world)).text
    assert "2,400" in page  # 15 cases, two sheets each, 80 yuan
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get(f"{place(world)}.xlsx").data))
    header, *rows = book.get_sheet_by_index(0).to_python()
    assert header[0] == "编号"
    assert sum(row[8] for row in rows) == 2400
    assert [row[0] for row in rows] == [f"E{n}" for n in range(10)]
    assert browser.get(f"{place(world)}.csv").data.decode("utf-8-sig").count("\n") == 11
