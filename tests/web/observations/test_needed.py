"""The manager's page of hearings still to observe, and sending observers by lot."""

import io
from datetime import date

from sqlalchemy import select

from qualityeval import clock
from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import Case, Observation
from qualityeval.words.moments import OFFICE
from tests.factories import create_account, create_actor, create_case, create_cases, create_institution
from tests.web.actor_browser import client_of, text_of

PAGE = "/observations/needed"


def test_what_is_needed_and_sent(app, session):
    """One hearing today, nothing observed: 5 % of one is one whole case."""
    county = create_institution()
    observer = create_account(role=Role.OBSERVER, institution=county)
    client = client_of(app, create_actor(institution=county))
    assert "今年还没有开庭的案件" in text_of(client.get(PAGE))
    today = clock.now().astimezone(OFFICE).date()
    create_cases(institution=county, numbers=["2026-8"], hearing_on=today, hearing_held=None)
    assert "本季度还需旁听" in text_of(client.get(PAGE))
    assert client.post(PAGE, data={}).status_code == 422
    answer = client.post(PAGE, data={"observers": observer.public_id, "once": "a" * 32})
    assert answer.headers["Location"] == PAGE
    assert "已派出 1 场旁听" in text_of(client.get(PAGE))
    db.session.rollback()
    assert db.session.execute(select(Observation)).scalar_one().why == "drawn"


def test_a_calendar_is_looked_at_then_brought_in(app, session):
    county = create_institution(code="330102")
    browser = client_of(app, create_actor(institution=county))
    case = create_case(institution=county, number="7", hearing_on=date(2026, 12, 3))

    def brought(text):
        answer = browser.post("/observations/calendar", data={"file": (io.BytesIO(text.encode()), "庭.csv")})
        return answer.headers["Location"]

    assert "导入开庭安排" in text_of(browser.get("/observations/calendar"))
    bad = browser.get(brought("援助案号,开庭日期\n7,\n"))
    assert "开庭日期读不懂" in text_of(bad)
    here = brought("援助案号,开庭日期\n7,2026-12-10\n")
    assert "日期有变化" in text_of(browser.get(here))
    assert browser.post(here).headers["Location"] == "/observations/needed"
    db.session.expire_all()
    assert db.session.get_one(Case, case.id).hearing_on == date(2026, 12, 10)
