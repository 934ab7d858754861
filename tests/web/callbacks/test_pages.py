"""The caller's desk and the manager's lists in a browser."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from qualityeval import clock
from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import AuditEvent, Callback
from qualityeval.queries.accounts import actor_of
from tests.channel_rows import CONTENT, create_callback
from tests.factories import create_account, create_actor, create_case, create_institution
from tests.web.actor_browser import client_of, text_of

NUMBER = "13812340000"


@pytest.fixture
def morning(monkeypatch):
    """Ten o'clock on the office wall."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 2, 0, tzinfo=UTC))


@pytest.fixture
def desk(app, session, morning):
    """A caller's browser, two recipients, and the address of the first."""
    county = create_institution(name="雁汀区法律援助中心")
    account = create_account(role=Role.CALLER, institution=county)
    rows = [
        create_callback(
            case=create_case(institution=county, recipient_phone=NUMBER, recipient_name=name), account=account
        )
        for name in ("韩小梅", "石磊")
    ]
    return client_of(app, actor_of(account)), f"/callbacks/{rows[0].public_id}", account


def first():
    db.session.rollback()
    return db.session.execute(select(Callback).order_by(Callback.place)).scalars().first()


def test_the_number_is_masked_until_dialled_and_again_after(desk):
    client, base, _account = desk
    before = text_of(client.get("/callbacks/"))
    assert "138 **** 0000" in before
    assert "韩○○" in before
    for secret in (NUMBER, "韩小梅", "石磊"):
        assert secret not in before
    assert client.post(f"{base}/dial").status_code == 302
    during = text_of(client.get("/callbacks/"))
    assert NUMBER in during
    assert "韩小梅" in during
    assert "石磊" not in during
    client.post(f"{base}/outcome", data={"outcome": "no_answer", "note": "响铃 40 秒"})
    after = text_of(client.get("/callbacks/"))
    assert NUMBER not in after
    assert "石○" in after
    actions = db.session.execute(select(AuditEvent.action).where(AuditEvent.object_type == "callback"))
    assert [*actions.scalars()][-2:] == ["callback.dialled", "callback.called"]


def test_a_whole_call(desk):
    client, base, _account = desk
    client.post(f"{base}/dial")
    answer = client.post(f"{base}/outcome", data={**CONTENT, "outcome": "reached", "note": "再打13800138000"})
    assert answer.status_code == 302
    assert (first().state, first().answers) == ("done", CONTENT)
    page = text_of(client.get("/callbacks/"))
    assert "接通 1 人，接通率 100.0%" in page
    assert "文字里有证件号码、电话或邮箱" in page


def test_missing_answers_are_named_and_typed_ones_kept(desk):
    client, base, _account = desk
    client.post(f"{base}/dial")
    typed = {**CONTENT, "outcome": "reached", "suggestion": "多讲进展"}
    del typed["met_times"]
    answer = client.post(f"{base}/outcome", data=typed)
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'href="#q-met_times"' in page
    assert "多讲进展" in page
    assert 'id="q-overall-satisfied" value="satisfied" checked' in page
    assert first().state == "open"


def test_an_appointment_needs_its_time(desk):
    client, base, _account = desk
    client.post(f"{base}/dial")
    form = {"outcome": "rescheduled", "again_day": "2026-11-26", "again_at": "soon"}
    refused = client.post(f"{base}/outcome", data=form)
    assert refused.status_code == 422
    assert "请写约好的时间" in text_of(refused)
    assert client.post(f"{base}/outcome", data={**form, "again_at": "9：30"}).status_code == 302
    assert first().not_before == datetime(2026, 11, 26, 1, 30, tzinfo=UTC)


def test_no_outcome_no_storing(desk):
    client, base, _account = desk
    client.post(f"{base}/dial")
    refused = client.post(f"{base}/outcome", data={})
    assert (refused.status_code, "请选择本次结果。" in text_of(refused)) == (422, True)


def test_quiet_hours_show_no_number(app, desk, monkeypatch):
    _client, base, account = desk
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 4, 30, tzinfo=UTC))
    client = client_of(app, actor_of(account))
    answer = client.post(f"{base}/dial")
    assert (answer.status_code, NUMBER in text_of(answer)) == (422, False)
    assert first().dialled_at is None


def test_an_empty_list_says_so(app, session, morning):
    client = client_of(app, create_actor(role=Role.CALLER, institution=create_institution()))
    assert "现在没有要拨打的人" in text_of(client.get("/callbacks/"))


def test_the_to_do_page_leads_to_the_desk(desk):
    client, _base, _account = desk
    page = text_of(client.get("/"))
    assert "回访受援人" in page
    assert 'href="/callbacks/"' in page


def test_a_manager_makes_a_list_once(app, session, morning):
    county = create_institution()
    for number in range(4):
        create_case(institution=county, recipient_phone=NUMBER, recipient_phone_index=f"x{number}")
    caller = create_account(role=Role.CALLER, institution=county, display_name="林回访")
    manager = client_of(app, create_actor(institution=county))
    assert "林回访" in text_of(manager.get("/callbacks/lists"))
    form = {
        "closed_from": "2026-01-01", "closed_to": "2026-12-31", "rate": "50%", "callers": caller.public_id, "once": "k",
    }  # fmt: skip
    assert manager.post("/callbacks/lists", data={**form, "rate": "half"}).status_code == 422
    assert manager.post("/callbacks/lists", data={**form, "callers": []}).status_code == 422
    assert manager.post("/callbacks/lists", data={**form, "maximum": "0"}).status_code == 422
    for _twice in range(2):
        made = manager.post("/callbacks/lists", data={**form, "quota": "1"})
        assert made.status_code == 303
    assert len(db.session.execute(select(Callback)).scalars().all()) == 2
    page = text_of(manager.get("/callbacks/lists"))
    assert "答卷 / 名单：0 / 2 人" in page
    address = made.headers["Location"]
    page = text_of(manager.get(address))
    for said in ("2 / 4", "0 / 1", "进行中", "结束这次回访"):
        assert said in page
    assert manager.post(f"{address}/close").status_code == 303
    assert "已结束" in text_of(manager.get(address))
    assert manager.post(f"{address}/close").status_code == 409
    assert "另有 2 人抽中但没有拨打" in text_of(manager.get("/callbacks/lists"))


def test_figures_of_the_manager(app, desk):
    client, base, account = desk
    client.post(f"{base}/dial")
    client.post(f"{base}/outcome", data={**CONTENT, "money_asked": "yes", "outcome": "reached"})
    manager = client_of(app, create_actor(institution=account.institution))
    page = text_of(manager.get("/callbacks/lists"))
    for figure in ("接通 / 已拨：1 / 1 人", "答卷 / 名单：1 / 2 人", "满意 / 作出评价：1 / 1 人"):
        assert figure in page


def test_a_fruitless_call_rests_two_hours(app, desk, monkeypatch):
    client, base, account = desk
    client.post(f"{base}/dial")
    client.post(f"{base}/outcome", data={"outcome": "no_answer"})
    assert client.post(f"{base}/dial").status_code == 422
    later = datetime(2026, 11, 25, 2, 0, tzinfo=UTC) + timedelta(hours=4)
    monkeypatch.setattr(clock, "now", lambda: later)
    client = client_of(app, actor_of(account))
    assert client.post(f"{base}/dial").status_code == 302
