"""`expert …`, `watch …`, `round payments` and `round assign --preview` print what the pages show."""

import pytest

from qualityeval.cli.experts import group, watching
from qualityeval.cli.reviews import assign, paid
from tests import factories
from tests.cli.running import say
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def test_terms_and_leave(app):
    factories.create_experts(range(1))
    told = say(
        app, group, "terms", "E0", "--kind", "guest", "--until", "2026-12-31", "--languages", "藏语;English"
    )
    assert (told["kind"], told["until"], told["languages"]) == ("guest", "2026-12-31", ["藏语", "English"])
    told = say(app, group, "terms", "E0", "--since", "2026-01-01")
    assert (told["kind"], told["since"]) == ("guest", "2026-01-01"), "what isn't named stays"
    told = say(app, group, "leave", "E0", "2026-07-01", "2026-07-14", "--reason", "病假")
    assert told["leave"] == [{"since": "2026-07-01", "until": "2026-07-14", "reason": "病假"}]
    refused = say(app, group, "leave", "E0", "2026-07-14", "2026-07-01", code=1)
    assert refused["error"]["code"] == "expert.term"
    assert say(app, group, "terms", "E9", code=1)["error"]["code"] == "not_found"


def test_doubles_and_watch_lists(app):
    for code in "AB":
        factories.create_expert(code=code, licence="13301200110000001")
    found = say(app, group, "doubles", "--look")
    (pair,) = found["pairs"]
    assert (found["found"], pair["first"], pair["second"], pair["ground"]) == (1, "A", "B", "licence")
    assert say(app, group, "decide", pair["id"], "same", "--reason", "同一证件")["kept"] == "A"
    root = factories.create_institution()
    names = [factories.create_account(role="manager", institution=root).name for _ in range(2)]
    made = say(
        app, watching, "propose", "withdraw", "--expert", "A", "--reason", "多次逾期", "--as", names[0]
    )
    decision = ("decide", made["id"], "agree", "--reason", "属实")
    assert say(app, watching, *decision, "--as", names[0], code=1)["error"]["code"] == "watch.second"
    assert say(app, watching, *decision, "--as", names[1])["state"] == "agreed"
    assert say(app, watching, "list")["proposals"][0]["whom"] == "A"


def test_preview_and_payments(app, tmp_path):
    world = review_world(app, dealt=False)
    tried = say(app, assign, "R2026", "--preview")
    assert (tried["slots"], tried["filled"], tried["unfilled"], tried["causes"]) == (30, 30, [], [])
    assert say(app, assign, "R2026")["assignment"]["filled"] == 30
    world.bring({"1": 90, "2": 90})
    told = say(app, paid, "R2026", "-o", str(tmp_path / "p.csv"))
    assert (told["sheets"], told["amount"], len(told["experts"])) == (30, 0, 10)
    assert len((tmp_path / "p.csv").read_text().splitlines()) == 11
