"""Files nobody has begun go to those with fewer."""

import pytest

from qualityeval.queries import assignments
from tests import factories
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def test_a_newcomer_gets_a_share(app):
    world = review_world(app, cases=(8, 12), experts=3)
    new = factories.create_expert(code="E9")
    browser, address = world.browser(), f"/rounds/{world.round().public_id}/rebalance"
    assert "把没有开始的案件从多的调给少的？" in browser.get(address).get_data(as_text=True)
    assert browser.post(address).status_code == 303
    loads = assignments.loads_of(world.round())
    assert max(loads.values()) - loads[new.id] <= 1
