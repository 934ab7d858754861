"""An expert's terms and leave."""

import pytest
from sqlalchemy import select

from qualityeval.database import db
from qualityeval.models import Appointment, Expert, Leave
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def only(model):
    db.session.expire_all()
    return db.session.execute(select(model)).scalars().one()


TERMS = {
    "terms-station": "",
    "terms-head_of": "",
    "terms-kind": "guest",
    "terms-since": "2026-01-01",
    "terms-until": "2026-12-31",
    "terms-languages": "手语；藏语",
}


def test_terms_and_leave(app):
    world = review_world(app, cases=(2, 2), dealt=False)
    first = world.browser("first")
    here = f"/experts/{db.session.execute(select(Expert)).scalars().first().public_id}/terms"
    assert first.post(here, data=TERMS).status_code == 303
    row = only(Appointment)
    assert (row.kind, str(row.until), row.languages) == ("guest", "2026-12-31", ["手语", "藏语"])
    assert "手语;藏语" in first.get(here).get_data(as_text=True)
    assert first.post(here, data={**TERMS, "terms-until": "2025-01-01"}).status_code == 422
    days = {"leave-since": "2026-05-01", "leave-until": "2026-05-07", "leave-reason": "出差"}
    assert first.post(here, data=days).status_code == 303
    assert only(Leave).reason == "出差"
    assert first.post(here, data={**days, "leave-until": ""}).status_code == 422
