"""`model-cases …`: nominated by one account, listed by another, read without the case."""

import pytest

from qualityeval.cli.model_cases import group
from tests.cli.running import say, say_plainly
from tests.services.test_model_cases import TEXT
from tests.services.test_restatements import released

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def nominate(app):
    world = released(app)
    texts = [part for name, text in TEXT.items() for part in (f"--{name}", text)]
    return ("nominate", "R2026", world.sampled().frame_case.key, *texts)


def test_two_accounts_make_a_model_case_and_one_takes_it_back(app, nominate):
    made = say(app, group, *nominate, "--as", "first")
    assert (list(made), made["state"]) == (["id", "state"], "nominated")
    listed = ("decide", made["id"], "--list")
    own = say(app, group, *listed, "--as", "first", code=1)["error"]
    assert (own["code"], own["where"]) == ("model_case.own", "--as")
    (row,) = say(app, group, "list", "--state", "nominated")["cases"]
    assert (row["title"], row["key"], row["nominated_by"]) == (TEXT["title"], nominate[2], "first")
    assert say(app, group, *listed, "--as", "second") == {"id": made["id"], "state": "listed"}
    (row,) = say(app, group, "list", "--as", "liaison0")["cases"]
    assert "key" not in row, "readers see the story, never the case"
    assert "title=及时会见" in say_plainly(app, group, "list")
    withdrawn = say(app, group, "withdraw", made["id"], "--reason", "有新情况", "--as", "first")
    assert withdrawn["state"] == "withdrawn"
    assert say_plainly(app, group, "list") == "state: listed\ncases: -\n"


def test_refusals_name_the_place_and_what_to_do(app, nominate):
    told = say_plainly(app, group, *nominate, code=1)
    assert told.endswith(" [--as] (model_case.account_needed)\n")
    number = nominate[2].partition(":")[2]
    named = say(app, group, *nominate, "--story", f"案号 {number}", "--as", "first", code=1)["error"]
    assert (named["code"], named["where"]) == ("model_case.names", "story")
    assert "承办律师" in named["message"], "what to write instead"
    made = say(app, group, *nominate, "--as", "first")
    bare = say(app, group, "decide", made["id"], "--refuse", "--as", "second", code=1)["error"]
    assert (bare["code"], bare["where"]) == ("model_case.reason", "decision")
