"""A dealing is tried on a page, with the causes of what stays open, and dealt as tried or not at all."""

import re

import pytest
from sqlalchemy import select, update

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Expert
from qualityeval.services import audit
from tests.factories import NOW
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def text(answer):
    return answer.get_data(as_text=True)


def test_tried_then_dealt_as_tried(app):
    world = review_world(app, dealt=False)
    browser, place = world.browser(), f"/rounds/{world.round().public_id}/assign"
    assert f'action="{place}/preview"' in text(browser.get(place))
    with transaction():
        db.session.execute(update(Expert).values(cap=1))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    page = text(browser.post(f"{place}/preview"))
    assert "专家的件数上限" in page
    assert "共缺 20 人次：一共要 30 人次" in page
    assert "等 10 名专家 最多再接 10 件" in page
    with transaction():
        db.session.execute(update(Expert).values(cap=None))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    page = text(browser.post(f"{place}/preview"))
    assert "只是试算" in page
    assert "为什么派不满" not in page
    assert db.session.execute(select(Assignment)).first() is None
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    answer = browser.post(place, data={"seen": "0" * 64})
    assert answer.status_code == 422
    assert "请重新试算" in text(answer)
    assert browser.post(place, data={"seen": seen}).status_code == 303
    assert world.round().state == "assigned"
