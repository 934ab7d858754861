"""A guest's sign-in ends with the term."""

from datetime import date

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Expert
from qualityeval.services.appointments import change_terms
from tests import factories
from tests.factories import NOW
from tests.web.review_world import review_world
from tests.web.signed_in import browser_of

pytestmark = pytest.mark.usefixtures("session")


def test_a_guests_sign_in_ends_by_itself(app):
    world = review_world(app, cases=(4, 4))
    desk = browser_of(app, factories.create_account(role=Role.EXPERT, expert_code="E0"))
    assert desk.get("/scoring/").status_code == 200
    expert = db.session.execute(select(Expert).where(Expert.code == "E0")).scalar_one()
    with transaction():
        values = {"kind": "guest", "until": date(2020, 1, 1)}
        change_terms(actor=world.actor("first"), expert=expert, values=values, now=NOW)
    assert desk.get("/scoring/").status_code == 302
