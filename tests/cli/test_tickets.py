"""`tickets …`: deductions of a released round become tickets, answered by the institution, closed by the owner."""

import pytest

from qualityeval.cli.tickets import group
from tests.cli.running import say, say_plainly
from tests.services.test_objections import OVER
from tests.services.test_restatements import released

pytestmark = pytest.mark.usefixtures("session")
LINE = ["ticket", "kind", "item", "state", "due", "late", "repeats"]


@pytest.fixture
def key(app, time_machine):
    time_machine.move_to(OVER)
    world = released(app)
    name = world.counties[0].name
    cases = [one for one in say(app, group, "deductions", "R2026")["cases"] if one["institution"] == name]
    return cases[0]["deductions"][0]["key"]


def test_from_a_deduction_to_a_closed_ticket(app, key):
    found = say(app, group, "deductions", "R2026", "--limit", 1)
    assert list(found["cases"][0]) == ["number", "institution", "grade", "deductions"]
    assert list(found["cases"][0]["deductions"][0]) == ["key", "item", "lost", "ticket"]
    opened = ("open", "R2026", key, "--kind", "conduct", "--due", "2026-12-20", "--note", "请整改")
    made = say(app, group, *opened, "--as", "first")
    (line,) = made["tickets"]
    assert list(line) == LINE
    assert (line["kind"], line["state"], line["due"], line["repeats"]) == (
        "conduct",
        "open",
        "2026-12-20",
        False,
    )
    id_ = line["ticket"]
    answer = ("answer", id_, "--text", "已培训", "--proof", "签到表", "--as", "liaison0")
    assert say(app, group, *answer)["state"] == "answered"
    assert say(app, group, "return", id_, "--reason", "没有签到表", "--as", "first")["state"] == "open"
    say(app, group, *answer)
    refused = say(app, group, "close", id_, code=1)["error"]
    assert (refused["code"], refused["where"]) == ("follow_up.account_needed", "--as")
    assert say(app, group, "close", id_, "--as", "second")["state"] == "closed"


def test_the_list_for_people_and_refusals_with_their_place(app, key):
    plain = say_plainly(app, group, "list", "R2026")
    assert plain.splitlines()[:2] == ["code: R2026", "tickets: -"]
    opened = ("open", "R2026", key, "--kind", "papers")
    say(app, group, *opened)
    lines = say_plainly(app, group, "list", "R2026").splitlines()
    assert sum(line.startswith("  ticket=") and "kind=papers" in line for line in lines) == 1
    assert any("tickets=1" in line for line in lines), "and how they stand by item"
    twice = say(app, group, *opened, code=1)["error"]
    assert (twice["code"], twice["where"]) == ("exists", "chosen")
    told = say_plainly(app, group, "answer", "none", "--text", "已改", "--proof", "无", code=1)
    assert told == "没有这项内容，或者您无权查看。 [follow_up] (not_found)\n"
