"""Agreed after discussion: what the experts of a case agree on is recorded; without agreement an arbitrator reads it."""

import pytest
from sqlalchemy import select

from qualityeval.database import db, transaction
from qualityeval.models import ArbitrationNeed, Assignment, AuditEvent, CaseResult
from qualityeval.queries import assignments as queries
from qualityeval.services import arbitration
from tests.factories import NOW
from tests.kept import kept
from tests.web.review_world import review_world

RULE = "consensus: {rule: agreed, gap: 10, triggers: [gap, veto, ask], resolve: decides}\n"


@pytest.fixture
@kept
def world(app, session):
    made = review_world(app, cases=(4, 4), experts=6, more=RULE)
    made.bring({"1": 90, "2": 70})
    return made


def first_line():
    return db.session.execute(select(Assignment).order_by(Assignment.id)).scalars().first()


def post(world, name="first", **fields):
    line = first_line()
    path = f"/assignments/{line.public_id}/agreement"
    return line, world.browser(name).post(path, data=fields)


def exported(world, address):
    """How many lines the page under this address offers to take along."""
    page = world.browser().get(address).get_data(as_text=True)
    return int(page.split("导出 ", 1)[1].split(" 行", 1)[0])


def test_no_arbitrator_is_drawn_before_the_experts_have_talked(world):
    needs = db.session.execute(select(ArbitrationNeed)).scalars().all()
    assert needs
    assert {tuple(need.reasons) for need in needs} == {("not_agreed",)}
    assert not db.session.execute(select(Assignment).filter_by(slot="arbitration")).first()
    with transaction():
        assert arbitration.fill_open_needs(world.round(), now=NOW) == 0
    story = world.browser().get(f"/assignments/{first_line().public_id}/story").get_data(as_text=True)
    assert "没有商议一致" in story
    assert "录入商议结果" in story


@pytest.mark.both_engines
def test_cases_that_wait_for_a_talk_are_found_from_the_todo(world):
    """All 4 drawn cases differ by 20 points: one line of the to-do leads to their 8 dealt files; 6 once one is agreed."""
    todo = world.browser().get("/").get_data(as_text=True)
    address = f"/rounds/{world.round().public_id}/assignments?state=discuss"
    assert "组织专家商议，录入结果" in todo
    assert address in todo
    assert exported(world, address) == 8
    post(world, total="84.5", veto="", minutes="10月8日两位专家商议", do="agree")
    assert exported(world, address) == 6


@pytest.mark.both_engines
def test_what_was_agreed_is_the_result_and_the_sheets_stay(world):
    page = world.browser().get(f"/assignments/{first_line().public_id}/agreement").get_data(as_text=True)
    assert "90 · 优秀" in page
    assert "70 · 合格" in page
    line, answer = post(world, total="84.5", veto="", minutes="10月8日两位专家商议", do="agree")
    assert answer.status_code == 303
    result = db.session.execute(
        select(CaseResult).filter_by(sampled_case_id=line.sampled_case_id)
    ).scalar_one()
    assert (result.total, result.grade, result.by, result.step) == (8450, "良好", "agreed", "first")
    assert db.session.get(ArbitrationNeed, line.sampled_case_id).settled_at is not None
    event = db.session.execute(select(AuditEvent).filter_by(action="case.agreed")).scalar_one()
    assert "两位专家商议" in event.detail
    story = world.browser().get(f"/assignments/{line.public_id}/story").get_data(as_text=True)
    assert "84.5 · 良好 · 代录 · 10月8日两位专家商议" in story
    _line, again = post(world, total="99", veto="", minutes="再来一次", do="agree")
    assert (again.status_code, "不在等待商议" in again.get_data(as_text=True)) == (422, True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"total": "101", "veto": "", "minutes": "商议"}, "总分须在 0 到 100 之间"),
        ({"total": "很好", "veto": "", "minutes": "商议"}, "不是分数"),
        ({"total": "84", "veto": "", "minutes": " "}, "请填写这一项"),
    ],
)
def test_what_cannot_be_is_refused_in_words(world, fields, said):
    _line, answer = post(world, do="agree", **fields)
    assert (answer.status_code, said in answer.get_data(as_text=True)) == (422, True)
    assert not db.session.execute(select(CaseResult)).first()


def test_without_agreement_an_arbitrator_decides(world):
    line, answer = post(world, total="", veto="", minutes="各持己见", do="arbitrate")
    assert answer.status_code == 303
    third = db.session.execute(
        select(Assignment).filter_by(sampled_case_id=line.sampled_case_id, slot="arbitration")
    ).scalar_one()
    assert third.expert_id not in {expert for _slot, expert in queries.readers_of(
        world.round(), only=line.sampled_case_id)[line.sampled_case_id] if _slot != "arbitration"}  # fmt: skip
    world.bring({"arbitration": 82}, slots=("arbitration",))
    result = db.session.execute(
        select(CaseResult).filter_by(sampled_case_id=line.sampled_case_id)
    ).scalar_one()
    assert (result.total, result.by, result.step) == (8200, "decides", "arbitrated")


def test_a_manager_of_another_body_finds_nothing(world):
    _line, answer = post(world, "county", total="84", veto="", minutes="商议", do="agree")
    assert answer.status_code == 404


def test_sheets_that_say_the_same_are_agreed(app, session):
    made = review_world(app, cases=(4, 4), experts=6, more=RULE)
    made.bring({"1": 83, "2": 83})
    found = db.session.execute(select(CaseResult)).scalars().all()
    assert {(one.total, one.by) for one in found} == {(8300, "agreed")}
    assert not db.session.execute(select(ArbitrationNeed)).first()
