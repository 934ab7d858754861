"""The page of a round's undertakings and trainings where the round asks for nothing."""

import pytest
from sqlalchemy import select

from qualityeval.database import db
from qualityeval.models import Round
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def test_a_round_that_asks_for_nothing_takes_no_ticks(app):
    manager = review_world(app, cases=(2, 2), dealt=False).browser("first")
    here = f"/rounds/{db.session.execute(select(Round.public_id)).scalar_one()}/clearances"
    assert "这个批次不要求承诺和培训" in manager.get(here).get_data(as_text=True)
    assert manager.post(here, data={"trained": "E0"}).status_code == 422
