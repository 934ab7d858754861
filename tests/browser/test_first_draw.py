"""A manager's first draw without a help page: plan, freeze, dice, draw and printed certificate, every press counted.

The room watches on a screen of its own, which nobody touches.
"""

import io
import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.looking import faults_of, looking, violations_of

DICE = "41633526142551634261"
CODE = "FIRST-1"
DIGEST = re.compile(r"(?:抽样框Frame|方案Plan|Digestofthesecret)([0-9a-f]{64})")


@dataclass
class Hand:
    """One person at one window: what was pressed and typed, and where that led."""

    page: Page
    presses: int = 0
    typed: int = 0
    visited: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("framenavigated", lambda frame: self.visited.append(frame.url))

    def press(self, role: str, name: str) -> None:
        """A link or a button, by its words."""
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.presses += 1

    def tick(self, label: str) -> None:
        """A box, by its words."""
        self.page.get_by_label(label, exact=True).check()
        self.presses += 1

    def fill(self, label: str, value: str) -> None:
        """A field, by its label; going into it is a press."""
        self.page.get_by_label(label, exact=True).fill(value)
        self.presses += 1
        self.typed += len(value)

    def choose(self, label: str, value: str) -> None:
        """One of a list: opening it and choosing are two presses."""
        self.page.get_by_label(label, exact=True).select_option(value)
        self.presses += 2

    def save(self, name: str) -> bytes:
        """A file by the words of its link."""
        with self.page.expect_download() as waiting:
            self.press("link", name)
        return waiting.value.path().read_bytes()


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def plan(hand: Hand) -> str:
    hand.press("link", "评估批次")
    hand.press("link", "新建批次")
    hand.fill("批次代码", CODE)
    hand.fill("名称", "第一次抽取")
    hand.choose("类别", "self")
    hand.fill("从", "2000-01-01")
    hand.fill("到", "2099-12-31")
    hand.fill("默认抽取率", "27.7%")
    hand.choose("调卷", "none")
    hand.press("button", "保存草稿")
    expect(hand.page.get_by_role("heading", level=1)).to_have_text("第一次抽取")
    return hand.page.url


def freeze(hand: Hand) -> None:
    hand.press("link", "冻结方案")
    hand.fill(f"请输入 {CODE} 以确认", CODE)
    hand.press("button", "冻结并公布摘要")
    expect(hand.page.get_by_text("公开的摘要")).to_be_visible()


def dice(hand: Hand, address: str = "") -> None:
    if address:
        hand.page.goto(address)
    hand.press("link", "录入公开值")
    hand.fill("公开值", DICE)
    hand.press("button", "确认录入")


@pytest.mark.proof("first-draw")
def test_a_first_draw_needs_no_help(browser, site, screenshots, record_property):
    with (
        looking(browser, site, account="manager") as (mine, complaints),
        looking(browser, site, account="manager2") as (theirs, _theirs),
        looking(browser, site, account="manager2", width=1920, height=1080) as (screen, _screen),
    ):
        first, second = Hand(mine), Hand(theirs)
        mine.goto(site.url + "/")
        address = plan(first)
        freeze(first)
        announced = text_of(first.save("方案公告 PDF"))
        screen.goto(f"{address}/room")
        expect(screen.get_by_role("heading", level=1)).to_have_text("请掷骰，由两位管理员录入点数")
        dice(first)
        expect(screen.get_by_role("heading", level=1)).to_have_text("已有一位录入，等第二位")
        assert DICE not in screen.content()
        dice(second, address)
        expect(screen.get_by_role("heading", level=1)).to_have_text("种子已经确定")
        second.press("link", "下一步：抽取样本")
        second.press("button", "计算抽签号并公布结果")
        certificate = text_of(second.save("打印证书 PDF"))
        expect(screen.get_by_role("heading", level=1)).to_contain_text("件中抽取")
        expect(screen.locator("[data-refresh]")).to_have_count(0)
        assert violations_of(screen) == []
        screen.screenshot(path=screenshots / "room.drawn-1920.png", full_page=True)
        said_before = DIGEST.findall(announced)
        assert len(said_before) == 3
        assert said_before == DIGEST.findall(certificate)
        assert f"/verify/{CODE}" in certificate
        assert faults_of(mine, complaints) == {}
        assert [url for url in first.visited + second.visited if "/help" in url] == []
        said = f"{first.presses + second.presses} clicks and {first.typed + second.typed} characters"
        print(said)
        record_property("count", said)
