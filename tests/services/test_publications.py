"""Results shown to everybody: two managers say so after the release, every version word for word, nobody's name."""

import json

import pytest

from qualityeval.core.errors import NotFound, WrongState
from qualityeval.core.restatement import check_versions
from qualityeval.database import transaction
from qualityeval.queries import public_results as queries
from qualityeval.services import publications
from tests.services.test_circulars import LATER, release, world  # noqa: F401 -- the same story


def publish(world, name):  # noqa: F811
    with transaction():
        return publications.publish(actor=world.actor(name), round_=world.round(), now=LATER)


def test_two_managers_after_the_release_and_never_twice(world):  # noqa: F811
    with pytest.raises(WrongState):
        publish(world, "first")
    release(world)
    assert publish(world, "first") is False
    with pytest.raises(WrongState, match=r"publish\.said"):
        publish(world, "first")
    with pytest.raises(NotFound):
        queries.versions_of("R2026")
    assert publish(world, "second") is True
    assert queries.public_codes(["R2026", "OTHER"]) == {"R2026"}
    with pytest.raises(WrongState) as refused:
        publish(world, "second")
    assert refused.value.code == "publish.done"


def test_what_is_shown_stands_up_to_an_outsider_and_names_nobody(world):  # noqa: F811
    release(world)
    publish(world, "first")
    publish(world, "second")
    (only,) = queries.versions_of("R2026")
    assert all(check.ok for check in check_versions([only.text.encode()]))
    figures = only.content["figures"]
    assert figures["overall"]["n"] == 15
    assert not {"severity", "variance"} & figures.keys()
    assert "2026-00" not in json.dumps(figures, ensure_ascii=False), "no case's number"
