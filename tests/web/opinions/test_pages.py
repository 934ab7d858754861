"""Asking an organ, and the one-time link in the organ's browser (threat list TK1 to TK8 where they are pages)."""

import re

import pytest
from sqlalchemy import select

from qualityeval.database import db
from qualityeval.models import OrganOpinion
from tests.channel_rows import PRAISE, create_opinion
from tests.factories import create_actor, create_case, create_institution
from tests.web.actor_browser import client_of, text_of

LINK = re.compile(r"/o/([A-Za-z0-9_-]{32})")


@pytest.fixture
def office(app, session):
    """A manager's browser and a case of the county with names on it."""
    county = create_institution(code="330102")
    case = create_case(
        institution=county, number="2026-7", organ="临州市人民法院", court_number="（2026）浙01刑初7号",
        recipient_name="王小明", cause="盗窃罪",
    )  # fmt: skip
    return client_of(app, create_actor(institution=county)), case


def bare(page):
    """The page without its form token, which is another for each visitor."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", text_of(page))


def ask(manager):
    answer = manager.post(
        "/opinions/ask", data={"case_key": "330102:2026-7", "organ": "", "officer": "", "days": "15"}
    )
    return answer, (LINK.search(text_of(answer)) or [None, ""])[1]


def stored():
    db.session.rollback()
    return db.session.execute(select(OrganOpinion)).scalar_one()


def test_the_link_is_shown_once(office):
    manager, _case = office
    answer, token = ask(manager)
    assert (answer.status_code, len(token)) == (200, 32)
    again, none = ask(manager)
    assert (again.status_code, none) == (422, "")
    for path in ("/opinions/", f"/opinions/{stored().public_id}"):
        assert token not in text_of(manager.get(path))


def test_looking_uses_nothing_up(app, office):
    manager, _case = office
    _answer, token = ask(manager)
    for _look in range(100):
        page = app.test_client().get(f"/o/{token}")
        assert page.status_code == 200
    assert stored().opened_at is None
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    # a wrong token's page is the same but for the token itself
    wrong = bare(app.test_client().get("/o/" + "A" * 32)).replace("A" * 32, "")
    assert wrong == bare(page).replace(token, "")


def test_open_answer_thank_you(app, office):
    manager, _case = office
    _answer, token = ask(manager)
    judge = app.test_client()
    opened = judge.post("/o/", data={"token": token})
    assert (opened.status_code, opened.headers["Location"]) == (303, "/o/form")
    assert "遵守法庭或办案秩序" in text_of(judge.get("/o/form"))
    half = judge.post("/o/form", data={"order": "good", "remark": "认真"})
    assert (half.status_code, "认真" in text_of(half)) == (422, True)
    assert judge.post("/o/form", data=PRAISE).status_code == 303
    assert "已收到您的答复" in text_of(judge.get("/o/form"))
    judge.post("/o/form", data={**PRAISE, "dutiful": "good"})
    assert stored().answers == PRAISE
    page = text_of(manager.get(f"/opinions/{stored().public_id}"))
    assert "部分采纳" in page


def test_a_used_wrong_or_revoked_link_is_one_answer(app, office):
    manager, _case = office
    _answer, token = ask(manager)
    judge = app.test_client()
    judge.post("/o/", data={"token": token})
    pages = [app.test_client().post("/o/", data={"token": one}) for one in (token, "A" * 32, "")]
    manager.post(f"/opinions/{stored().public_id}/revoke")
    pages.append(judge.get("/o/form"))
    pages.append(app.test_client().get("/o/form"))
    assert {page.status_code for page in pages} == {404}
    assert len({bare(page) for page in pages[:3]}) == 1


def test_the_form_says_the_least(app, office):
    """Masked name, no cause, no score; whoever is asked about is named, since that is the question."""
    manager, _case = office
    _answer, token = ask(manager)
    judge = app.test_client()
    judge.post("/o/", data={"token": token})
    page = text_of(judge.get("/o/form"))
    assert "王○○" in page
    assert "（2026）浙01刑初7号" in page
    for secret in ("王小明", "盗窃罪", "2026-7<", token, "330102"):
        assert secret not in page


def test_a_session_of_one_case_is_no_way_to_another(app, office):
    manager, case = office
    _answer, token = ask(manager)
    other = create_opinion(case=create_case(institution=case.institution))
    judge = app.test_client()
    judge.post("/o/", data={"token": token})
    judge.post("/o/form", data={**PRAISE, "public_id": other.public_id})
    db.session.rollback()
    assert db.session.get_one(OrganOpinion, other.id).answered_at is None
    assert judge.get(f"/opinions/{other.public_id}").status_code == 302  # to sign-in


def test_a_letter_is_entered(office):
    manager, _case = office
    ask(manager)
    path = f"/opinions/{stored().public_id}/letter"
    assert "录入书面答复" in text_of(manager.get(path))
    half = manager.post(path, data={"order": "good"})
    assert (half.status_code, 'id="q-order-good" value="good" checked' in text_of(half)) == (422, True)
    assert manager.post(path, data=PRAISE).status_code == 302
    assert (stored().via, stored().answers) == ("letter", PRAISE)
    assert manager.post(path, data=PRAISE).status_code == 409


def test_the_list_shows_rates_with_both_figures(office):
    manager, case = office
    create_opinion(
        case=create_case(institution=case.institution), answers=PRAISE, answered_at=case.registered_at
    )
    ask(manager)
    page = text_of(manager.get("/opinions/"))
    assert "已答复 / 已征询：1 / 2 件" in page
    assert "好和较好 / 作出评价：2 / 3 项" in page
    assert "没有征询记录" in text_of(manager.get("/opinions/?state=revoked"))
    assert "临州市人民法院" in text_of(manager.get("/opinions/?state=asked"))


def test_a_case_of_others_is_not_found(office):
    manager, _case = office
    create_case(institution=create_institution(code="999"), number="1")
    form = {"case_key": "999:1", "organ": "x", "officer": "", "days": "15"}
    assert manager.post("/opinions/ask", data=form).status_code == 422
    assert db.session.execute(select(OrganOpinion)).first() is None
