"""Anchors before the own files, hidden repeats after them, and neither in anything that a result is made of."""

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from qualityeval.adapters.rubric_files import shipped_rubric
from qualityeval.authz import Actor
from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, NotFound, RuleViolation, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import Anchor, Assignment, CalibrationSheet, Case, CaseResult, Expert, Sheet
from qualityeval.queries import assignments, calibration, calibration_figures, payments, result_pages, sheets
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.accounts import actor_of
from qualityeval.queries.dealt import load_spread
from qualityeval.services import answers, interests, scoring
from qualityeval.services import calibration as services
from qualityeval.services.recusal_check import Recused
from tests import factories
from tests.factories import NOW
from tests.services import chain
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")
RUBRIC = shipped_rubric("criminal-trial@1")
LATER = NOW + timedelta(days=30)
REQUIRED = "require: [calibration]\n"


@pytest.fixture
def world(app):
    return review_world(app, cases=(4, 4), experts=4, more=REQUIRED)


def _do(act, **more):
    with transaction():
        return act(now=more.pop("now", NOW), **more)


def _anchor(world, number="2025-0001", **fields):
    case = factories.create_case(
        institution=world.counties[0], number=number, closed_on=NOW.date().replace(year=2025), **fields
    )
    _do(
        services.choose, actor=world.actor(), round_=world.round(), key=f"{world.counties[0].code}:{case.number}"
    )  # fmt: skip
    return db.session.execute(select(Anchor).where(Anchor.case_id == case.id)).scalar_one()


def _reference(world, anchor, points=90):
    _do(
        services.set_reference, actor=world.actor(), round_=world.round(), anchor=anchor, rubric=RUBRIC,
        content=chain.content(points), source="panel", reason="三人会商",
    )  # fmt: skip


def _expert(code="E0") -> Actor:
    return actor_of(factories.create_account(role=Role.EXPERT, expert_code=code))


def _score(actor, public_id, points, *, now=NOW):
    return _do(
        scoring.submit_sheet, actor=actor, assignment=sheets.get_for(actor, public_id), content=chain.content(points),
        now=now,
    )  # fmt: skip


def _opened(actor, anchor):
    return _do(services.open_anchor, actor=actor, public_id=anchor.public_id).public_id


def test_own_files_open_after_the_anchors_and_the_own_deviation_shows(world):
    anchor, actor = _anchor(world), _expert()
    _reference(world, anchor)
    file = sheets.list_for(actor)[0].public_id
    with pytest.raises(sheets.Uncleared):
        sheets.get_for(actor, file)
    sheet = _opened(actor, anchor)
    assert {row.public_id: row.slot for row in sheets.list_for(actor)}[sheet] == "anchor"
    with pytest.raises(NotFound):
        calibration.submitted_for(actor, sheet)  # nothing of the reference before the own sheet is in
    assert calibration.own_anchors(actor)[0].reference is None
    _score(actor, sheet, 84)
    assert sheets.get_for(actor, file).public_id == file
    (own,) = calibration.own_anchors(actor)
    assert (own.own, own.reference, own.apart) == (8400, 9000, -600)
    other = _expert("E1")
    with pytest.raises(NotFound):
        sheets.get_for(other, sheet)
    figures = calibration_figures.figures_of(world.actor(), world.round()).experts
    assert [(one.code, one.submitted) for one in figures] == [("E0", 1), ("E1", 0), ("E2", 0), ("E3", 0)]
    assert (figures[0].leaning.word, figures[0].leaning.mean) == ("harsher", Fraction(-600))


def test_an_anchor_is_no_case_of_a_live_sample_and_chosen_before_scoring(world):
    drawn = assignments.drawn_files(world.round())[0].key
    for key, code in ((drawn, "anchor.drawn"), ("no:such", "anchor.no_case")):
        with pytest.raises(RuleViolation) as refused:
            _do(services.choose, actor=world.actor(), round_=world.round(), key=key)
        assert refused.value.code == code
    sealed = factories.create_case(institution=world.counties[0], number="s", sealed=True)
    with pytest.raises(InvalidInput):
        _do(
            services.choose,
            actor=world.actor(),
            round_=world.round(),
            key=f"{world.counties[0].code}:{sealed.number}",
        )
    anchor = _anchor(world)
    with pytest.raises(InvalidInput):
        _do(services.choose, actor=world.actor(), round_=world.round(), key=calibration.key_of(anchor))
    _opened(_expert(), anchor)
    with pytest.raises(WrongState):
        _do(services.drop, actor=world.actor(), round_=world.round(), anchor=anchor)
    world.bring({"1": 90}, slots=("1",))
    with pytest.raises(WrongState):
        _anchor(world, "2025-0002")


def test_an_expert_recused_from_an_anchor_is_not_asked_for_it(world):
    anchor, actor = _anchor(world), _expert()
    sheet = _opened(actor, anchor)
    _do(
        answers.declare, actor=actor, assignment=sheets.get_for(actor, sheet), kind="kinship", reason="当事人是亲属",
    )  # fmt: skip
    assert calibration.own_anchors(actor) == []
    assert sheet not in {row.public_id for row in sheets.list_for(actor)}
    assert sheets.get_for(actor, sheets.list_for(actor)[0].public_id)
    with pytest.raises(NotFound):
        _do(services.open_anchor, actor=actor, public_id=anchor.public_id)


