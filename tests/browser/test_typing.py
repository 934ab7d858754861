"""Nothing typed on the desk is lost: no network, an ended sign-in, another window, a killed browser. And nothing stays
in the browser after sign-out.
"""

import os
import random
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError as TookTooLong
from playwright.sync_api import expect
from sqlalchemy import select

from qualityeval.database import db
from qualityeval.models import Assignment, SheetDraft
from tests import papers
from tests.browser.conftest import CHROMIUM, QUIET
from tests.web.scoring import desk as desks

EXPERT, KILLS, SECONDS = "e0", 200, 5.0
OVERALL = "textarea[name=overall]"


@pytest.fixture
def site(own_site):
    """Both tests deal a round, so that each has a site of its own."""
    return own_site


@pytest.fixture
def dealt(site):
    """A file on the expert's desk; its assignment's public id."""
    with site.app.app_context():
        made = desks.dealt(site.app, db.session)
        made.file(papers.pdf("page 1", "page 2"), code="hearing-record")
        return made.public_id


def draft_of(site, public_id):
    """The text the server has."""
    with site.app.app_context():
        db.session.rollback()
        found = db.session.execute(
            select(SheetDraft.content)
            .join(Assignment, SheetDraft.assignment_id == Assignment.id)
            .where(Assignment.public_id == public_id)
        ).scalar_one_or_none()
        return (found or {}).get("overall", "")


def saved(page):
    expect(page.locator("[data-saved]")).to_contain_text("已保存", timeout=20_000)


@pytest.mark.proof("typing", heavy=True)
def test_text_outlives_the_network_the_sign_in_and_the_tab_and_is_gone_after_sign_out(browser, site, dealt):
    address = f"{site.url}/scoring/{dealt}"
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([site.cookie(EXPERT)])
    page = context.new_page()
    page.goto(address)
    page.locator(OVERALL).fill("有网络时写的。")
    saved(page)

    context.set_offline(True)  # a tab that dies without a network
    page.locator(OVERALL).fill("没有网络时写的。")
    page.locator("fieldset.qe-item legend").first.click()
    page.keyboard.press("r")  # the deductions of the item
    page.locator('input[name^="cut-"]').first.fill("1")
    page.locator('input[name^="cut-why-"]').first.fill("笔录缺签名")
    expect(page.locator("[data-saved]")).to_contain_text("存在这台电脑上")
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator(OVERALL)).to_have_value("没有网络时写的。")
    expect(page.locator('input[name^="cut-why-"]').first).to_have_value("笔录缺签名")
    saved(page)
    assert draft_of(site, dealt) == "没有网络时写的。"

    context.clear_cookies()  # the sign-in ends
    page.locator(OVERALL).fill("登录过期以后写的。")
    expect(page.locator("[data-saved]")).to_contain_text("登录已过期")
    context.add_cookies([site.cookie(EXPERT)])  # signed in again in another window: another token too
    saved(page)
    assert draft_of(site, dealt) == "登录过期以后写的。"

    other = context.new_page()  # a second window saves; the first one is shown both
    other.goto(address)
    other.locator(OVERALL).fill("另一个窗口写的。")
    saved(other)
    page.locator(OVERALL).fill("这个窗口写的。")
    page.get_by_role("button", name="逐项对照").click()
    expect(page.get_by_text("另一个窗口写的。")).to_be_visible()
    expect(page.get_by_text("这个窗口写的。")).to_be_visible()
    page.get_by_role("button", name="存为草稿").click()
    expect(page.locator(OVERALL)).to_have_value("这个窗口写的。")
    other.close()

    _sign_out_without_a_trace(site, context, page)
    context.close()


def _sign_out_without_a_trace(site, context, page):
    """Text that was never sent is gone after sign-out too, and the way back shows no page."""
    context.set_offline(True)
    page.locator(OVERALL).fill("退出以前没有发出的。")
    expect(page.locator("[data-saved]")).to_contain_text("存在这台电脑上")
    context.set_offline(False)
    page.goto(f"{site.url}/scoring/")
    page.locator(".qe-top").get_by_role("button", name="退出").click()
    page.wait_for_url("**/sign-in*")
    left = page.evaluate(
        "async () => [(await indexedDB.databases()).length, (await caches.keys()).length, JSON.stringify({...localStorage, ...sessionStorage})]"
    )
    assert left[:2] == [0, 0]
    assert "退出以前" not in left[2]
    page.go_back()
    assert "退出以前" not in page.content()


@contextmanager
def chromium(kind, profile):
    """A browser of our own that can be killed like a real one; its page and how to kill it."""
    (profile / "DevToolsActivePort").unlink(missing_ok=True)
    process = subprocess.Popen(
        [CHROMIUM, *QUIET, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip

    def kill():
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    try:
        port = _port_of(profile / "DevToolsActivePort")
        connected = kind.connect_over_cdp(f"http://127.0.0.1:{port}")
        yield connected.contexts[0], kill
    finally:
        if process.poll() is None:
            kill()


def _port_of(path: Path) -> str:
    for _ in range(400):
        if path.is_file() and (lines := path.read_text().split()):
            return lines[0]
        time.sleep(0.05)
    raise AssertionError("the browser didn't start")


@pytest.mark.proof("typing", heavy=True)
def test_a_killed_browser_loses_at_most_five_seconds_of_typing(
    browser, site, dealt, tmp_path, proof_count, record_property
):
    kills, rng = proof_count(KILLS), random.Random(7)
    cookie, profile = site.cookie(EXPERT), tmp_path / "profile"
    profile.mkdir()
    worst, lost_any, offline_kills = 0.0, 0, 0
    log: list[tuple[float, str]] = []  # when, and the whole text after this key
    killed_at = 0.0
    for number in range(kills + 1):
        with chromium(browser.browser_type, profile) as (context, kill):
            context.add_cookies([cookie])
            page = context.new_page()
            page.goto(f"{site.url}/scoring/{dealt}")
            if log:
                found = _recovered(page, log[-1][1])
                if found != log[-1][1]:
                    lost_any += 1
                    since = next((at for at, text in log if text == found), log[0][0])
                    worst = max(worst, killed_at - since)
            if number == kills:
                break
            offline = rng.random() < 0.5
            offline_kills += offline
            context.set_offline(offline)
            log = _typed(page, f"第{number}次：", until=time.monotonic() + rng.uniform(0.2, 2.5), rng=rng)
            killed_at = time.monotonic()
            kill()
    told = f"{kills} kills, {offline_kills} without a network: at most {worst:.2f} s lost, anything lost in {lost_any}"
    record_property("lost", told)
    print(told)
    assert worst <= SECONDS


def _typed(page, text, *, until, rng):
    """Keys pressed until then, about eight a second or faster; what stood there after each, and when."""
    page.locator(OVERALL).fill(text)
    log = [(time.monotonic(), text)]
    while time.monotonic() < until:
        key = rng.choice("abcdefghij0123456789")
        page.keyboard.press(key)
        text += key
        log.append((time.monotonic(), text))
        time.sleep(rng.uniform(0.02, 0.2))
    return log


def _recovered(page, wanted):
    with suppress(TookTooLong):  # something was lost: what is there is read now
        page.wait_for_function(
            "([at, text]) => document.querySelector(at).value === text", arg=[OVERALL, wanted], timeout=2_000
        )
    return page.locator(OVERALL).input_value()
