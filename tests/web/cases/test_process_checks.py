"""The checks on a case's page and on the desk: the desk's say dates and nothing of where the case is from."""

from datetime import date

from qualityeval.core.codes import Level, Role
from tests import factories
from tests.web.actor_browser import text_of
from tests.web.signed_in import browser_of

DATES = {"applied_on": date(2026, 6, 1), "decided_on": date(2026, 6, 9), "assigned_on": date(2026, 6, 10)}


def test_the_manager_sees_dates_limit_and_source(app, session):
    city = factories.create_institution(code="330100", level=Level.CITY)
    manager = factories.create_account(role=Role.MANAGER, institution=city)
    case = factories.create_case(institution=city, **DATES)
    page = text_of(browser_of(app, manager).get(f"/cases/{case.public_id}"))
    # five working days after Monday 1 June 2026 are Monday 8 June
    assert "申请日期 2026-06-01 · 决定日期 2026-06-09 · 不晚于 2026-06-08" in page
    assert "5个工作日, 杭州市法律援助条例第二十七条" in page
    assert "不符合" in page


def test_the_desk_says_no_source(app, session):
    place = factories.create_institution(code="330100", level=Level.CITY)
    line = factories.create_assignment(
        expert=factories.create_expert(code="E1"), case=factories.create_case(institution=place, **DATES),
        round_=factories.create_round(institution=place, state="scoring"),
    )  # fmt: skip
    expert = factories.create_account(role=Role.EXPERT, expert_code="E1")
    page = text_of(browser_of(app, expert).get(f"/scoring/{line.public_id}"))
    assert "不晚于 2026-06-08 (5个工作日)" in page
    assert "杭州" not in page
    assert "浙江" not in page
