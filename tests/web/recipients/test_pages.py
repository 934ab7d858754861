"""The recipient's browser, and the manager's page of links (threat list TK5, TK6, TK8)."""

import re

import pytest

from qualityeval.core.self_service import Way
from qualityeval.database import db, transaction
from qualityeval.models import Callback
from qualityeval.services import recipient_links as services
from tests.channel_rows import CONTENT, create_callback
from tests.factories import NOW, create_actor, create_case, create_institution
from tests.web.actor_browser import client_of, text_of


@pytest.fixture
def office(app, session):
    """A manager, an open callback with names on its case, and the token of a link for it."""
    county = create_institution(code="330102", name="雁汀区法律援助中心")
    case = create_case(
        institution=county,
        recipient_name="王小明",
        cause="盗窃罪",
        number="2026-7",
        recipient_phone="13812340000",
    )
    row = create_callback(case=case)
    manager = create_actor(institution=county)
    with transaction():
        link = services.send(
            actor=manager, callback=db.session.get_one(Callback, row.id), way=Way.LETTER, days=30, guardian=False,
            now=NOW,
        )  # fmt: skip
        token = services.token_of(link.public_id)
    return app, manager, token


def state():
    db.session.rollback()
    return db.session.execute(db.select(Callback.state)).scalar_one()


def bare(page):
    return re.sub(r'name="csrf_token" value="[^"]*"', "", text_of(page))


def opened(app, token):
    visitor = app.test_client()
    for _ in range(3):  # previews use nothing up
        assert visitor.get(f"/r/{token}").headers["Referrer-Policy"] == "no-referrer"
    answer = visitor.post("/r/", data={"token": token})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/r/form")
    return visitor


def test_a_recipient_answers_and_sees_the_least(office):
    app, _manager, token = office
    visitor = opened(app, token)
    page = bare(visitor.get("/r/form"))
    assert "王○○" in page
    for secret in ("王小明", "盗窃", "2026-7", "1381234", token):
        assert secret not in page
    part = visitor.post("/r/form", data={"who": "recipient"})
    assert (part.status_code, "没有回答" in text_of(part)) == (422, True)
    assert visitor.post("/r/form", data=CONTENT).status_code == 303
    assert "已收到回答" in text_of(visitor.get("/r/form"))
    assert state() == "done"
    assert app.test_client().post("/r/", data={"token": token}).status_code == 404
    wrong, used = (bare(app.test_client().get(f"/r/{one}")).replace(one, "") for one in ("A" * 32, token))
    assert wrong == used


def test_not_me_and_no_thanks(office):
    app, _manager, token = office
    visitor = opened(app, token)
    assert visitor.post("/r/not-me").status_code == 303
    assert "不会再就这件事打扰您" in text_of(visitor.get("/r/form"))
    assert visitor.post("/r/opt-out").status_code == 303
    assert state() == "unreached"
    assert app.test_client().post("/r/opt-out").status_code == 404


def test_the_manager_sends_prints_and_takes_back(office):
    app, manager, token = office
    create_callback(case=create_case(institution=db.session.get_one(Callback, 1).case.institution))
    client = client_of(app, manager)
    page = text_of(client.get("/callbacks/links"))
    assert "打印 1 封信" in page
    assert token not in page
    letters = client.get("/callbacks/links/letters.pdf")
    assert letters.data.startswith(b"%PDF")
    assert client.post("/callbacks/links", data={"way": "sms", "days": "99"}).status_code in {303, 422}
    assert client.post("/callbacks/links", data={"way": "letter", "days": "10"}).status_code == 303
    revoke = re.findall(r"/callbacks/links/\w+/revoke", text_of(client.get("/callbacks/links")))
    assert len(revoke) == 2
    for address in revoke:
        assert client.post(address).status_code == 303
    assert app.test_client().post("/r/", data={"token": token}).status_code == 404


def test_phone_and_online_stand_beside_each_other_with_ticks_and_refusals(office):
    app, manager, _token = office
    county = db.session.get_one(Callback, 1).case.institution
    spoken = {**CONTENT, "contacts": "met,phone"}
    for means, answers in (("phone", spoken), ("online", CONTENT), ("phone", CONTENT)):
        create_callback(
            case=create_case(institution=county), state="done", means=means, answers=answers, answered_at=NOW
        )
    page = text_of(client_of(app, manager).get("/callbacks/links"))
    assert "网上比电话：满意率 0.0 个百分点" in page
    assert "区间含 0，看不出差别。" in page
    assert "100.0% (1 / 1)" in page  # one ticked "in person" among the one who ticked anything
    assert "拒访率" in page


def test_ticks_go_through_the_recipients_page(office):
    app, _manager, token = office
    visitor = opened(app, token)
    page = text_of(visitor.get("/r/form"))
    assert 'type="checkbox" name="contacts" id="q-contacts-met" value="met"' in page
    both = visitor.post("/r/form", data={**CONTENT, "contacts": ["met", "none"]})
    assert (both.status_code, 'value="none" checked' in text_of(both)) == (422, True)
    assert visitor.post("/r/form", data={**CONTENT, "contacts": ["phone", "met"]}).status_code == 303
    db.session.rollback()
    assert db.session.execute(db.select(Callback.answers)).scalar_one()["contacts"] == "met,phone"
