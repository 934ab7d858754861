"""`calibration show`, `set`, `reference` and `repeat` print and do what the page does."""

import pytest

from qualityeval.cli.calibration import group
from tests import factories
from tests.cli.running import say
from tests.factories import NOW
from tests.services import chain
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


def test_anchors_answers_and_repeats(app, tmp_path):
    world = review_world(app, cases=(4, 4), experts=4)
    case = factories.create_case(
        institution=world.counties[0], number="2025-1", closed_on=NOW.date().replace(year=2025)
    )
    key = f"{world.counties[0].code}:{case.number}"
    assert say(app, group, "set", "R2026", "--anchor", "no:such", code=1)["error"]["code"] == "anchor.no_case"
    told = say(app, group, "set", "R2026", "--anchor", key, "--repeats", "100%", "--days", "0")
    assert told["anchors"][0]["case"] == key
    assert told["anchors"][0]["reference"] is None
    assert (told["required"], told["repeats"]["rate"], told["repeats"]["n"]) == (False, "1", 0)
    table = tmp_path / "reference.csv"
    lines = [f"{code},{earned / 100}" for code, earned in chain.marks(90).items()]
    table.write_text("\n".join(["item,mark", *lines[:-1]]), encoding="utf-8")
    answer = ("reference", "R2026", key, str(table), "--source", "panel", "--reason", "会商")
    assert say(app, group, *answer, code=1)["error"]["code"] == "sheet.incomplete"
    table.write_text("\n".join(["item,mark", *lines]), encoding="utf-8")
    (anchor,) = say(app, group, *answer)["anchors"]
    assert (anchor["reference"], anchor["source"], anchor["reason"]) == ("90", "panel", "会商")
    assert say(app, group, "set", "R2026", "--drop", key)["anchors"] == []
    world.bring({"1": 90, "2": 90})
    assert say(app, group, "repeat", "R2026")["dealt"] > 0
    assert say(app, group, "show", "R2026")["repeats"]["open"] > 0
    assert [one["mean"] for one in say(app, group, "show", "R2026")["experts"]] == [None] * 4
