"""Anchors and hidden repeats on the page of the round's own body."""

import pytest
from sqlalchemy import select

from qualityeval.database import db
from qualityeval.models import Anchor, Calibration, CalibrationSheet, Round
from tests import factories
from tests.factories import NOW
from tests.services import chain
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def test_an_anchor_is_chosen_answered_and_dropped_and_repeats_are_set(app):
    world = review_world(app, cases=(4, 4), experts=4)
    case = factories.create_case(
        institution=world.counties[0], number="2025-1", closed_on=NOW.date().replace(year=2025)
    )
    manager, key = world.browser(), f"{world.counties[0].code}:{case.number}"
    here = f"/rounds/{db.session.execute(select(Round.public_id)).scalar_one()}/calibration"
    assert "还没有定标卷" in manager.get(here).get_data(as_text=True)
    assert manager.post(here, data={"do": "choose", "case": ""}).status_code == 422
    refused = manager.post(here, data={"do": "choose", "case": "no:such"})
    assert refused.status_code == 422
    assert "没有这件案件" in refused.get_data(as_text=True)
    assert manager.post(here, data={"do": "choose", "case": key}).status_code == 303
    anchor = db.session.execute(select(Anchor.public_id)).scalar_one()
    answer = f"/anchors/{anchor}/reference"
    marks = {f"mark-{code}": f"{earned / 100:.2f}" for code, earned in chain.marks(90).items()}
    given = {**marks, "source": "panel", "reason": "三人会商一致"}
    assert manager.get(answer).status_code == 200
    first = next(iter(marks))
    lacking = manager.post(answer, data={**given, first: ""})
    assert lacking.status_code == 422
    assert f'href="#{first}"' in lacking.get_data(as_text=True)
    assert manager.post(answer, data={**marks, "source": "panel", "reason": ""}).status_code == 422
    assert manager.post(answer, data=given).location.endswith(here)
    page = manager.get(here).get_data(as_text=True)
    assert key in page
    assert "<b>90</b>" in page
    assert "三人会商一致" in page
    assert manager.post(here, data={"do": "repeats", "rate": "200%", "days": "7"}).status_code == 422
    assert manager.post(here, data={"do": "repeats", "rate": "50%", "days": "0"}).status_code == 303
    assert db.session.execute(select(Calibration.rate)).scalar_one() == "1/2"
    assert manager.post(here, data={"do": "drop", "anchor": anchor}).status_code == 303
    assert db.session.execute(select(Anchor)).first() is None
    world.bring({"1": 90, "2": 90})
    assert manager.post(here, data={"do": "deal"}).status_code == 303
    assert db.session.query(CalibrationSheet).count() > 0
    assert world.browser("county").get(here).status_code == 404
