"""A court without a network: the record is written, the tab dies, the network comes back, one record arrives."""

import pytest
from PIL import Image
from playwright.sync_api import expect

from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import Account, AuditEvent, Case, Observation, ObservationPhoto
from qualityeval.services import files
from tests.browser.looking import looking
from tests.channel_rows import FULL_MARKS, create_observation
from tests.papers import scan


@pytest.fixture
def hearing(site):
    """A hearing of the observer, apart from the one that other tests look at."""
    with site.app.app_context():
        case = db.session.execute(db.select(Case).order_by(Case.id.desc())).scalars().first()
        observer = db.session.execute(db.select(Account).filter_by(role=Role.OBSERVER)).scalars().first()
        row = create_observation(case=case, account=observer)
        return observer.name, row.public_id


WAITING = """
() => new Promise(done => {
  const asked = indexedDB.open("qe-observations", 1);
  asked.onsuccess = () => {
    const found = asked.result.transaction("pictures").objectStore("pictures").count();
    found.onsuccess = () => done(found.result);
  };
})
"""


def take_picture(page):
    """A phone's picture, twice as wide as what is kept."""
    page.locator("[data-photos] input[type=file]").set_input_files(
        {"name": "IMG_1.png", "mimeType": "image/png", "buffer": scan(size=(3200, 2400), form="PNG")}
    )
    expect(page.locator("[data-shown] canvas")).to_be_visible()


def widths_of(site, public_id):
    """How wide the pictures are that the server has."""
    with site.app.app_context():
        photos = db.session.execute(
            db.select(ObservationPhoto).join(Observation).where(Observation.public_id == public_id)
        ).scalars()
        found = []
        for one in photos:
            with files.open_stored(one.file) as content:
                found.append(Image.open(content).width)
        return found


def answer_all(page):
    """Every question; the pictures' step is the one after them."""
    for code, answer in FULL_MARKS.items():
        page.locator(f"label[for=q-{code}-{answer}]").click()
        page.get_by_role("button", name="下一题").click()
    for _ in range(2):
        page.get_by_role("button", name="下一题").click()


def state_of(site, public_id):
    with site.app.app_context():
        row = db.session.execute(db.select(Observation).filter_by(public_id=public_id)).scalar_one()
        handed_in = db.session.query(AuditEvent).filter_by(
            action="observation.submitted", object_id=public_id
        )
        return row.state, handed_in.count(), row.answers


def test_written_without_a_network_handed_in_with_one(site, browser, hearing):
    account, public_id = hearing
    address = f"{site.url}/observations/{public_id}/whole"
    with looking(browser, site, account=account, width=375) as (first, _messages):
        phone = first.context
        first.goto(address)
        expect(first.locator("form[data-offline]")).to_have_count(1)
        phone.set_offline(True)
        answer_all(first)
        take_picture(first)
        first.close()

        second = phone.new_page()
        second.goto(address)
        expect(second.get_by_text("20 / 20")).to_be_visible()
        second.get_by_label("到达时间").fill("9:05")
        second.get_by_label("离开时间").fill("11:30")
        second.get_by_role("button", name="签名并提交").click()
        expect(second.get_by_text("没有网络。记录已存在本机")).to_be_visible()
        assert state_of(site, public_id)[:2] == ("planned", 0)
        assert second.evaluate(WAITING) == 1
        second.close()

        phone.set_offline(False)
        third = phone.new_page()
        third.goto(address)
        third.wait_for_url(f"**/observations/{public_id}")
        assert state_of(site, public_id) == ("submitted", 1, FULL_MARKS)
        assert widths_of(site, public_id) == [1600]
        assert third.evaluate(WAITING) == 0
        assert third.evaluate("Object.keys(localStorage).filter(key => key.startsWith('qe-record'))") == []
