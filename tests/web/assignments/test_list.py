"""A round's dealing on the page: before, after, who reads what, and what nobody reads."""

import csv
import io

import pytest
from sqlalchemy import select, update

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Expert
from qualityeval.services import audit
from tests.factories import NOW
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def text(answer):
    return answer.get_data(as_text=True)


def address(world, rest=""):
    return f"/rounds/{world.round().public_id}/assignments{rest}"


def lines(answer):
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_before_and_after_the_press(app):
    world = review_world(app, dealt=False)
    browser = world.browser()
    page = text(browser.get(address(world)))
    assert "还没有派案" in page
    assert "<dt>名额</dt><dd>30</dd>" in page  # 15 cases, two experts each
    confirm = f"/rounds/{world.round().public_id}/assign"
    assert "现在派案？" in text(browser.get(confirm))
    assert db.session.execute(select(Assignment)).first() is None
    answer = browser.post(confirm)
    assert answer.status_code == 303
    page = text(browser.get(answer.headers["Location"]))
    assert "已派出 30 份" in page
    assert '<dd class="v">3</dd>' in page
    assert "没有违反回避规则的派案" in page, "checked once more on the first page"
    assert "没有违反回避规则的派案" not in text(browser.get(address(world, "?state=dealt")))
    assert "没有违反回避规则的派案" in text(browser.get(address(world, "?state=dealt&check=1")))
    assert "没有派出的名额" not in page
    assert world.round().state == "assigned"


def test_it_is_refused_in_words_without_experts(app):
    world = review_world(app, dealt=False, experts=0)
    answer = world.browser().post(f"/rounds/{world.round().public_id}/assign")
    assert answer.status_code == 422
    assert "专家库里没有可用的专家" in text(answer)


@pytest.mark.parametrize(
    ("query", "count"), [("", 30), ("?state=dealt", 30), ("?state=submitted", 0), ("?slot=first", 30), ("?slot=arbitration", 0), ("?text=E3", 3), ("?text=2026-0001", None)]
)  # fmt: skip
def test_the_file_holds_the_filtered_rows(app, query, count):
    world = review_world(app)
    found = lines(world.browser().get(address(world, f".csv{query}")))
    everything = lines(world.browser().get(address(world, ".csv")))
    expected = len([row for row in everything if "2026-0001" in row["case"]]) if count is None else count
    assert len(found) == expected
    assert all(row in everything for row in found)
    assert list(everything[0]) == ["case", "expert", "slot", "state"]


def test_open_slots_name_the_rule_that_starves_them(app):
    world = review_world(app, dealt=False)
    with transaction():  # nine of ten experts work in the first county: 1 is left there, 10 in the second
        db.session.execute(
            update(Expert).where(Expert.code != "E9").values(institution_id=world.counties[0].id)
        )
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    world.deal()
    page = text(world.browser().get(address(world)))
    assert "没有派出的名额" in page
    assert page.count("专家在承办机构任职 <b>9</b>") == 6  # the six drawn cases of the first county
    assert "已在评这件案件 <b>1</b>" in page


def test_a_full_expert_is_counted_as_full(app):
    world = review_world(app, dealt=False)
    with transaction():
        db.session.execute(update(Expert).values(cap=2))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    world.deal()
    page = text(world.browser().get(address(world)))
    assert "件数已到上限 <b>" in page
    assert "名额 30 · 已派 20" in page


def test_what_is_submitted_is_counted(app):
    world = review_world(app)
    world.bring({"1": 90}, slots=("1",))
    page = text(world.browser().get(address(world, "?state=submitted")))
    assert "已交 15 · 应交 30" in page
    assert page.count(">退回<") == 15


@pytest.mark.parametrize("rest", ["", ".csv"])
def test_another_body_has_no_such_round(app, rest):
    world = review_world(app)
    assert world.browser("county").get(address(world, rest)).status_code == 404


def test_the_press_of_another_body_deals_nothing(app):
    world = review_world(app, dealt=False)
    assert world.browser("county").post(f"/rounds/{world.round().public_id}/assign").status_code == 404
    assert world.round().state == "called_in"


def test_checking_again_names_what_has_been_broken_since(app):
    world = review_world(app)
    with transaction():  # everybody moves to the first county's institution after the dealing
        db.session.execute(update(Expert).values(institution_id=world.counties[0].id))
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="expert")
    page = text(world.browser().get(address(world, "?check=1")))
    assert page.count("专家在承办机构任职") >= 12  # six cases, two readers each
    assert "没有违反回避规则的派案" not in page
