"""A visitor repeats a draw: in a worker and without one, with a changed file, with a province's frame, without script."""

import json
import re

import pytest
from playwright.sync_api import expect

from qualityeval.core.frame import build_frame
from qualityeval.web.verify import views
from qualityeval.words.verification import PAGE_CHECKS
from tests.browser.looking import AXE, faults_of, looking, violations_of
from tests.core.draw_vectors import drawn

PATH = "/verify/LC2026Q1"
FILES = re.compile(r"/verify/LC2026Q1/(certificate\.json|frame\.csv)$")
NO_WORKER = "delete window.Worker; Object.defineProperty(window.crypto, 'subtle', {value: undefined});"
WATCH = """
window.longest = 0;
let last = performance.now();
setInterval(() => { const now = performance.now(); window.longest = Math.max(window.longest, now - last); last = now; }, 5);
"""
PROVINCE = 98_000


def answering(page, certificate, frame):
    """The site answers with these two files instead of its own."""

    def answer(route):
        is_frame = route.request.url.endswith(".csv")
        route.fulfill(status=200, body=frame if is_frame else certificate, content_type="text/plain")

    page.route(FILES, answer)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_everything_agrees_at_both_widths(browser, site, screenshots, locale):
    with looking(browser, site, account="", locale=locale) as (page, complaints):
        page.goto(site.url + PATH)
        expect(page.locator("[data-part=verdict]")).to_have_attribute("data-state", "ok")
        assert page.locator("[data-check][data-state=ok]").count() == len(PAGE_CHECKS)
        assert page.locator("[data-result] .qe-tag-ok").count() == page.locator("[data-stratum]").count() > 1
        for width, height in ((1440, 900), (375, 812)):
            page.set_viewport_size({"width": width, "height": height})
            assert faults_of(page, complaints) == {}
            if AXE.is_file():
                assert violations_of(page) == []
            page.screenshot(path=screenshots / f"verify.reckoned-{width}-{locale}.png", full_page=True)


@pytest.mark.parametrize("worker", [True, False])
def test_a_case_is_looked_up(browser, site, screenshots, worker):
    with looking(browser, site, account="") as (page, complaints):
        if not worker:
            page.add_init_script(NO_WORKER)
        page.goto(site.url + PATH)
        field = page.get_by_label("查一件")
        expect(field).to_be_visible()
        said = "浏览器自带的 SHA-256 对两份文件算出同样的摘要" if worker else "不提供自带的 SHA-256"
        expect(page.locator("[data-part=cross]")).to_contain_text(said)
        frame = page.request.get(f"{site.url}{PATH}/frame.csv").text().splitlines()[1:]
        states = set()
        for line in frame[:12]:
            key = line.split(",")[0]
            field.fill(f" {key} ")
            page.get_by_role("button", name="计算", exact=True).click()
            expect(page.locator("[data-part=key]")).to_have_text(key)
            expect(page.locator("[data-part=place]")).to_have_text(
                re.compile(r"^第 \d+ 小，共 \d+ 件，前 \d+ 件抽中$")
            )
            place, _size, n = map(int, re.findall(r"\d+", page.locator("[data-part=place]").inner_text()))
            states.add(state := page.locator("[data-part=drawn]").inner_text())
            assert state == ("抽中" if place <= n else "未抽中")
        page.screenshot(path=screenshots / "verify.case.png", full_page=True)
        field.fill("1:nothing")
        page.keyboard.press("Enter")
        expect(page.locator("[data-part=place]")).to_contain_text("没有这个案件键")
        assert faults_of(page, complaints) == {}


def test_one_changed_byte_is_told(browser, site, screenshots):
    with looking(browser, site, account="") as (page, _complaints):
        certificate = page.request.get(f"{site.url}{PATH}/certificate.json").body()
        frame = page.request.get(f"{site.url}{PATH}/frame.csv").body()
        answering(page, certificate, frame[:-2] + b"x\n")
        page.goto(site.url + PATH)
        expect(page.locator("[data-part=verdict]")).to_have_attribute("data-state", "bad")
        expect(page.locator("[data-check=frame_digest]")).to_have_attribute("data-state", "bad")
        expect(page.locator("[data-check=secret]")).to_have_attribute("data-state", "ok")
        page.screenshot(path=screenshots / "verify.changed.png", full_page=True)


