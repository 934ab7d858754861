"""Pages of objections: the liaison reads and objects, the owning body decides, both see the end."""

import pytest

from qualityeval import clock
from qualityeval.database import db, transaction
from qualityeval.models import Objection
from qualityeval.services import releases
from tests.services.test_objections import window

pytestmark = pytest.mark.usefixtures("session")
REASON = "会见笔录在卷宗第 12 页，不应扣分。"


@pytest.fixture
def world(app):
    made = window(app)
    with transaction():  # the pages read the clock: the window opens now
        releases.notify(actor=made.actor(), round_=made.round(), now=clock.now())
    return made


def own(world, county=0):
    return world.rows(county, now=clock.now())[0].public_id


def text(answer):
    return answer.get_data(as_text=True)


def objected(world):
    address = f"/grades/{own(world)}"
    assert world.browser("liaison0").post(address, data={"reason": REASON}).status_code == 303
    return db.session.execute(db.select(Objection)).scalar_one().public_id


def test_the_liaison_sees_the_own_grades_and_deductions(world):
    browser = world.browser("liaison0")
    page = text(browser.get("/grades"))
    assert page.count(">初评<") == 6
    assert "85.00" in page or "85" in page
    detail = text(browser.get(f"/grades/{own(world)}"))
    assert "评分表2" in detail
    assert "提出异议" in detail
    assert not [code for code in (f"专家E{n}" for n in range(10)) if code in detail], "experts stay unnamed"


def test_another_institutions_case_is_not_found(world):
    foreign = own(world, 1)
    assert world.browser("liaison0").get(f"/grades/{foreign}").status_code == 404
    assert world.browser("liaison0").post(f"/grades/{foreign}", data={"reason": REASON}).status_code == 404


def test_without_a_reason_nothing_is_raised(world):
    answer = world.browser("liaison0").post(f"/grades/{own(world)}", data={"reason": ""})
    assert answer.status_code == 422
    assert "请填写这一项" in text(answer)
    assert db.session.execute(db.select(Objection)).first() is None


def test_an_objection_is_on_the_managers_list_and_desk(world):
    raised = objected(world)
    assert "决定机构提出的异议" in text(world.browser().get("/"))
    page = text(world.browser().get(f"/rounds/{world.round().public_id}/objections?state=open"))
    assert f"/objections/{raised}" in page
    assert REASON in text(world.browser().get(f"/objections/{raised}"))
    assert world.browser("county").get(f"/objections/{raised}").status_code == 404
    assert world.browser("liaison0").get(f"/objections/{raised}").status_code == 403


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"answer": "x"}, "请选择一项"),
        ({"decision": "reject", "answer": " "}, "请写明理由"),
        ({"decision": "other", "answer": "x"}, "有 1 处需要修改"),
    ],
)
def test_a_decision_without_choice_or_reason_is_refused(world, data, said):
    raised = objected(world)
    answer = world.browser().post(f"/objections/{raised}", data=data)
    assert answer.status_code == 422
    assert said in text(answer)
    assert db.session.execute(db.select(Objection.state)).scalar_one() == "open"


def test_rejected_with_its_reason_the_liaison_reads_it(world):
    raised = objected(world)
    answer = world.browser().post(
        f"/objections/{raised}", data={"decision": "reject", "answer": "第 12 页没有签名。"}
    )
    assert answer.status_code == 303
    page = text(world.browser("liaison0").get(f"/grades/{own(world)}"))
    assert "第 12 页没有签名。" in page
    again = world.browser().post(f"/objections/{raised}", data={"decision": "accept", "answer": ""})
    assert again.status_code == 422
    assert "已经作出决定" in text(again)


def test_accepted_and_read_anew_it_shows_before_and_after(world):
    raised = objected(world)
    assert (
        world.browser().post(f"/objections/{raised}", data={"decision": "accept", "answer": ""}).status_code
        == 303
    )
    assert "已受理，复核中" in text(world.browser().get(f"/objections/{raised}"))
    world.bring({"objection": 40}, slots=("objection",))
    page = text(world.browser().get(f"/objections/{raised}"))
    assert "异议复核后" in page
    assert "70" in page
    assert "复评和异议前后" in text(world.browser().get(f"/rounds/{world.round().public_id}/results"))
