"""A call is published, answered by anybody, and decided: appointed into the pool or refused."""

from datetime import timedelta

import pytest

from qualityeval.clock import office_today
from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import Appointment, Expert, ExpertApplication, ExpertCall, IdentityProposal
from tests import factories
from tests.web.signed_in import browser_of

pytestmark = pytest.mark.usefixtures("session")
SAID = {
    "name": "王芳", "provider": "正大律师事务所", "licence": "13301", "id_number": "330106198001010011",
    "phone": "13800000000", "practice_years": "12", "specialties": ["criminal", "juvenile"], "statement": "愿意\n参加",
}  # fmt: skip


@pytest.fixture
def manager(app):
    root = factories.create_institution()
    return browser_of(app, factories.create_account(role=Role.MANAGER, institution=root))


def publish(manager, days=30, **changed):
    today = office_today()
    values = {
        "title": "选聘评估专家",
        "terms": "执业十年以上",
        "opens_on": today,
        "closes_on": today + timedelta(days=days),
    }
    return manager.post("/experts/calls", data={**values, **changed})


def the_call():
    db.session.expire_all()
    return db.session.execute(db.select(ExpertCall)).scalar_one()


def applied(app, **changed):
    return app.test_client().post(f"/experts/apply?call={the_call().public_id}", data={**SAID, **changed})


def waiting():
    db.session.expire_all()
    return db.session.execute(db.select(ExpertApplication)).scalars().all()


def test_from_the_call_to_the_pool(app, manager):
    visitor = app.test_client()
    assert "现在没有公开选聘" in visitor.get("/experts/apply").text
    assert publish(manager).status_code == 303
    assert "选聘评估专家" in visitor.get("/experts/apply").text
    assert applied(app, phone="").status_code == 422
    assert applied(app, id_number="x").status_code == 422
    assert applied(app).location.endswith("/experts/apply?sent=1")
    (one,) = waiting()
    assert "审核专家申请" in manager.get("/").text
    page = manager.get(f"/experts/applications?one={one.public_id}").text
    assert all(text in page for text in ("王芳", "330106198001010011", "刑事", "未成年", "愿意"))
    factories.create_expert(code="A1", licence="13301")
    said = {
        "application": one.public_id,
        "decision": "appointed",
        "reason": "符合条件",
        "until": "2027-12-31",
    }
    assert "已经有这个编号" in manager.post("/experts/applications", data={**said, "code": "A1"}).text
    assert manager.post("/experts/applications", data={**said, "code": "A2"}).status_code == 303
    expert = db.session.execute(db.select(Expert).filter_by(code="A2")).scalar_one()
    assert (expert.name, expert.practice_years, expert.specialties) == ("王芳", 12, ["criminal", "juvenile"])
    assert str(db.session.get(Appointment, expert.id).until) == "2027-12-31"
    assert db.session.execute(db.select(IdentityProposal)).scalar_one().ground == "licence", "a likely double"
    assert "已经有人决定" in manager.post("/experts/applications", data={**said, "code": "A3"}).text


def test_refused_means_wiped_and_a_closed_call_takes_nothing(app, manager):
    publish(manager)
    applied(app)
    (one,) = waiting()
    said = {"application": one.public_id, "decision": "refused", "reason": "年限不够"}
    assert manager.post("/experts/applications", data=said).status_code == 303
    (one,) = waiting()
    assert (one.state, one.id_number, one.phone) == ("refused", None, None)
    assert manager.post("/experts/calls", data={"close": the_call().public_id}).status_code == 303
    assert applied(app).status_code == 404
    assert manager.post("/experts/calls", data={"close": the_call().public_id}).status_code == 422


def test_another_body_sees_and_decides_nothing(app, manager):
    publish(manager)
    applied(app)
    (one,) = waiting()
    stranger = browser_of(
        app, factories.create_account(role=Role.MANAGER, institution=factories.create_institution())
    )
    assert "王芳" not in stranger.get("/experts/applications").text
    assert "选聘评估专家" not in stranger.get("/experts/calls").text
    said = {"application": one.public_id, "decision": "refused", "reason": "r"}
    assert stranger.post("/experts/applications", data=said).status_code == 404
    assert stranger.post("/experts/calls", data={"close": the_call().public_id}).status_code == 404
    assert publish(manager, days=-1).status_code == 422
