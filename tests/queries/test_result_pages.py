"""Results as different readers may see them: whole, a place, the own institution; nothing before the release."""

from datetime import timedelta

import pytest

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.core.errors import NotAllowed, NotFound
from qualityeval.database import transaction
from qualityeval.queries import result_pages, results
from qualityeval.queries.accounts import actor_of
from qualityeval.services import releases
from tests import factories
from tests.kept import kept
from tests.web.review_world import review_world

LATER = factories.NOW + timedelta(days=30)


@pytest.fixture
@kept
def world(app, session):
    """6 of 20 cases of the first county and 9 of 30 of the second drawn and scored; nothing released."""
    made = review_world(app)
    made.bring({"1": 90, "2": 80})
    return made


def person(role, place, name):
    return actor_of(factories.create_account(role=role, institution=place, name=name))


def released(world):
    world.notify()
    for name in ("first", "second"):
        with transaction():
            releases.release(actor=world.actor(name), round_=world.round(), now=LATER)
    return world.round()


def test_before_the_release_only_the_owners_read_anything(world):
    round_ = world.round()
    for place in (round_.institution, world.counties[0]):
        for role in (Role.VIEWER, Role.LIAISON, Role.EXPERT):
            reader = person(role, place, f"{role}{place.code}")
            assert result_pages.count_for(reader) == 0
            with pytest.raises(NotFound):
                result_pages.round_for(reader, code="R2026")
            with pytest.raises(NotAllowed):
                result_pages.results_for(reader, round_)
    assert result_pages.count_for(world.actor()) == 1


def test_each_reads_the_own_part_and_it_is_the_line_of_the_whole(world):
    round_ = released(world)
    first, second = world.counties
    whole = results.results(COMMAND_LINE, round_)
    assert result_pages.results_for(world.actor(), round_)["overall"] == whole["overall"]
    top = person(Role.VIEWER, round_.institution, "viewer")
    assert result_pages.results_for(top, round_)["institutions"] == whole["institutions"]
    line = next(one for one in whole["institutions"] if one["code"] == first.code)
    readers = [person(Role.LIAISON, first, "liaison"), person(Role.VIEWER, first, "below")]
    for reader in readers:
        assert [one.code for one in result_pages.list_for(reader)] == ["R2026"]
        seen = result_pages.results_for(reader, result_pages.round_for(reader, code="R2026"))
        assert [one["code"] for one in seen["institutions"]] == [first.code]
        # a part is counted by its own function: it must say what the whole's line says
        assert {key: seen["overall"][key] for key in line.keys() & seen["overall"].keys()} == {
            key: line[key] for key in line.keys() & seen["overall"].keys()
        }
        assert (seen["pending"], seen["steps"], seen["agreement"]["pairs"]) == (0, [], 6)
        assert sum(one["N"] for one in seen["providers"]) == sum(one["N"] for one in seen["case_types"]) == 20
        assert second.code not in repr(seen)
        with pytest.raises(NotFound):
            result_pages.results_for(reader, round_, place=second.code)
        with pytest.raises(NotFound):
            result_pages.results_for(reader, round_, place=round_.institution.code)


def test_a_place_is_counted_like_the_institutions_in_it(world):
    round_, (first, second) = world.round(), world.counties
    found = result_pages.results_for(world.actor(), round_, by=("place", "institution"))
    assert [one["code"] for one in found["places"]] == [first.code, second.code]
    bandless = [{**one, "band_reason": "not_ranked"} for one in found["institutions"]]
    assert found["places"] == bandless
    part = result_pages.results_for(world.actor(), round_, place=second.code)
    # Wilson at 9 of 9: 9 / (9 + 1.959964²) = 0.700854 (hand calculation)
    assert part["overall"]["interval"][0] == pytest.approx(0.700854, abs=1e-6)
    assert (part["overall"]["n"], part["overall"]["N"], part["place"]["code"]) == (9, 30, second.code)
    with pytest.raises(NotFound):
        result_pages.results_for(world.actor(), round_, place="nowhere")


def test_a_part_under_five_cases_shows_neither_marks_nor_agreement(app, session):
    world = review_world(app, cases=(4, 40))
    world.bring({"1": 90, "2": 80})
    part = result_pages.results_for(world.actor(), world.round(), place=world.counties[0].code)
    assert (part["overall"]["suppressed"], part["overall"]["n"], part["overall"]["good_rate"]) == (
        True,
        2,
        None,
    )
    assert (part["marks"], part["agreement"]["raw"]) == (None, None)
