"""The pages of the staff part: what is open, the form, what it sets going, what the expert sees of it."""

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Case, CaseResult, Expert, FrameCase, SampledCase, StaffAnswer
from qualityeval.services import audit
from tests import factories
from tests.factories import NOW
from tests.web.signed_in import browser_of
from tests.web.staff_world import divided_world


@pytest.fixture
def world(app, session):
    return divided_world(app)


def reader(app):
    """The browser and the file of the first case's reader."""
    line, code, case = db.session.execute(
        select(Assignment.public_id, Expert.code, SampledCase.public_id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .order_by(Assignment.id)
    ).first()
    return (
        browser_of(app, factories.create_account(role=Role.EXPERT, expert_code=code)),
        f"/scoring/{line}",
        case,
    )


def test_dates_fill_the_form_of_an_open_part_and_saving_confirms_them(world):
    sampled, case = db.session.execute(
        select(SampledCase.public_id, Case)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
    ).first()
    with transaction():
        case.closed_on, case.submitted_on = date(2026, 3, 2), date(2026, 6, 2)
        audit.record(COMMAND_LINE, "case.updated", now=NOW, object_type="case", object_id=case.number)
    manager, path = world.browser(), f"/staff/{sampled}"
    page = manager.get(path).get_data(as_text=True)
    assert 'name="mark-a1" value="6"' in page  # half of 12
    assert "提议：−6" in page
    assert db.session.execute(select(StaffAnswer)).first() is None
    assert manager.post(path, data={"mark-a1": "6", "mark-a2": "8"}).status_code == 303
    assert db.session.execute(select(StaffAnswer)).scalars().one().marks["a1"]["earned"] == 600
    assert "提议：" not in manager.get(path).get_data(as_text=True)


def test_from_an_expert_who_waits_to_a_result(app, world):
    expert, desk, case = reader(app)
    page = expert.get(desk).get_data(as_text=True)
    assert "由工作人员填写" in page
    assert 'name="mark-a1"' not in page
    told = expert.post(f"{desk}/total", data={"mark-b1": "60"}).get_json()
    assert (told["total"], told["missing"]) == (None, 0)
    assert expert.post(desk, data={"mark-b1": "60", "version": "0", "do": "submit"}).status_code == 302
    assert "已交，等工作人员填写其余部分" in expert.get(desk).get_data(as_text=True)
    assert "已交，等工作人员" in expert.get("/scoring/?state=waiting").get_data(as_text=True)

    manager = world.browser()
    dealt = manager.get(f"/rounds/{world.round().public_id}/assignments?state=waiting").get_data(as_text=True)
    assert "等工作人员 1" in dealt
    assert "导出 1 行" in dealt
    moves = manager.get(f"/rounds/{world.round().public_id}/notify").get_data(as_text=True)
    assert "2 件案件由工作人员填写的部分没有填写" in moves
    listed = f"/rounds/{world.round().public_id}/staff"
    for asked, count in (
        ("state=waiting", 1),
        ("state=answered", 0),
        ("text=盗窃", 2),
        ("text=没有这样的", 0),
    ):
        assert manager.get(f"{listed}?{asked}").get_data(as_text=True).count('href="/staff/') == count, asked
    listed = manager.get(f"/rounds/{world.round().public_id}/staff").get_data(as_text=True)
    assert "还有 2 件没有填写" in listed
    path = f"/staff/{case}"
    assert 'name="mark-a1"' in manager.get(path).get_data(as_text=True)
    for bad, why in (
        ({"mark-a1": "9"}, "这一项还没有填"),
        ({"mark-a1": "x"}, "不是分数"),
        ({"mark-a1": "13", "mark-a2": "8"}, "0 到 12 之间"),
    ):
        refused = manager.post(path, data=bad)
        assert refused.status_code == 422
        assert why in refused.get_data(as_text=True)
    assert manager.post(path, data={"mark-a1": "9", "na-a2": "1", "reason-a2": "没有协作"}).status_code == 303
    # 20 · 9/12 + 60
    assert db.session.execute(select(CaseResult.total)).scalars().all() == [7500]
    line = desk.rpartition("/")[2]
    story = manager.get(f"/assignments/{line}/story").get_data(as_text=True)
    assert "专家交表，等工作人员填写" in story
    assert "填写工作人员部分" in story
    printed = expert.get(f"{desk}/paper").get_data(as_text=True)
    assert "项a1" in printed
    assert expert.get(desk).status_code == 200
    again = manager.post(path, data={"mark-a1": "12", "mark-a2": "8", "reason": "看错"})
    assert "已有评分表" in again.get_data(as_text=True)
    assert db.session.execute(select(StaffAnswer.revision)).scalars().all() == [1]


def test_an_indicator_of_staff_is_graded_once_and_combined(app, session):
    world = divided_world(app, indicators=True)
    expert, desk, case = reader(app)
    page = expert.get(desk).get_data(as_text=True)
    assert "由工作人员填写" in page
    assert 'name="grade-reports"' not in page
    assert "请等填写后再交" in page
    best = {
        f"grade-{code}": "优秀" for code in ("meeting", "reading", "opinion", "hearing", "notices", "archive")
    }
    sent = {**best, "version": "0", "do": "submit", "own": "良好", "own-reason": "卷面混乱"}
    early = expert.post(desk, data=sent)
    assert early.status_code == 422
    assert "请等填写后再交" in early.get_data(as_text=True)
    assert expert.post(desk, data={**best, "version": "1", "do": "submit"}).status_code == 302
    manager, path = world.browser(), f"/staff/{case}"
    assert '<select class="form-select" id="mark-reports"' in manager.get(path).get_data(as_text=True)
    for bad, why in (({"mark-reports": ""}, "这一项还没有填"), ({"mark-reports": "甲"}, "没有“甲”这个等次")):
        refused = manager.post(path, data=bad)
        assert refused.status_code == 422
        assert why in refused.get_data(as_text=True)
    assert manager.post(path, data={"mark-reports": "合格"}).status_code == 303
    # core all the best, one other at the third: the second grade
    assert db.session.execute(select(CaseResult.total, CaseResult.grade)).all() == [(None, "良好")]
    assert 'value="合格" selected' in manager.get(path).get_data(as_text=True)
    assert "☑ 合格" in expert.get(f"{desk}/paper").get_data(as_text=True)


def test_many_cases_in_a_table_are_looked_at_then_kept(app, world):
    manager, here = world.browser(), f"/rounds/{world.round().public_id}/staff"
    assert f'href="{here}/import"' in manager.get(here).get_data(as_text=True)
    assert f'href="{here}.xlsx"' in manager.get(f"{here}/import").get_data(as_text=True)
    book = openpyxl.load_workbook(io.BytesIO(manager.get(f"{here}.xlsx").data))
    marks = {"a1": "9", "a2": "8"}
    for row in book.active.iter_rows(min_row=2):
        row[4].value = marks[row[1].value]
    filled = io.BytesIO()
    book.save(filled)

    def sent(content, name="staff.xlsx"):
        return manager.post(f"{here}/import", data={"file": (io.BytesIO(content), name)}).headers["Location"]

    bad = sent(f"case,item,mark\n{book.active['A2'].value},a1,13\n".encode(), "staff.csv")
    page = manager.get(bad).get_data(as_text=True)
    assert "没有存入任何内容" in page
    assert "第 2 行" in page
    assert manager.post(bad).status_code == 422
    looked = sent(filled.getvalue())
    assert "保存 2 件" in manager.get(looked).get_data(as_text=True)
    assert db.session.execute(select(StaffAnswer)).first() is None
    assert manager.post(looked).status_code == 303
    assert len(db.session.execute(select(StaffAnswer)).all()) == 2
    assert "都填好了" in manager.get(here).get_data(as_text=True)
    lacking = manager.get(sent(b"case,mark\nx,1\n", "staff.csv"))
    assert lacking.status_code == 422
    assert world.browser("county").get(f"{here}.xlsx").status_code == 404


def test_whose_page_it_is(app, world):
    expert, _desk, case = reader(app)
    assert expert.get(f"/staff/{case}").status_code == 403
    assert world.browser("county").get(f"/staff/{case}").status_code == 404
