"""Watch lists: one proposes, another decides."""

import pytest
from sqlalchemy import select

from qualityeval.database import db
from qualityeval.models import WatchProposal
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def only(model):
    db.session.expire_all()
    return db.session.execute(select(model)).scalars().one()


def test_one_proposes_another_decides(app):
    world = review_world(app, cases=(2, 2), dealt=False)
    first = world.browser("first")
    second = world.browser("second")
    new = {"new-about": "expert", "new-whom": "E0", "new-act": "withdraw", "new-reason": "逾期"}
    assert first.post("/experts/watch", data={**new, "new-whom": "nobody"}).status_code == 422
    assert first.post("/experts/watch", data=new).status_code == 303
    said = {"proposal": only(WatchProposal).public_id, "decision_reason": "属实", "do": "agree"}
    assert first.post("/experts/watch", data=said).status_code == 422
    assert second.post("/experts/watch", data=said).status_code == 303
    assert only(WatchProposal).state == "agreed"
    assert "同意" in first.get("/experts/watch").get_data(as_text=True)
