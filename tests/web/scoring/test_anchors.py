"""Anchors on the expert's side: first among the things to do, scored on the desk, own deviation afterwards."""

import pytest

from qualityeval.adapters.rubric_files import shipped_rubric
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Anchor, Assignment
from qualityeval.services import calibration
from tests import factories
from tests.factories import NOW
from tests.services import chain
from tests.web.review_world import review_world
from tests.web.signed_in import browser_of

pytestmark = pytest.mark.usefixtures("session")


def test_the_anchors_come_first_and_the_own_deviation_after_them(app):
    world = review_world(app, cases=(4, 4), experts=4, more="require: [calibration]\n")
    case = factories.create_case(
        institution=world.counties[0], number="2025-1", closed_on=NOW.date().replace(year=2025)
    )
    with transaction():
        calibration.choose(
            actor=world.actor(), round_=world.round(), key=f"{world.counties[0].code}:{case.number}", now=NOW
        )
        anchor = db.session.query(Anchor).one()
        calibration.set_reference(
            actor=world.actor(), round_=world.round(), anchor=anchor, content=chain.content(90), source="manager",
            reason="会商纪要第3号", rubric=shipped_rubric("criminal-trial@1"), now=NOW,
        )  # fmt: skip
        name = anchor.public_id
    desk = browser_of(app, factories.create_account(role=Role.EXPERT, expert_code="E0"))
    own = db.session.query(Assignment).join(Assignment.expert).filter_by(code="E0").first().public_id
    assert "先评定标卷" in desk.get("/").get_data(as_text=True)
    gate = desk.get(f"/scoring/{own}")
    assert gate.location.endswith(f"/assignments/{own}/undertaking")
    assert "请先评完定标卷" in desk.get(gate.location).get_data(as_text=True)
    page = desk.get("/scoring/anchors").get_data(as_text=True)
    assert "定标卷 1" in page
    assert case.number not in page
    assert desk.post("/scoring/anchors", data={"anchor": "0" * 20}).status_code == 422
    sheet = desk.post("/scoring/anchors", data={"anchor": name}).location
    assert (
        desk.post("/scoring/anchors", data={"anchor": name}).location == sheet
    )  # a second press begins nothing new
    for part in ("", "/paper"):
        assert desk.get(sheet + part).status_code == 200
    assert "会商纪要" not in desk.get(sheet).get_data(as_text=True)
    marks = {f"mark-{code}": f"{earned / 100:.2f}" for code, earned in chain.marks(84).items()}
    assert desk.post(sheet, data={**marks, "version": "0"}).status_code == 302  # kept as a draft
    done = desk.post(sheet, data={**marks, "version": "1", "do": "submit"})
    assert done.location.startswith("/scoring/anchors/")
    shown = desk.get(done.location).get_data(as_text=True)
    for words in (">84<", ">90<", "−6.00", "较严", "会商纪要第3号"):
        assert words in shown
    assert "−6.00" in desk.get("/scoring/anchors").get_data(as_text=True)
    assert desk.get(f"/scoring/{own}").status_code == 200
    for part in ("", "/paper"):
        assert desk.get(sheet + part).status_code == 200
    other = browser_of(app, factories.create_account(role=Role.EXPERT, expert_code="E1"))
    assert other.get(done.location).status_code == 404
    assert "−6.00" not in other.get("/scoring/anchors").get_data(as_text=True)
    table = world.browser().get(f"/rounds/{world.round().public_id}/calibration").get_data(as_text=True)
    assert "较严" in table
