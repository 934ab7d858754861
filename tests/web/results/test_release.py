"""From preliminary to released: what stands in the way is said, and two managers have to confirm."""

import pytest

from tests.kept import kept
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
@kept
def world(app):
    return review_world(app)


def text(answer):
    return answer.get_data(as_text=True)


def press(world, act, name="first", confirm="R2026"):
    return world.browser(name).post(f"/rounds/{world.round().public_id}/{act}", data={"confirm": confirm})


def page_of(world, act, name="first"):
    return world.browser(name).get(f"/rounds/{world.round().public_id}/{act}")


def test_nothing_is_notified_while_sheets_are_open(world):
    world.bring({"1": 90}, slots=("1",))
    assert "15 份评分表没有提交" in text(page_of(world, "notify"))
    answer = press(world, "notify")
    assert answer.status_code == 422
    assert "15份评分表" in text(answer)
    assert world.round().state == "scoring"


def test_the_code_has_to_be_typed(world):
    world.bring({"1": 90, "2": 80})
    answer = press(world, "notify", confirm="R2025")
    assert answer.status_code == 422
    assert "与批次代码不同" in text(answer)
    assert world.round().state == "scoring"


def test_two_managers_release_and_one_closes(world):
    world.bring({"1": 90, "2": 80})
    assert press(world, "notify").status_code == 303
    assert "还没有人同意" in text(page_of(world, "release"))
    assert press(world, "release").status_code == 303
    assert world.round().state == "objection"
    assert "您已同意" in text(page_of(world, "release"))
    again = press(world, "release")
    assert again.status_code == 422
    assert "另一位管理员" in text(again)
    page = text(page_of(world, "release", "second"))
    assert "管理员first 已于" in page
    assert "您是第二位" in page
    assert press(world, "release", "second").status_code == 303
    assert world.round().state == "released"
    assert "已发布" in text(world.browser().get(f"/rounds/{world.round().public_id}/results"))
    assert press(world, "close").status_code == 303
    assert world.round().state == "closed"


@pytest.mark.parametrize("act", ["notify", "release", "close"])
def test_each_is_refused_before_its_time_and_to_others(world, act):
    assert page_of(world, act).status_code == 409
    assert press(world, act).status_code == 422
    assert press(world, act, "county").status_code == 404
    assert world.round().state == "assigned"
