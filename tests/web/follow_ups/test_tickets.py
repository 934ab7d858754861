"""The owner ticks deductions of a released round; the institution answers with papers."""

import io

import pytest

from qualityeval.database import db
from qualityeval.models import FollowUp, Proof
from tests.papers import scan
from tests.services.test_restatements import released
from tests.services.test_tickets import deductions

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def world(app):
    return released(app)


def text(answer):
    return answer.get_data(as_text=True)


def test_ticked_deductions_are_sent_and_answered(world):
    address = f"/follow-ups/rounds/{world.round().public_id}"
    one = deductions(world)[0]
    value = f"{one.sampled_public_id}:{one.item}"
    browser = world.browser()
    assert value in text(browser.get(address))
    none = browser.post(address, data={"kind": "conduct"})
    assert (none.status_code, "请选择1至" in text(none)) == (422, True)
    early = browser.post(address, data={"kind": "conduct", "chosen": value, "due": "2020-01-01"})
    assert (early.status_code, "checked" in text(early)) == (422, True)
    assert browser.post(address, data={"kind": "conduct", "chosen": value, "note": "整改"}).status_code == 303
    assert "已通知" in text(browser.get(address))
    row = db.session.execute(db.select(FollowUp)).scalar_one()
    liaison = world.browser("liaison0")
    assert one.title in text(liaison.get("/follow-ups/?kind=conduct"))
    paper = (io.BytesIO(scan(size=(60, 80), form="PNG")), "整改.png")
    answer = {"answer": "已组织学习", "proof": "", "files": paper}
    assert liaison.post(f"/follow-ups/{row.public_id}/answer", data=answer).status_code == 303
    assert db.session.execute(db.select(Proof)).scalar_one().pages == 1
    assert "整改.png" in text(browser.get(f"/follow-ups/{row.public_id}"))
    assert liaison.get(address).status_code == 403
