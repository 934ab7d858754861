"""A released case read anew and restated: the published figures stay until two managers publish the next version."""

import json

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from qualityeval.core.restatement import TABLES, check_versions
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, AuditEvent, CaseResult, Expert, ResultsVersion
from qualityeval.queries import notified, result_pages, results, sheets, todo
from qualityeval.queries import released_reviews as queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import audit, interests, released_reviews, releases, restatements
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services.test_objections import OVER, Window, window

pytestmark = pytest.mark.usefixtures("session")


class Released(Window):
    """The round of `window` after its release: fifteen cases, 85.00 and 良好 each."""

    def sampled(self, place=0, county=0):
        row = self.rows(county, now=OVER)[place]
        return notified.sampled_for(self.liaison(county), row.public_id)[1]

    def review(self, sampled=None, basis="complaint", reason="受援人投诉会见笔录系补写。", who="first"):
        with transaction():
            found = sampled or self.sampled()
            return released_reviews.open_review(
                actor=self.actor(who), sampled=found, basis=basis, reason=reason, now=OVER
            ).public_id

    def say(self, act, who="first", **more):
        with transaction():
            return act(actor=self.actor(who), round_=self.round(), now=OVER, **more)

    def overall(self):
        db.session.expire_all()
        return result_pages.results_for(self.actor(), self.round())["overall"]["grades"]


@kept
def released(app):
    made = window(app)
    made.notify()
    for name in ("first", "second"):
        with transaction():
            releases.release(actor=made.actor(name), round_=made.round(), now=OVER)
    return Released(made.app, made.counties, made.code)


@pytest.fixture
def world(app):
    return released(app)


ALL_GOOD = {"优秀": 0, "良好": 15, "合格": 0, "不合格": 0, "未提交案卷": 0}


def test_the_release_is_version_one_and_holds_what_readers_see(world):
    (version,) = db.session.execute(select(ResultsVersion)).scalars()
    content = json.loads(version.text)
    assert (content["version"], content["earlier"], content["changes"]) == (1, "", [])
    assert content["figures"]["overall"]["grades"] == ALL_GOOD
    assert not {"severity", "variance"} & content["figures"].keys(), "nothing about experts"
    assert all(check.ok for check in check_versions([version.text.encode()]))


def test_a_review_is_scored_by_somebody_new_and_changes_nothing_published(world):
    world.review()
    slots = dict(
        db.session.execute(
            select(Assignment.slot, Expert.code)
            .join(Expert, Assignment.expert_id == Expert.id)
            .where(Assignment.sampled_case_id == world.sampled().id)
        ).all()
    )
    assert set(slots) == {"1", "2", "review"}
    assert len(set(slots.values())) == 3
    world.bring({"review": 10}, slots=("review",))
    # (90 + 80 + 10) / 3 = 60.00: 合格
    (row,) = queries.list_for(world.actor(), world.round())
    assert (row.state, row.before, row.after, row.outcome) == (
        "read",
        (8500, "良好"),
        (6000, "合格"),
        "grade",
    )
    assert world.overall() == ALL_GOOD
    shown = notified.get_for(world.liaison(), world.sampled().public_id, now=OVER)
    assert (shown.row.total, len(shown.sheets)) == (8500, 2), (
        "nothing of the review is seen before it is published"
    )


def test_two_managers_restate_and_both_versions_stand(world):
    world.review()
    world.bring({"review": 10}, slots=("review",))
    world.say(restatements.propose, reason="投诉查实，一件改为合格。")
    assert world.overall() == ALL_GOOD, "one word changes nothing"
    waiting = [
        [one.endpoint for one in todo.lines_for(world.actor(who), now=OVER)] for who in ("first", "second")
    ]
    assert ["results.restatement" in endpoints for endpoints in waiting] == [False, True]
    with pytest.raises(WrongState) as same:
        world.say(restatements.issue)
    assert same.value.code == "restatement.said"
    world.say(restatements.issue, who="second")
    assert world.overall() == {**ALL_GOOD, "良好": 14, "合格": 1}
    one, two = db.session.execute(select(ResultsVersion).order_by(ResultsVersion.number)).scalars()
    files = [one.text.encode(), two.text.encode()]
    assert all(check.ok for check in check_versions(files))
    content = json.loads(two.text)
    assert (content["version"], content["reason"], content["cases"]) == (2, "投诉查实，一件改为合格。", 1)
    hidden = [
        {(table, one["code"]) for table in TABLES for one in json.loads(text)["figures"][table] if one["suppressed"]}
        for text in (one.text, two.text)
    ]  # fmt: skip
    assert hidden[0] == hidden[1], "n doesn't change, so nothing withheld can be had from two versions"
    whole = [
        (line["figure"], line["before"], line["after"])
        for line in content["changes"]
        if line["table"] == "overall"
    ]
    assert whole[:2] == [("grades.合格", 0, 1), ("grades.良好", 15, 14)]
    (row,) = queries.list_for(world.actor(), world.round())
    assert (row.state, row.before, row.after) == ("restated", (8500, "良好"), (6000, "合格"))
    steps = db.session.execute(
        select(CaseResult.step)
        .where(CaseResult.sampled_case_id == world.sampled().id)
        .order_by(CaseResult.id)
    ).scalars()
    assert list(steps) == ["first", "restated"]
    found = results.results(world.actor(), world.round())["steps"]
    assert [(line["step"], line["changed"]) for line in found] == [
        ("first", 0), ("arbitrated", 0), ("objected", 0), ("restated", 1),
    ]  # fmt: skip
    shown = notified.get_for(world.liaison(), world.sampled().public_id, now=OVER)
    assert ((shown.row.total, shown.row.grade), len(shown.sheets)) == ((6000, "合格"), 3)
    actions = set(db.session.execute(select(AuditEvent.action)).scalars())
    assert {"review.opened", "restatement.proposed", "restatement.issued"} <= actions


