"""What a round's page and paper say about people and events; never what was typed too early."""

import pytest

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.errors import NotAllowed
from qualityeval.queries import round_trail
from qualityeval.queries import rounds as queries
from qualityeval.services import audit
from tests import factories
from tests.kept import kept
from tests.services import stories


@pytest.fixture
@kept
def world(session):
    root, counties = stories.bureau(cases=(5, 13))
    first, second = stories.managers(root)
    return root, counties, first, second


def test_the_trail_is_the_round_s_own_latest_first(world):
    root, _counties, first, second = world
    stories.draft(first, stories.spec(root.code, code="OTHER").replace("kind: peer", "kind: self"))
    made = stories.drawn(first, second, stories.spec(root.code))
    trail = round_trail.trail_of(first, made)
    assert [row.action for row in trail] == [
        "draw.made", "seed.fixed", "seed.typed", "round.frozen", "round.created",
    ]  # fmt: skip
    assert [row.who for row in trail][:2] == [first.display_name, second.display_name]
    assert trail[0].detail["n"] == 6


def test_who_typed_and_who_drew(world):
    root, _counties, first, second = world
    made = stories.frozen(first, stories.spec(root.code))
    assert round_trail.typed_by(first, made) == []
    stories.typed(first, made, "1" * 20)
    (waiting,) = round_trail.typists_of(second, made)
    assert (waiting.name, waiting.who) == (first.name, first.display_name)
    assert "1111" not in repr(waiting)
    stories.typed(second, made, "1" * 20)
    assert round_trail.typed_by(first, made) == [first.display_name, second.display_name]


def test_who_typed_is_told_however_much_happened_since(world):
    root, _counties, first, second = world
    made = stories.seeded(first, second, stories.spec(root.code))
    with stories.transaction():
        for number in range(101):  # more than a page of the trail
            audit.record(
                first,
                "file.handed_in",
                now=stories.NOW,
                object_type="round",
                object_id=made.code,
                place=number,
            )
    again = queries.by_code_for(first, made.code)
    assert round_trail.typed_by(first, again) == [first.display_name, second.display_name]


def test_the_command_line_has_no_name_on_the_draw(world):
    root, _counties, first, second = world
    made = stories.seeded(first, second, stories.spec(root.code))
    with stories.transaction():
        stories.sampling.draw_sample(
            actor=COMMAND_LINE, round_=queries.by_code_for(first, made.code), now=stories.NOW
        )
    assert round_trail.drawn_by(queries.draw_of(queries.by_code_for(first, made.code))) == ""


def test_places_are_named_only_where_strata_ask(world):
    root, counties, first, _second = world
    factories.create_institution(level="province", code="880000")
    assert round_trail.places_of(first, ["stage"]) == {}
    named = round_trail.places_of(first, ["institution"])
    assert set(named) == {root.code, *(county.code for county in counties)}


def test_the_register_is_counted_in_the_own_subtree(world):
    _root, counties, first, _second = world
    factories.create_case(institution=factories.create_institution(level="province"))
    below = stories.managers(counties[0])[0]
    assert round_trail.register_size(first) == 18
    assert round_trail.register_size(below) == 5


def test_somebody_else_reads_nothing(world):
    root, counties, first, _second = world
    made = stories.draft(first, stories.spec(root.code))
    stranger = stories.managers(counties[0])[0]
    for read in (round_trail.trail_of, round_trail.typists_of, round_trail.typed_by):
        with pytest.raises(NotAllowed):
            read(stranger, made)
