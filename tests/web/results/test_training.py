"""The training list of a released round, for its readers."""

import pytest

from tests.services.test_objections import window
from tests.services.test_restatements import released

pytestmark = pytest.mark.usefixtures("session")


def text(answer):
    return answer.get_data(as_text=True)


def test_a_released_round_lists_what_to_train_for(app):
    world = released(app)
    round_ = world.round()
    address = f"/rounds/{round_.public_id}/results/training"
    page = text(world.browser().get(address))
    assert ">判断<" not in page  # nothing to compare with yet
    rows = text(world.browser().get(f"{address}.csv")).splitlines()
    assert len(rows) > 1
    assert world.browser().get(f"{address}?against={round_.code}").status_code == 422
    own = text(world.browser("liaison0").get(f"{address}.csv")).splitlines()
    assert 1 < len(own) <= len(rows), "an institution reads its own part"
    assert world.browser("county").get(address).status_code == 404


def test_before_the_release_there_is_none(app):
    world = window(app)
    answer = world.browser().get(f"/rounds/{world.round().public_id}/results/training")
    assert (answer.status_code, "培训清单只用已发布的批次" in text(answer)) == (409, True)
