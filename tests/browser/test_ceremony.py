"""A whole draw by two people in two browsers without scripts: form, freeze, dice, draw, proof outside."""

import pytest
from playwright.sync_api import expect

from qualityeval.core.verification import verify
from tests.browser.looking import looking
from tests.browser.site import CITY_MANAGERS

DICE = "41633 52614 25516 34261"


@pytest.fixture
def people(browser, site):
    first, second = CITY_MANAGERS
    with (
        looking(browser, site, account=first, scripts=False) as (mine, _mine),
        looking(browser, site, account=second, scripts=False) as (theirs, _theirs),
    ):
        yield mine, theirs


def fill_spec(page, code):
    page.get_by_label("批次代码").fill(code)
    page.get_by_label("名称", exact=True).fill("城区案件同行评估")
    page.get_by_label("从", exact=True).fill("2000-01-01")
    page.get_by_label("到", exact=True).fill("2099-12-31")
    page.get_by_label("默认抽取率").fill("27.7%")
    page.get_by_label("调卷").select_option("none")


def download(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return waiting.value.path().read_bytes()


def test_from_the_form_to_a_verified_draw(site, people):
    mine, theirs = people
    mine.goto(site.url + "/rounds")
    mine.get_by_role("link", name="新建批次").first.click()
    fill_spec(mine, "CITY-1")
    mine.get_by_role("button", name="改用 YAML 写").click()
    expect(mine.get_by_label("方案（YAML）")).to_contain_text("default: 27.7%")
    mine.get_by_role("button", name="回到表单").click()
    expect(mine.get_by_label("默认抽取率")).to_have_value("27.7%")
    mine.get_by_role("button", name="保存草稿").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("城区案件同行评估")
    address = mine.url

    mine.get_by_role("link", name="冻结方案").click()
    mine.get_by_role("button", name="冻结并公布摘要").click()
    expect(mine.get_by_text("输入的代码与批次代码不同。")).to_be_visible()
    mine.get_by_label("请输入 CITY-1 以确认").fill("CITY-1")
    mine.get_by_role("button", name="冻结并公布摘要").click()
    expect(mine.get_by_text("公开的摘要")).to_be_visible()

    mine.get_by_role("link", name="录入公开值").click()
    mine.get_by_label("公开值").fill(DICE)
    mine.get_by_role("button", name="确认录入").click()
    expect(mine.get_by_text("请另一位管理员在自己的账号里打开这一页录入", exact=False)).to_be_visible()
    theirs.goto(address)
    theirs.get_by_role("link", name="录入公开值").click()
    expect(theirs.get_by_text(DICE)).to_have_count(0)
    theirs.get_by_label("公开值").fill(DICE)
    theirs.get_by_role("button", name="确认录入").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("种子已经确定")
    expect(theirs.get_by_role("img", name="6 点")).to_have_count(DICE.count("6"))

    theirs.get_by_role("link", name="下一步：抽取样本").click()
    theirs.get_by_role("button", name="计算抽签号并公布结果").click()
    certificate, frame = download(theirs, "证书 JSON"), download(theirs, "抽样框 CSV")
    verdict = verify(certificate, frame)
    assert verdict.ok
    expect(theirs.get_by_role("heading", level=1)).to_have_text(f"{verdict.draw.n}件")
    theirs.get_by_role("button", name="在这里重算核对").click()
    expect(theirs.get_by_text("全部相符")).to_be_visible()
    mine.goto(address)
    expect(mine.get_by_role("link", name="抽取结果与证书")).to_be_visible()


def test_the_wrong_reading_is_told_to_the_second_person(site, people):
    mine, theirs = people
    mine.goto(site.url + "/rounds/new")
    fill_spec(mine, "CITY-2")
    mine.get_by_label("类别").select_option("self")
    mine.get_by_role("button", name="保存草稿").click()
    address = mine.url
    mine.goto(address + "/freeze")
    mine.get_by_label("请输入 CITY-2 以确认").fill("CITY-2")
    mine.get_by_role("button", name="冻结并公布摘要").click()
    for page, value in ((mine, DICE), (theirs, DICE[:-1] + "2")):
        page.goto(address + "/seed")
        page.get_by_label("公开值").fill(value)
        page.get_by_role("button", name="确认录入").click()
    expect(theirs.get_by_text("两次录入不一致，都已作废。请两位重新录入。")).to_be_visible()
    expect(theirs.get_by_label("公开值")).to_have_value("")
