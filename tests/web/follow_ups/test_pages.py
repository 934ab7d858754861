"""Complaints and requests for papers in a browser: list, answer, second person, papers of a case."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import FollowUp
from tests.channel_rows import CONTENT, create_callback, create_follow_up
from tests.factories import NOW, create_actor, create_case, create_institution
from tests.web.actor_browser import client_of, text_of


@pytest.fixture
def office(app, session):
    """A county, a case of it, browsers of two managers."""
    county = create_institution(code="330102", name="雁汀区法律援助中心")
    case = create_case(institution=county, number="2026-7", cause="盗窃罪")
    return county, case, [client_of(app, create_actor(institution=county)) for _ in range(2)]


def stored():
    db.session.rollback()
    return db.session.execute(select(FollowUp)).scalar_one()


def complaint(case, **fields):
    row = create_callback(
        case=case,
        state="done",
        answered_at=NOW,
        answers={**CONTENT, "money_asked": "yes"},
        alarms=["money_asked"],
    )
    return create_follow_up(
        case=case, kind="complaint", source="callback", source_key=row.public_id, form=row.form,
        facts=["money_asked"], **fields,
    )  # fmt: skip


def test_a_complaint_from_list_to_closed(office):
    _county, case, (first, second) = office
    row = complaint(case, due_on=NOW.date() - timedelta(days=400))
    listed = text_of(first.get("/follow-ups/?state=overdue"))
    assert "2026-7" in listed
    assert "逾期" in listed
    base = f"/follow-ups/{row.public_id}"
    page = text_of(first.get(base))
    assert "有没有向您收钱、收礼或请吃？ 是" in page
    empty = first.post(f"{base}/answer", data={"answer": "已查", "proof": ""})
    assert (empty.status_code, "请填写这一项" in text_of(empty), "已查" in text_of(empty)) == (
        422,
        True,
        True,
    )
    said = {"answer": "已约谈", "proof": "笔录 3 页"}
    assert first.post(f"{base}/answer", data=said).status_code == 303
    assert "等另一位管理员办结" in text_of(first.get(base))
    own = first.post(f"{base}/close")
    assert (own.status_code, stored().state) == (422, "answered")
    assert second.post(f"{base}/send-back", data={"reason": ""}).status_code == 422
    assert second.post(f"{base}/send-back", data={"reason": "缺退款凭证"}).status_code == 303
    assert "缺退款凭证" in text_of(first.get(base))
    first.post(f"{base}/answer", data=said)
    assert second.post(f"{base}/close").status_code == 303
    assert stored().state == "closed"
    assert first.post(f"{base}/answer", data=said).status_code == 422
    assert "投诉线索" in text_of(first.get(f"/cases/{case.public_id}"))


def test_papers_that_the_catalogue_misses_are_ticked(app, office):
    county, case, (first, _second) = office
    page = text_of(first.get(f"/follow-ups/case/{case.public_id}/papers"))
    assert page.count("checked") > 3
    assert first.post(f"/follow-ups/case/{case.public_id}/papers", data={"note": ""}).status_code == 422
    assert (
        first.post(f"/follow-ups/case/{case.public_id}/papers", data={"note": "页码不全"}).status_code == 303
    )
    liaison = client_of(app, create_actor(role=Role.LIAISON, institution=county))
    assert "2026-7" in text_of(liaison.get("/follow-ups/?kind=papers"))
    assert "页码不全" in text_of(liaison.get(f"/follow-ups/{stored().public_id}"))


def test_the_monitoring_queues(office):
    county, _case, (first, _second) = office
    create_case(institution=county, number="2024-1", closed_on=date(2024, 3, 1))
    page = text_of(first.get("/follow-ups/queues"))
    assert "结案后没有交材料" in page
    narrow = text_of(first.get("/follow-ups/queues?queue=not_handed_in&institution=330102"))
    assert "2024-1" in narrow
    assert "2024-1" not in text_of(first.get("/follow-ups/queues?queue=not_checked"))
