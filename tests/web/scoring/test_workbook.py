"""The workbook filled away from the desk: out, in as drafts, stale versions told, formulas refused."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from qualityeval.core.offline_sheet import COLUMNS
from qualityeval.database import db
from qualityeval.models import SheetDraft
from tests.web.scoring import desk as desks

AT = {name: place for place, name in enumerate(COLUMNS)}


@pytest.fixture
def desk(app, session):
    return desks.set_up(app)


def _taken_out(desk):
    return openpyxl.load_workbook(io.BytesIO(desk.client.get("/scoring/workbook.xlsx").data))


def _fill(book, item, **cells):
    row = next(row for row in book.active.iter_rows(min_row=2) if row[AT["item"]].value == item)
    for name, value in cells.items():
        row[AT[name]].value = value
    return row


def _brought(desk, book):
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    return desk.client.post("/scoring/workbook", data={"file": (buffer, "sheets.xlsx")})


def _draft():
    return db.session.execute(select(SheetDraft)).scalar_one_or_none()


def test_a_filled_workbook_is_looked_through_then_kept_as_a_draft(desk):
    book = _taken_out(desk)
    _fill(book, "papers-delivered", mark="2.5")
    _fill(book, "filed-in-time", deduct="1", reason="逾期十日以内", page="3")
    answer = _brought(desk, book)
    assert answer.status_code == 303
    text = desk.client.get(answer.location).text
    for said in ("手续按时送达 · 得分和扣分", "2.5", "−1 逾期十日以内 → 3"):
        assert said in text  # in the words of the sheet, points as they are written
    assert _draft() is None
    assert desk.client.post(answer.location).status_code == 303
    marks = _draft().content["marks"]
    assert marks["papers-delivered"]["earned"] == 250
    assert marks["filed-in-time"]["deductions"] == [100]
    assert marks["filed-in-time"]["cuts"][0]["page"] == "3"
    again = desk.client.get(_brought(desk, _taken_out(desk)).location).text
    assert "没有不同" in again


def test_a_sheet_written_elsewhere_meanwhile_is_told_field_by_field_and_left_alone(desk):
    book = _taken_out(desk)
    _fill(book, "papers-delivered", mark="1")
    desk.client.post(f"{desk.path}/draft", data={"mark-papers-delivered": "3", "version": "0"})
    place = _brought(desk, book).location
    text = desk.client.get(place).text
    for said in ("在别处改过", ">3<", ">1<"):
        assert said in text
    desk.client.post(place)
    db.session.expire_all()
    assert _draft().content["marks"]["papers-delivered"]["earned"] == 300


def test_formulas_and_lines_that_cannot_be_read_keep_nothing(desk):
    book = _taken_out(desk)
    _fill(book, "papers-delivered", mark="=1+1")
    answer = _brought(desk, book)
    assert answer.status_code == 422
    assert "公式" in answer.text
    book = _taken_out(desk)
    _fill(book, "papers-delivered", mark="2")
    _fill(book, "filed-in-time", mark="many")
    place = _brought(desk, book).location
    assert "没有存入任何内容" in desk.client.get(place).text
    assert desk.client.post(place).status_code == 422
    assert _draft() is None