def test_an_anchor_is_not_declined(world):
    actor = _expert()
    sheet = _opened(actor, _anchor(world))
    with pytest.raises(WrongState):
        _do(answers.decline, actor=actor, assignment=sheets.get_for(actor, sheet), reason="没有时间")


def _repeated(world):
    """All sheets in, and every file dealt to its reader again."""
    world.bring({"1": 90, "2": 90})
    _do(services.set_repeats, actor=world.actor(), round_=world.round(), rate="100%", days=7)
    assert (
        _do(services.deal_repeats, actor=world.actor(), round_=world.round(), now=NOW + timedelta(days=6))
        == 0
    )
    dealt = _do(services.deal_repeats, actor=world.actor(), round_=world.round(), now=LATER)
    assert _do(services.deal_repeats, actor=world.actor(), round_=world.round(), now=LATER) == 0
    return dealt


def _figures_of_results(world):
    """All that is made of sheets and files, read as the pages and the command line read it."""
    round_ = world.round()
    status = round_queries.status(round_)
    return (
        result_pages.results_for(world.actor(), round_), status, assignments.loads_of(round_),
        [(one.code, one.sheets, one.amount) for one in payments.payments(world.actor(), round_)],
        list(assignments.rows_of(round_)), load_spread(round_), sorted(assignments.readers_of(round_).items()),
        db.session.query(CaseResult).count(), db.session.query(Sheet).count(), db.session.query(Assignment).count(),
    )  # fmt: skip


def test_repeats_give_the_within_expert_error_and_enter_nothing_else(app):
    """Not one figure of the round moves by a sheet of an anchor or of a file that came back."""
    world = review_world(app, cases=(4, 4), experts=4)
    anchor = _anchor(world)
    world.bring({"1": 90, "2": 90})
    before = _figures_of_results(world)
    dealt = _repeated(world)
    assert dealt == before[-1]
    actor = _expert()
    _score(actor, _opened(actor, anchor), 20)
    again = list(sheets.list_for(actor, state="open"))
    for row, points in zip(again, (92, 94), strict=False):
        _score(actor, row.public_id, points, now=LATER)
    assert _figures_of_results(world) == before
    found = calibration_figures.figures_of(world.actor(), world.round())
    mine = next(one for one in found.experts if one.code == "E0")
    assert mine.repeats == min(2, len(again))
    # d = 2 and 4 points: sqrt((2² + 4²) / 4) = sqrt(5)
    assert mine.within.error == pytest.approx(100 * 5**0.5 if mine.repeats == 2 else 100 * 2**0.5)
    assert found.open == dealt - mine.repeats


def test_a_file_that_came_back_looks_like_any_other_and_says_nothing_of_the_first(app):
    world = review_world(app, cases=(4, 4), experts=4)
    actor = _expert()
    world.bring({"1": 90, "2": 90})
    first = {row.public_id: row for row in sheets.list_for(actor)}
    _repeated(world)
    back = [row for row in sheets.list_for(actor) if row.public_id not in first]
    assert len(back) == len(first)
    for row in back:
        assert (row.state, row.total, row.begun, row.code) == (
            "dealt",
            None,
            False,
            row.public_id[:8].upper(),
        )
        assert row.slot in {"1", "2"}
        assert row.code not in {one.code for one in first.values()}
        with pytest.raises(NotFound):
            calibration.submitted_for(actor, row.public_id)
    assert sheets.written(sheets.get_for(actor, back[0].public_id)) == ({}, 0)
    assert calibration.own_anchors(actor) == []
    _do(answers.accept, actor=actor, assignment=sheets.get_for(actor, back[0].public_id))
    assert sheets.is_accepted(sheets.get_for(actor, back[0].public_id))
    _do(answers.decline, actor=actor, assignment=sheets.get_for(actor, back[0].public_id), reason="没有时间")
    assert back[0].public_id not in {row.public_id for row in sheets.list_for(actor)}
    assert _do(services.deal_repeats, actor=world.actor(), round_=world.round(), now=LATER) == 0


def test_recusal_is_checked_again_for_a_file_that_came_back(app):
    world = review_world(app, cases=(4, 4), experts=4)
    _repeated(world)
    line = db.session.execute(select(CalibrationSheet)).scalars().first()
    actor, case = _expert(line.expert.code), db.session.get_one(Case, line.case_id)
    held = sheets.get_for(actor, line.public_id)
    with transaction():
        expert = db.session.execute(select(Expert).where(Expert.code == line.expert.code)).scalar_one()
        interests.declare_for_case(
            actor=actor, expert=expert, case=case, kind="kinship", reason="亲属", now=NOW
        )
    with pytest.raises(Recused):
        _do(scoring.submit_sheet, actor=actor, assignment=held, content=chain.content(90))
    with pytest.raises(NotFound):
        sheets.get_for(actor, line.public_id)
