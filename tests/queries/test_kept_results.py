"""Figures kept at the release: the same as counted anew, for every reader; a later result makes them void."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import CaseResult, KeptResult
from qualityeval.queries import kept_results, result_pages
from qualityeval.queries.accounts import actor_of
from qualityeval.queries.result_items import items_for
from qualityeval.services import releases
from qualityeval.services.kept_results import keep
from tests import factories
from tests.kept import kept
from tests.web.review_world import review_world

LATER = factories.NOW + timedelta(days=30)


@pytest.fixture
@kept
def world(app, session):
    """Two counties with 6 and 9 scored cases, released by two."""
    made = review_world(app)
    made.bring({"1": 90, "2": 80})
    made.notify()
    for name in ("first", "second"):
        with transaction():
            releases.release(actor=made.actor(name), round_=made.round(), now=LATER)
    return made


def seen(world):
    """What four readers see of the whole and of a place, by everything and by one dimension."""
    round_, (first, _second) = world.round(), world.counties
    read = partial(result_pages.results_for, by=tuple(result_pages.GROUPS))
    people = [
        actor_of(factories.create_account(role=role, institution=place))
        for role, place in (
            (Role.VIEWER, round_.institution),
            (Role.VIEWER, first),
            (Role.LIAISON, first),
        )
    ]
    return [
        *(read(one, round_) for one in (world.actor(), *people)),
        read(world.actor(), round_, place=first.code),
        read(people[0], round_, place=first.code),
        result_pages.results_for(world.actor(), round_),
        result_pages.results_for(people[0], round_, by=("provider",)),
        *(items_for(one, round_) for one in (world.actor(), *people)),
        items_for(world.actor(), round_, place=first.code),
    ]


def test_kept_and_counted_figures_are_the_same_for_every_reader(world):
    assert kept_results.figures_kept([world.round()]) is not None
    kept = seen(world)
    with transaction():
        db.session.execute(delete(KeptResult))
    assert kept_results.figures_kept([world.round()]) is None
    assert seen(world) == kept
    assert kept[0]["overall"]["n"] == 15
    assert kept[0]["severity"]
    assert kept[1]["severity"] == []
    assert kept[-4].items, "fifteen cases, two sheets each"
    assert (kept[-4].sheets, kept[-1].sheets) == (30, 12)


@pytest.mark.arranging
def test_a_result_that_is_added_makes_what_was_kept_void(world):
    before = result_pages.results_for(COMMAND_LINE, world.round())["overall"]["grades"]
    with transaction():
        round_ = world.round()
        one = db.session.execute(select(CaseResult).limit(1)).scalar_one()
        other = next(name for name in before if name != one.grade)
        db.session.add(
            CaseResult(
                round_id=round_.id, sampled_case_id=one.sampled_case_id, step="objected", total=1_000, grade=other,
                by="objection", made_at=LATER,
            )
        )  # fmt: skip
    assert kept_results.figures_kept([world.round()]) is kept_results.rows_kept([world.round()]) is None
    after = result_pages.results_for(COMMAND_LINE, world.round())["overall"]["grades"]
    assert after == {**before, one.grade: before[one.grade] - 1, other: before[other] + 1}
    with transaction():
        keep(world.round(), now=LATER)
    kept = kept_results.figures_kept([world.round()])
    assert kept is not None
    assert kept["overall"]["grades"] == after


def test_nothing_is_kept_of_a_round_that_is_not_released(app, session):
    made = review_world(app)
    assert kept_results.figures_kept([made.round()]) is None
    assert db.session.execute(select(KeptResult)).first() is None
