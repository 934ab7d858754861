"""What the to-do page says of a round after the draw, step by step."""

import pytest

from qualityeval.database import transaction
from qualityeval.queries import todo
from qualityeval.services import releases
from tests.factories import NOW
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def lines(world, name="first"):
    return [
        (one.endpoint, one.count) for one in todo.lines_for(world.actor(name), now=NOW) if one.kind == "round"
    ]


def test_each_step_has_its_line_and_the_other_manager_theirs(app):
    world = review_world(app, dealt=False)
    assert lines(world) == [("assignments.list", 1)]
    world.deal()
    assert lines(world) == [("assignments.list", 30)]
    world.bring({"1": 95}, slots=("1",))
    assert lines(world) == [("assignments.list", 15)]
    world.bring({"2": 70}, slots=("2",))
    assert lines(world) == [("assignments.list", 15)], "15 arbitrations wait"
    world.bring({"arbitration": 90}, slots=("arbitration",))
    assert lines(world) == [("results.notify", 1)]
    world.notify()
    assert lines(world) == [("results.release", 1)]
    with transaction():
        releases.release(actor=world.actor(), round_=world.round(), now=NOW)
    assert (lines(world), lines(world, "second")) == ([], [("results.release", 1)])
    assert lines(world, "county") == []
