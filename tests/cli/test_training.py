"""`training CODE`: the items most often cut, for people and for programs."""

import pytest

from qualityeval.cli.model_cases import training
from tests.cli.running import say, say_plainly
from tests.services.test_objections import window
from tests.services.test_restatements import released

pytestmark = pytest.mark.usefixtures("session")


def test_the_items_of_a_released_round(app):
    released(app)
    found = say(app, training, "R2026")
    assert list(found) == ["code", "against", "cases", "items"]
    assert (found["code"], found["against"], found["cases"]) == ("R2026", None, 15)
    first = found["items"][0]
    assert list(first) == ["item", "before", "after", "change", "interval", "clear", "reason"]
    assert list(first["after"]) == ["rate", "interval", "n", "method"]
    assert (first["before"], first["change"], first["reason"]) == (None, None, "no_earlier")
    # two sheets of fifteen cases each: an item that both read is worth its fifteen cases
    assert (first["after"]["n"], first["after"]["method"]) == (15, "wilson")
    plain = say_plainly(app, training, "R2026").splitlines()
    assert plain[:3] == ["code: R2026", "against: -", "cases: 15"]
    assert plain[4].startswith(f"  item={first['item']}  before=None")
    same = say(app, training, "R2026", "--against", "R2026", code=1)["error"]
    assert (same["code"], same["where"]) == ("results.same_round", "against")


def test_before_the_release_it_says_what_to_wait_for(app):
    window(app)
    told = say_plainly(app, training, "R2026", code=1)
    assert told == "培训清单只用已发布的批次。 [round] (training.early)\n"
