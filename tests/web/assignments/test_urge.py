"""催办 by one press, once a day."""

import pytest

from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def test_the_second_press_of_a_day_is_refused(app):
    world = review_world(app, cases=(2, 2), experts=3)
    browser, place = world.browser(), f"/rounds/{world.round().public_id}"
    assert "催办" in browser.get(f"{place}/assignments").get_data(as_text=True)
    assert browser.post(f"{place}/urge").status_code == 303
    assert "已催办 0 名专家" in browser.get(f"{place}/assignments").get_data(as_text=True)
    again = browser.post(f"{place}/urge")
    assert again.status_code == 409
    assert "今天已经催办过" in again.get_data(as_text=True)
