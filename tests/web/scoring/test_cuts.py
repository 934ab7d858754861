"""Deductions on the sheet: face points, reason, pages; one of mark and deductions an item."""

import pytest
from sqlalchemy import select

from qualityeval.core.rubric import parse_rubric
from qualityeval.database import db
from qualityeval.models import Sheet, SheetDraft
from qualityeval.web.scoring import stale
from tests.core.rubric_samples import rubric_mapping
from tests.services import chain
from tests.web.scoring import desk as desks

ITEM = next(iter(chain.RUBRIC.by_item.values()))


@pytest.fixture
def desk(app, session):
    return desks.set_up(app)


def form(*lines, points=87, **more):
    """A whole sheet whose first item has these deductions (points, reason, pages) in place of a mark."""
    fields = {f"mark-{code}": f"{value / 100:.2f}" for code, value in chain.marks(points).items()}
    fields[f"mark-{ITEM.code}"] = ""
    for place, name in enumerate(("cut", "cut-why", "cut-page")):
        fields[f"{name}-{ITEM.code}"] = [line[place] for line in lines]
    return {"version": "0", **fields, **more}


def test_a_deduction_is_kept_with_its_reason_and_pages(app, session):
    desk = desks.dealt(app, session)
    sent = form(("1", "手续逾期送达", "37、40"), ("0.5", "卷内无送达凭证", ""), ("", "", "9"), do="submit")
    assert desk.client.post(desk.path, data=sent).status_code == 302
    mark = db.session.execute(select(Sheet.content)).scalar_one()["marks"][ITEM.code]
    assert mark["deductions"] == [100, 50]
    assert mark["cuts"] == [
        {"text": "手续逾期送达", "page": "37、40"},
        {"text": "卷内无送达凭证", "page": ""},
    ]
    assert "earned" not in mark
    text = desk.client.get(desk.path).get_data(as_text=True)
    assert "手续逾期送达" in text
    assert "第 37、40 页" in text


def test_the_total_is_what_the_marks_would_give(desk):
    """87 points with the first item at its mark, then the same item by what was taken off it."""
    earned = chain.marks(87)[ITEM.code]
    plain = desk.client.post(
        f"{desk.path}/total", data=form(points=87, **{f"mark-{ITEM.code}": f"{earned / 100}"})
    )
    off = (ITEM.points - earned) / 100
    cut = desk.client.post(f"{desk.path}/total", data=form((f"{off:.2f}", "x", "")))
    assert plain.get_json()["text"] == cut.get_json()["text"] == "87 · 良好"


def test_a_draft_brings_its_deductions_back(desk):
    sent = form(("1", "手续逾期送达", "37"))
    assert desk.client.post(f"{desk.path}/draft", data=sent).get_json()["version"] == 1
    text = desk.client.get(desk.path).get_data(as_text=True)
    assert 'value="手续逾期送达"' in text
    assert f'name="cut-page-{ITEM.code}" value="37"' in text


@pytest.mark.parametrize(
    ("line", "mark"),
    [(("", "无分值", ""), ""), (("zwei", "x", ""), ""), (("1.234", "x", ""), ""), (("1", "x", ""), "0.33"), (("99", "x", ""), "")],
)  # fmt: skip
def test_what_does_not_fit_is_named_at_its_item_and_stays(desk, line, mark):
    answer = desk.client.post(desk.path, data=form(line, do="submit", **{f"mark-{ITEM.code}": mark}))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="mark-{ITEM.code}-error"' in text
    assert f'value="{line[1]}"' in text
    assert db.session.execute(select(Sheet)).first() is None


def test_a_stale_window_keeps_both_texts(desk):
    desk.client.post(f"{desk.path}/draft", data=form(("1", "甲的理由", "3")))
    answer = desk.client.post(desk.path, data=form(("2", "乙的理由", "4"), ("1", "丙的理由", ""), do="save"))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    for words in ("−1 甲的理由 → 3", "−2 乙的理由 → 4；−1 丙的理由"):
        assert words in text
    assert text.count(f'name="cut-why-{ITEM.code}"') == 2
    assert db.session.execute(select(SheetDraft.version)).scalar_one() == 1


def test_a_stale_window_is_settled_field_by_field(desk):
    desk.client.post(f"{desk.path}/draft", data=form(("1", "甲的理由", "3"), overall="先写的总评"))
    mine = form(("2", "乙的理由", "4"), overall="后写的总评", do="save")
    page = desk.client.post(desk.path, data=mine).get_data(as_text=True)
    assert f'value="mark:{ITEM.code}"' in page
    desk.client.post(desk.path, data={**mine, "version": "1", "take": f"mark:{ITEM.code}"})
    (draft,) = db.session.execute(select(SheetDraft.content)).scalars()
    assert draft["marks"][ITEM.code]["cuts"] == [{"text": "甲的理由", "page": "3"}]
    assert draft["overall"] == "后写的总评"


def test_every_kind_of_field_is_compared_and_taken(app):
    saved = {
        "marks": {"a1": {"earned": 500, "reason": "甲", "page": "1"}, "a3": {"na": True, "reason": "丙"}},
        "bonus": {"model": 200}, "vetoes": {"late": ""}, "overall": "旧", "asks": True,
    }  # fmt: skip
    typed = {
        "marks": {"a1": {"deductions": [100], "cuts": [{"text": "乙", "page": "2"}], "page": "1"}, "c1": {"earned": 6000}},
        "bonus": {"adopted": 100}, "vetoes": {"absent": "缺席"}, "overall": "新", "asks": False,
    }  # fmt: skip
    rubric = parse_rubric(rubric_mapping())
    with app.test_request_context():
        found = {one.name: (one.saved, one.typed) for one in stale.differing(rubric, saved, typed)}
        taken = stale.merged(typed, saved, found)
        assert stale.differing(rubric, saved, taken) == []
    assert found == {
        "mark:a1": ("5", "−1 乙 → 2"), "reason:a1": ("甲", ""), "mark:a3": ("不适用", ""), "reason:a3": ("丙", ""),
        "mark:c1": ("", "60"), "bonus:model": ("2", ""), "bonus:adopted": ("", "1"), "vetoes:late": ("有", ""),
        "vetoes:absent": ("", "缺席"), "overall": ("旧", "新"), "asks": ("是", ""),
    }  # fmt: skip
    assert stale.merged(typed, saved, []) == typed
