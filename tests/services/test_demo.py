"""The demonstration: the same again for the same seed, and something for everybody to do."""

import pytest
from sqlalchemy import func, select

from qualityeval.authz import COMMAND_LINE
from qualityeval.core import demo_register, demo_reviews
from qualityeval.core.errors import WrongState
from qualityeval.database import db, transaction
from qualityeval.models import (
    Assignment,
    Callback,
    Case,
    CaseFile,
    CompositeWeights,
    Expert,
    FrameCase,
    Observation,
    OrganOpinion,
    Round,
    SampledCase,
    Sheet,
)
from qualityeval.queries import results, todo
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.accounts import actor_named
from qualityeval.services import audit, demo
from tests.factories import NOW

CASES = 120
pytestmark = pytest.mark.usefixtures("cheap_passwords")


def make(cases=CASES, seed=1, **more):
    with transaction():
        return demo.create_demo(actor=COMMAND_LINE, cases=cases, seed=seed, now=NOW, **more)


def count(query) -> int:
    return db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one()


def open_cases(account: str) -> set[int]:
    """Drawn cases that the expert behind the account still has to read."""
    mine = (
        select(Assignment.sampled_case_id)
        .join(Expert)
        .where(Expert.code == actor_named(account).expert_code, Assignment.state == "dealt")
    )
    return set(db.session.execute(mine).scalars())


def told() -> tuple[list, list]:
    """What the seed decides, without ids: plans, deals and marks."""
    plans = db.session.execute(select(Round.code, Round.state, Round.plan_digest).order_by(Round.code)).all()
    sheets = db.session.execute(
        select(FrameCase.key, Expert.code, Sheet.total, Sheet.grade)
        .select_from(Sheet)
        .join(Assignment, Sheet.assignment_id == Assignment.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .order_by(FrameCase.key, Expert.code)
    ).all()
    return list(map(tuple, plans)), list(map(tuple, sheets))


def tried_out() -> tuple[list, list]:
    """What a demonstration tells that is taken back again."""
    with transaction() as current:
        attempt = current.begin_nested()
        demo.create_demo(actor=COMMAND_LINE, cases=CASES, seed=1, now=NOW)
        story = told()
        attempt.rollback()
    return story


def test_a_province_with_rounds_and_something_for_everybody_to_do(session) -> None:
    """One making for all of it: it takes seconds on each database. And one before it, for the same story."""
    story = tried_out()
    made = make()
    assert told() == story, "the same seed tells the same"
    assert len(story[1]) > 20
    manager = actor_named("manager")

    states = dict(db.session.execute(select(Round.code, Round.state)).all())
    assert states == {"LC2026H1": "released", "LC2026Q3": "scoring", "LC2026M10": "draft"}
    for code in ("LC2026H1", "LC2026Q3"):
        dealt = round_queries.status(round_queries.by_code_for(manager, code))["assignment"]
        assert (dealt["violations"], dealt["unfilled"]) == (0, [])

    since, until = demo_register.OPEN
    month = select(Case.id).where(Case.closed_on.between(since, until))
    assert count(month) > 0
    assert count(month.where(Case.id.in_(select(FrameCase.case_id)))) == 0, "they are in no frame yet"

    assert open_cases("expert") & open_cases("expert2"), "two experts of one case"
    for name in ("manager", "manager2", "expert", "expert2"):
        assert todo.lines_for(actor_named(name), now=NOW), name
    observer = actor_named("observer").account_id
    assert count(select(Observation.id).where(Observation.observer_id == observer)) > 0
    for done in (Observation.submitted_at, OrganOpinion.answered_at, Callback.answered_at):
        assert count(select(done).where(done.is_not(None))) > 0, "every channel has something to tell"
    assert count(select(CompositeWeights.id)) == 2, "this year's weights and the next year's"
    assert count(select(Callback.id).where(Callback.state == "open")) > 0

    papers = select(CaseFile.id).join(FrameCase, FrameCase.case_id == CaseFile.case_id).join(Round)
    assert count(papers) == count(papers.where(Round.code == "LC2026Q3")) > 0, (
        "papers of the round in scoring only"
    )
    assert count(select(CaseFile.sha256).distinct()) < count(papers), "an original is stored once"

    shown = results.results(manager, round_queries.by_code_for(manager, "LC2026H1"))
    rated = [one for one in shown["institutions"] if one["good_rate"] is not None]
    meant = sorted(rated, key=lambda one: demo_reviews.quality(1, one["code"]))
    assert meant[0]["good_rate"] < meant[-1]["good_rate"], "what the seed makes better comes out better"

    roles = [account.role for account in made.accounts]
    assert (len(set(roles)), roles.count("manager"), roles.count("expert")) == (9, 3, 2)
    assert audit.verify().ok
    with pytest.raises(WrongState) as refusal:
        make()
    assert refusal.value.code == "demo.exists"


def test_a_few_cases_make_a_register_without_rounds(session) -> None:
    make(cases=5)
    assert count(select(Case.id)) == 5
    assert count(select(Round.id)) == 0


def test_a_province_has_the_size_of_one() -> None:
    places = demo_register.institutions(6_000)
    assert [sum(level == one for _, _, level, _ in places) for one in ("province", "city", "county")] == [
        1,
        11,
        90,
    ]
    assert len({code for code, *_ in places}) == len({name for _, name, _, _ in places}) == 102
