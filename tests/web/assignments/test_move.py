"""A manager changes the reader of a file."""

import pytest
from sqlalchemy import select

from qualityeval.database import db
from qualityeval.models import Assignment, Expert, FileAnswer
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def world(app):
    return review_world(app, cases=(8, 12))


def test_an_alternate_reads_it(world):
    line = db.session.execute(select(Assignment)).scalars().first()
    name, earlier, sampled, slot = line.public_id, line.expert_id, line.sampled_case_id, line.slot
    browser = world.browser()
    assert "把这件案件改派给别人？" in browser.get(f"/assignments/{name}/move").get_data(as_text=True)
    assert browser.post(f"/assignments/{name}/move", data={"reason": " "}).status_code == 422
    assert browser.post(f"/assignments/{name}/move", data={"reason": "住院"}).status_code == 303
    db.session.expire_all()
    now = db.session.execute(select(Assignment).filter_by(sampled_case_id=sampled, slot=slot)).scalar_one()
    assert now.expert_id != earlier
    given = db.session.execute(select(FileAnswer)).scalar_one()
    assert (given.answer, given.reason, given.expert_id) == ("recused", "住院", earlier)


def test_who_must_step_aside_by_now_is_listed_with_the_way_to_change(world):
    line = db.session.execute(select(Assignment)).scalars().first()
    expert = db.session.get_one(Expert, line.expert_id).public_id
    case = line.sampled_case.frame_case.key
    browser = world.browser()
    browser.post(
        f"/experts/{expert}/interests",
        data={"new-kind": "opposite", "new-source": "institution", "new-about": "case", "new-whom": case,
              "new-reason": "曾代理对方"},
    )  # fmt: skip
    page = browser.get(f"/rounds/{world.round().public_id}/assignments").get_data(as_text=True)
    assert "违反回避规则的派案" in page
    assert "专家曾是这件案件的对方" in page
    assert f"/assignments/{line.public_id}/move" in page


def test_a_submitted_sheet_stays(world):
    world.bring({"1": 90}, slots=("1",))
    name = db.session.execute(select(Assignment).filter_by(state="submitted")).scalars().first().public_id
    answer = world.browser().post(f"/assignments/{name}/move", data={"reason": "住院"})
    assert answer.status_code == 422
    assert "评分表已经提交" in answer.get_data(as_text=True)
