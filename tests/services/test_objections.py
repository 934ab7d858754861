"""Objections: who may raise one and when, what a decision does, and what a release waits for."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import Account, Assignment, CaseResult, Expert, Objection, Outbox
from qualityeval.queries import notified, results
from qualityeval.queries import objections as queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import audit, interests, objections, releases, rounds, sheet_import
from qualityeval.services.bench import ARBITRATION, OBJECTION, Bench
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import chain, stories
from tests.web.review_world import ReviewWorld

pytestmark = pytest.mark.usefixtures("session")
# 2026-11-25 is a Wednesday: five working days later is Wednesday, 2 December
LAST_DAY = NOW + timedelta(days=6)
OVER = NOW + timedelta(days=7)


class Window(ReviewWorld):
    """A round whose grades were notified: 90 and 80 points make 85.00, 良好, everywhere."""

    def liaison(self, county=0):
        return actor_of(self._account(f"liaison{county}"))

    def rows(self, county=0, now=NOW):
        actor = self.liaison(county)
        return notified.list_for(actor, notified.visible_rounds(actor, now=now))

    def object(self, county=0, reason="会见笔录在卷宗第 12 页。", now=NOW, public_id=None):
        public_id = public_id or self.rows(county)[0].public_id
        with transaction():
            _round, sampled, _case = notified.sampled_for(self.liaison(county), public_id)
            return objections.raise_objection(
                actor=self.liaison(county), sampled=sampled, reason=reason, now=now
            ).public_id

    def decide(self, public_id, act, answer="", who="first"):
        with transaction():
            _round, one = queries.get_for(self.actor(who), public_id)
            return act(actor=self.actor(who), objection=one, answer=answer, now=NOW)

    def release(self, who="first", now=OVER):
        with transaction():
            return releases.release(actor=self.actor(who), round_=self.round(), now=now)


@kept
def window(app, *, days=5, experts=10):
    root, counties = stories.bureau(cases=(20, 30))
    for name in ("first", "second"):
        factories.create_account(role=Role.MANAGER, institution=root, name=name, display_name=name)
    for number, county in enumerate(counties):
        factories.create_account(role=Role.LIAISON, institution=county, name=f"liaison{number}")
    factories.create_account(role=Role.MANAGER, institution=counties[0], name="county")
    factories.create_experts(range(experts))
    world = Window(app, tuple(counties))
    text = stories.spec(root.code) + f"deadlines: {{objection_days: {days}}}\n"
    stories.drawn(world.actor("first"), world.actor("second"), text)
    world.deal()
    world.bring({"1": 90, "2": 80})
    return world


@pytest.fixture
def world(app):
    made = window(app)
    made.notify()
    return made


def steps(world, public_id):
    db.session.expire_all()
    one = db.session.execute(db.select(Objection).filter_by(public_id=public_id)).scalar_one()
    found = db.session.execute(
        db.select(CaseResult).filter_by(sampled_case_id=one.sampled_case_id).order_by(CaseResult.id)
    ).scalars()
    return one.state, [(row.step, row.total, row.grade) for row in found]


def test_an_accepted_objection_is_read_anew_by_somebody_else(world):
    raised = world.object()
    expert = world.decide(raised, objections.accept).code
    lines = db.session.execute(
        db.select(Assignment.slot, Expert.code)
        .join(Expert, Assignment.expert_id == Expert.id)
        .join(Objection, Objection.sampled_case_id == Assignment.sampled_case_id)
        .order_by(Assignment.slot)
    ).all()
    assert [slot for slot, _code in lines] == ["1", "2", "objection"]
    assert len({code for _slot, code in lines}) == 3, "the re-scorer hasn't read the file before"
    assert dict(lines)["objection"] == expert
    world.bring({"objection": 97}, slots=("objection",))
    # (90 + 80 + 97) / 3 = 89.00, still 良好; the notified 85.00 stays beside it
    assert steps(world, raised) == ("settled", [("first", 8500, "良好"), ("objected", 8900, "良好")])


def test_a_rejection_leaves_the_result_and_says_why(world):
    raised = world.object()
    with pytest.raises(InvalidInput) as refused:
        world.decide(raised, objections.reject, answer="  ")
    assert refused.value.where == "answer"
    world.decide(raised, objections.reject, answer="卷宗第 12 页没有签名。")
    assert steps(world, raised) == ("rejected", [("first", 8500, "良好")])
    shown = notified.get_for(world.liaison(), world.rows()[0].public_id, now=NOW)
    assert (shown.objection.answer, shown.may_object) == ("卷宗第 12 页没有签名。", False)
    with pytest.raises(WrongState) as again:
        world.decide(raised, objections.accept)
    assert again.value.code == "objection.decided"


def test_the_release_waits_until_every_objection_is_done(world):
    raised = world.object()
    with pytest.raises(WrongState) as undecided:
        world.release()
    assert undecided.value.code == "release.objections"
    world.decide(raised, objections.accept)
    with pytest.raises(WrongState) as unscored:
        world.release()
    assert unscored.value.code == "release.objections"
    world.bring({"objection": 40}, slots=("objection",))
    assert world.release() is False
    assert world.release("second") is True
    # (90 + 80 + 40) / 3 = 70.00: 良好 before, 合格 after, for this one case of fifteen
    found = results.results(world.actor(), world.round())
    assert [(one["step"], one["grades"]) for one in found["steps"]] == [
        ("first", {"优秀": 0, "良好": 15, "合格": 0, "不合格": 0}),
        ("arbitrated", {"优秀": 0, "良好": 15, "合格": 0, "不合格": 0}),
        ("objected", {"优秀": 0, "良好": 14, "合格": 1, "不合格": 0}),
    ]
    assert found["overall"]["grades"]["合格"] == 1


def test_before_the_release_the_institution_sees_what_was_notified_and_after_it_what_counts(world):
    raised, row = world.object(), world.rows()[0]
    world.decide(raised, objections.accept)
    world.bring({"objection": 40}, slots=("objection",))
    before = notified.get_for(world.liaison(), row.public_id, now=NOW)
    assert ((before.row.total, before.row.grade), len(before.sheets)) == ((8500, "良好"), 2)
    assert world.rows(now=OVER) == [], "between the window and the release nothing is shown"
    world.release()
    world.release("second")
    after = notified.get_for(world.liaison(), row.public_id, now=OVER)
    assert (after.row.total, after.row.grade, after.notified) == (7000, "合格", (8500, "良好"))
    assert len(after.sheets) == 3


def test_deductions_show_what_each_sheet_took(world):
    page = notified.get_for(world.liaison(), world.rows()[0].public_id, now=NOW)
    assert sorted(sheet.total for sheet in page.sheets) == [8000, 9000]
    assert sorted(sum(loss.lost for loss in sheet.losses) for sheet in page.sheets) == [1000, 2000]


def test_the_window_is_five_working_days(world):
    world.object(now=LAST_DAY)
    with pytest.raises(WrongState) as late:
        world.object(county=1, now=OVER)
    assert late.value.code == "objection.window"


def test_no_window_no_objection(app):
    world = window(app, days=0)
    world.notify()
    assert world.rows() == []
    sampled = db.session.execute(db.select(Assignment)).scalars().first().sampled_case
    case = db.session.get_one(factories.Case, sampled.frame_case.case_id)
    owner = next(n for n, county in enumerate(world.counties) if county.id == case.institution_id)
    with pytest.raises(WrongState) as refused, transaction():
        objections.raise_objection(actor=world.liaison(owner), sampled=sampled, reason="x", now=NOW)
    assert refused.value.code == "objection.window"


def test_nothing_is_seen_before_the_notice(app):
    world = window(app)
    assert world.rows() == []
    sampled = db.session.execute(db.select(Assignment)).scalars().first().sampled_case
    actor = world.liaison()
    with pytest.raises(NotFound):
        notified.get_for(actor, sampled.public_id, now=NOW)


def test_one_objection_a_case_and_only_with_a_reason(world):
    with pytest.raises(InvalidInput) as bare:
        world.object(reason=" ")
    assert bare.value.where == "reason"
    with pytest.raises(InvalidInput):
        world.object(reason="长" * 2001)
    first = world.rows()[0].public_id
    world.object(public_id=first)
    with pytest.raises(WrongState) as twice:
        world.object(public_id=first)
    assert twice.value.code == "objection.twice"


def test_another_institutions_case_is_not_there(world):
    foreign = world.rows(1)[0].public_id
    assert foreign not in {row.public_id for row in world.rows(0)}
    with pytest.raises(NotFound):
        notified.get_for(world.liaison(0), foreign, now=NOW)
    with pytest.raises(NotFound):
        world.object(0, public_id=foreign)
    _round, sampled, _case = notified.sampled_for(world.liaison(1), foreign)
    with pytest.raises(NotAllowed), transaction():
        objections.raise_objection(actor=world.liaison(0), sampled=sampled, reason="x", now=NOW)


def test_only_the_owning_body_decides(world):
    raised = world.object()
    with pytest.raises(NotFound):
        queries.get_for(world.actor("county"), raised)
    one = db.session.execute(db.select(Objection)).scalar_one()
    for actor in (world.actor("county"), world.liaison()):
        with pytest.raises(NotAllowed), transaction():
            objections.accept(actor=actor, objection=one, answer="", now=NOW)
    assert steps(world, raised)[0] == "open"


def test_a_manager_of_the_evaluated_body_is_a_liaison_there(world):
    actor = world.actor("county")
    assert len(notified.list_for(actor, notified.visible_rounds(actor, now=NOW))) == 6
    assert notified.visible_rounds(world.actor("first"), now=NOW) == []


def test_nobody_left_to_read_it_is_said(app):
    world = window(app, experts=2)
    world.notify()
    raised = world.object()
    with pytest.raises(WrongState) as refused:
        world.decide(raised, objections.accept)
    assert refused.value.code == "objection.nobody"
    assert steps(world, raised)[0] == "open"
    factories.create_expert(code="E9")
    assert world.decide(raised, objections.accept).code == "E9"


def test_a_withdrawn_round_takes_no_objection(world):
    public_id = world.rows()[0].public_id
    with transaction():
        rounds.withdraw(actor=world.actor(), round_=world.round(), reason="方案有误", now=NOW)
    with pytest.raises(WrongState) as refused:
        world.object(public_id=public_id)
    assert refused.value.code == "round.object"


def test_the_rescore_comes_by_import_like_any_sheet(world):
    raised = world.object()
    world.decide(raised, objections.accept)
    with transaction():
        report = sheet_import.import_sheets(
            actor=world.actor(), round_=world.round(), now=NOW,
            lines=list(chain.lines(world.round(), {"objection": 90}, slots=("objection",))),
        )  # fmt: skip
    assert (report.created, report.rejected) == (1, ())
    assert steps(world, raised)[0] == "settled"


def test_objections_are_drawn_by_a_stream_of_their_own(world):
    """Equal streams would name the same expert for every case; thirteen free ones rarely agree fifteen times."""
    factories.create_experts(range(20, 25))
    cases = sorted(set(db.session.execute(db.select(Assignment.sampled_case_id)).scalars()))
    chosen = [
        [Bench(world.round(), now=NOW, purpose=purpose).draw(case).code for case in cases]
        for purpose in (ARBITRATION, OBJECTION, OBJECTION)
    ]
    assert chosen[1] == chosen[2], "the same round and purpose name the same experts"
    assert chosen[0] != chosen[1]


def test_liaisons_are_told_of_grades_decisions_and_the_release_without_a_grade(app):
    """One letter to each liaison for each cause, in the transaction of the cause, and no case or grade in it."""
    world = window(app)
    with transaction():
        db.session.execute(
            update(Account).where(Account.name == "liaison0").values(email="a@example.org", mail_notices=True)
        )
        audit.record(world.actor(), "test.arranged", now=NOW, object_type="account")
    world.notify()
    world.decide(world.object(), objections.reject, "卷内没有这份材料。")
    world.release()
    world.release("second")
    letters = db.session.execute(select(Outbox).order_by(Outbox.id)).scalars().all()
    # five working days after Wednesday 25 November: objections end on 2 December
    assert [(one.recipient, one.body["text"], one.body["path"]) for one in letters] == [
        ("a@example.org", "批次 R2026 的初评等次可以查看，2026-12-02 之前可以提出异议。", "/grades"),
        ("a@example.org", "批次 R2026 有一件异议已经作出决定，请查看。", "/grades"),
        ("a@example.org", "批次 R2026 的评估结果已经发布。", "/results"),
    ]


def test_a_manager_with_an_interest_in_the_case_leaves_it_to_another(world):
    raised = world.object()
    one = db.session.execute(db.select(Objection).filter_by(public_id=raised)).scalar_one()
    key = world.round().institution.code  # with all below it
    with transaction():
        interests.record_interest(
            actor=world.actor("first"), expert=None, kind="kinship", about="institution", whom=key, reason="弟",
            now=NOW,
        )  # fmt: skip
    for act in (objections.accept, objections.reject):
        with pytest.raises(NotAllowed, match="另一位管理员"):
            world.decide(raised, act, answer="不成立。")
    assert one.state == "open"
    world.decide(raised, objections.reject, answer="不成立。", who="second")