def test_reading_anew_that_comes_to_the_same_restates_nothing(world):
    world.review()
    world.bring({"review": 85}, slots=("review",))  # (90 + 80 + 85) / 3 = 85.00
    assert queries.list_for(world.actor(), world.round())[0].state == "upheld"
    with pytest.raises(WrongState) as nothing:
        world.say(restatements.propose, reason="没有变化")
    assert nothing.value.code == "restatement.nothing"


def test_a_proposal_can_be_dropped_and_what_comes_later_waits_for_the_next(world):
    world.review()
    world.bring({"review": 10}, slots=("review",))
    world.say(restatements.propose, reason="第一次")
    with pytest.raises(WrongState) as waits:
        world.say(restatements.propose, reason="又一次", who="second")
    assert waits.value.code == "restatement.waits"
    world.say(restatements.drop)
    world.say(restatements.propose, reason="第二次")
    world.review(world.sampled(1))
    world.bring({"review": 10}, slots=("review",))
    world.say(restatements.issue, who="second")
    assert world.overall()["合格"] == 1, "the second manager publishes what the first one proposed"
    assert [row.state for row in queries.list_for(world.actor(), world.round())] == ["read", "restated"]


@pytest.mark.parametrize(
    ("change", "where"),
    [({"basis": "mood"}, "basis"), ({"reason": " "}, "reason"), ({"reason": "长" * 2001}, "reason")],
)
def test_a_review_needs_a_basis_and_a_reason(world, change, where):
    with pytest.raises(InvalidInput) as refused:
        world.review(**change)
    assert refused.value.where == where


def test_once_a_case_and_never_before_the_release(world, app):
    world.review()
    with pytest.raises(WrongState) as twice:
        world.review()
    assert twice.value.code == "review.twice"
    with pytest.raises(WrongState) as closing:
        world.say(releases.close)
    assert closing.value.code == "close.reviews"
    with pytest.raises(NotFound):
        queries.sampled_for(world.actor(), world.round(), "nowhere:1")


def test_before_the_release_it_is_an_objection(app):
    early = window(app)
    early.notify()
    _round, sampled, _case = notified.sampled_for(early.liaison(), early.rows()[0].public_id)
    with pytest.raises(WrongState) as refused, transaction():
        released_reviews.open_review(
            actor=early.actor(), sampled=sampled, basis="error", reason="算错了", now=NOW
        )
    assert refused.value.code == "round.review"


def test_who_may_not(world):
    sampled = world.sampled()
    for actor in (world.liaison(), world.actor("county")):
        with pytest.raises(NotAllowed), transaction():
            released_reviews.open_review(actor=actor, sampled=sampled, basis="error", reason="x", now=OVER)
        with pytest.raises(NotAllowed):
            queries.list_for(actor, world.round())
    with transaction():
        interests.record_interest(
            actor=world.actor(), expert=None, kind="kinship", about="institution",
            whom=world.round().institution.code, reason="弟", now=NOW,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        world.review()
    with pytest.raises(NotAllowed):
        world.say(restatements.propose, reason="x")


def test_nobody_left_to_review_is_said(world):
    with transaction():
        db.session.execute(db.update(Expert).values(cap=0))
        audit.record(world.actor(), "test.arranged", now=NOW, object_type="expert")
    with pytest.raises(WrongState) as refused:
        world.review()
    assert refused.value.code == "review.nobody"
    factories.create_expert(code="E99")
    world.review()


def test_the_reviewer_finds_the_file_on_the_own_desk(world):
    world.review()
    code = db.session.execute(
        select(Expert.code).join(Assignment).where(Assignment.slot == "review")
    ).scalar_one()
    account = factories.create_account(role=Role.EXPERT, institution=None, expert_code=code)
    (row,) = sheets.list_for(actor_of(account), state="open")
    assert row.slot == "review"
