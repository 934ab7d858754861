"""A caller works a list down with nothing but the keyboard; the server's time for each step is printed."""

import statistics
from datetime import UTC, datetime

import pytest

from qualityeval import clock
from qualityeval.adapters.form_files import CALLBACK, shipped_form
from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import CallAttempt, Callback, Case
from tests.browser.looking import faults_of, looking
from tests.channel_rows import CONTENT, create_callback
from tests.factories import create_account

MORNING = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # nine o'clock in the office
FORM = shipped_form(CALLBACK)
SERVER_MS = """() => {
  const one = performance.getEntriesByType("navigation")[0];
  return one.responseStart - (one.redirectStart || one.requestStart);
}"""
FOCUSED = "() => document.activeElement.innerText || document.activeElement.name || ''"


@pytest.fixture
def calls(site, proof_count, monkeypatch):
    """A new caller with recipients of their own, at nine in the morning."""
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    with site.app.app_context():
        cases = db.session.execute(
            db.select(Case).where(Case.sealed.is_(False), ~db.select(Callback.id).filter_by(case_id=Case.id).exists())
            .order_by(Case.id).limit(proof_count(30))
        ).scalars().all()  # fmt: skip
        account = create_account(role=Role.CALLER, name="caller-keys")
        rows = [create_callback(case=case, account=account).id for case in cases]
        return account.name, rows


def tab_to(page, wanted):
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == wanted:
            return
    raise AssertionError(f"{wanted} can't be reached with Tab")


def answer_all(page):
    """Each question by Tab, Space and arrows; those that the recipient doesn't need stay empty."""
    tab_to(page, "who")
    for question in FORM.questions:
        if question.is_text:
            continue
        if question.many:  # each tick is a stop of its own; left empty here
            for _ in question.options:
                page.keyboard.press("Tab")
            continue
        page.keyboard.press("Space")
        place = [one.code for one in question.options].index(CONTENT[question.code])
        for _ in range(place):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")


def one_call(page, key, times):
    tab_to(page, "拨打")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    times["dial"].append(page.evaluate(SERVER_MS))
    if key == "1":
        answer_all(page)
        page.evaluate("() => document.activeElement.blur()")  # out of the free text, as Esc would
    page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    times["outcome"].append(page.evaluate(SERVER_MS))


@pytest.mark.proof("calls-by-keyboard", heavy=True)
def test_a_list_worked_down(site, browser, calls):
    account, rows = calls
    times = {"dial": [], "outcome": []}
    with looking(browser, site, account=account) as (page, messages):
        page.goto(f"{site.url}/callbacks/")
        for number in range(len(rows)):
            one_call(page, "134"[number % 3], times)  # reached, dead number, refused: each ends its task
        assert faults_of(page, messages) == {}
    with site.app.app_context():
        made = (
            db.session.execute(db.select(CallAttempt.outcome).where(CallAttempt.callback_id.in_(rows)))
            .scalars()
            .all()
        )
        answers = db.session.execute(
            db.select(Callback.answers).where(Callback.id.in_(rows), Callback.state == "done")
        )
        kept = answers.scalars().all()
    assert len(made) == len(rows)
    assert len(kept) == (len(rows) + 2) // 3
    assert all(one == CONTENT for one in kept)
    for step, ms in times.items():
        print(f"{step}: median {statistics.median(ms):.0f} ms, longest {max(ms):.0f} ms of {len(ms)}")