def test_files_of_ones_own_are_read_and_sent_nowhere(browser, site, tmp_path):
    content = build_frame((f"1:{n}", "甲" if n % 3 else "乙") for n in range(30))
    certificate, frame, draw = drawn(content)
    (tmp_path / "c.json").write_bytes(certificate)
    (tmp_path / "f.csv").write_bytes(frame)
    with looking(browser, site, account="") as (page, _complaints):
        page.goto(site.url + PATH)
        expect(page.locator("[data-part=verdict]")).to_have_attribute("data-state", "ok")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.get_by_text("用自己手里的文件核验").click()
        page.get_by_label("证书（JSON）").set_input_files(tmp_path / "c.json")
        page.get_by_label("抽样框（CSV）").set_input_files(tmp_path / "f.csv")
        page.get_by_role("button", name="核验这两个文件").click()
        expect(page.locator("[data-stratum]")).to_have_count(len(draw.strata))
        expect(page.locator("[data-stratum] th").first).to_have_text(draw.strata[0].label)
        expect(page.locator("[data-check=tickets]")).to_have_attribute("data-state", "ok")
        assert [url for url in asked if "verify-worker" not in url] == []


@pytest.mark.parametrize("worker", [True, False])
def test_a_provinces_frame_leaves_the_page_answerable(browser, site, record_property, worker):
    content = build_frame((f"33{n % 97:02d}:{n:06d}", str(n % 97)) for n in range(PROVINCE))
    certificate, frame, _draw = drawn(content)
    with looking(browser, site, account="", width=375, height=812) as (page, _complaints):
        page.context.set_default_timeout(60_000)
        if not worker:
            page.add_init_script(NO_WORKER)
        page.add_init_script(WATCH)
        answering(page, certificate, frame)
        page.goto(site.url + PATH)
        verdict = page.locator("[data-part=verdict]")
        expect(verdict).to_have_attribute("data-state", "ok", timeout=60_000)
        record_property(
            "count",
            f"{page.locator('[data-part=text]').inner_text()}, longest pause {page.evaluate('longest'):.0f} ms",
        )
        assert page.evaluate("longest") < 1_000
        page.locator("[data-part=find] input").fill("3300:000000")
        page.get_by_role("button", name="计算", exact=True).click()
        expect(page.locator("[data-part=place]")).to_contain_text("共 1,011 件")


def test_a_very_large_frame_is_fetched_when_asked_for(browser, site, monkeypatch):
    monkeypatch.setattr(views, "LARGE", 100)
    with looking(browser, site, account="") as (page, _complaints):
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(site.url + PATH)
        expect(page.locator("[data-part=text]")).to_contain_text("抽样框有 150 件，文件较大")
        assert not any(FILES.search(url) for url in asked)
        page.get_by_role("button", name="重新计算").click()
        expect(page.locator("[data-part=verdict]")).to_have_attribute("data-state", "ok")


def test_without_script_the_page_offers_the_files(browser, site, screenshots):
    with looking(browser, site, account="", scripts=False, width=375, height=812) as (page, _complaints):
        page.goto(site.url + PATH)
        expect(page.get_by_text("没有开启脚本", exact=False).first).to_be_visible()
        expect(page.locator("[data-part=verdict]")).to_be_hidden()
        expect(page.locator("[data-part=find]")).to_be_hidden()
        for name in ("LC2026Q1-D1.json", "LC2026Q1-frame.csv", "verify_draw.py"):
            with page.expect_download() as caught:
                page.get_by_role("link", name=name, exact=True).click()
            assert caught.value.suggested_filename == name
        page.screenshot(path=screenshots / "verify.no-script-375.png", full_page=True)


def test_the_list_leads_to_the_page(browser, site):
    with looking(browser, site, account="") as (page, _complaints):
        page.goto(site.url + "/sign-in")
        page.get_by_role("link", name="公开核验抽取").click()
        page.get_by_role("link", name="2026年第一季度同行评估").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("这次抽取，您可以自己重算")
        assert (
            json.loads(page.locator("[data-verify]").get_attribute("data-words"))["verdict.ok"] == "全部相符"
        )
