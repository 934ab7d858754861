"""Experts who may be one person: looked for, decided."""

import pytest
from sqlalchemy import select

from qualityeval.database import db, transaction
from qualityeval.models import IdentityProposal
from qualityeval.services.expert_import import import_experts
from tests.factories import NOW
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def only(model):
    db.session.expire_all()
    return db.session.execute(select(model)).scalars().one()


def test_pairs_are_looked_for_and_decided(app):
    world = review_world(app, cases=(2, 2), dealt=False)
    first = world.browser("first")
    lines = [
        (row, {"code": code, "name": "王伟", "provider": "甲所"}) for row, code in ((2, "P1"), (3, "P2"))
    ]
    with transaction():
        import_experts(actor=world.actor("first"), lines=lines, now=NOW)
    assert first.post("/experts/identities").status_code == 303
    assert "王伟" in first.get("/experts/identities").get_data(as_text=True)
    said = {"proposal": only(IdentityProposal).public_id, "decision": "different"}
    assert first.post("/experts/identities", data={**said, "reason": ""}).status_code == 422
    assert first.post("/experts/identities", data={**said, "reason": "两人"}).status_code == 303
    assert only(IdentityProposal).state == "different"
    assert (
        first.post("/experts/identities", data={**said, "proposal": "0" * 20, "reason": "x"}).status_code
        == 404
    )
