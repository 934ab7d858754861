"""`restatement …`: a released case read anew, proposed by one account, issued by another, checked by anybody."""

import pytest

from qualityeval.cli.restatements import group
from tests.cli.running import say, say_plainly
from tests.services.test_objections import OVER
from tests.services.test_restatements import released

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def world(app, time_machine):
    time_machine.move_to(OVER)
    return released(app)


def test_from_the_review_to_a_version_that_anybody_can_check(app, world, tmp_path):
    case = world.sampled().frame_case.key
    review = ("review", "R2026", case, "--basis", "complaint", "--reason", "受援人投诉", "--as", "first")
    told = say(app, group, *review)
    assert list(told) == ["code", "reviews", "pending", "versions"]
    (row,) = told["reviews"]
    assert (row["case"], row["state"], row["after"]) == (case, "open", None)
    early = say(app, group, "propose", "R2026", "--reason", "更正", "--as", "first", code=1)["error"]
    assert (early["code"], early["where"]) == ("restatement.nothing", "state")
    world.bring({"review": 10}, slots=("review",))
    propose = ("propose", "R2026", "--reason", "复查后更正", "--as", "first")
    assert say(app, group, *propose)["pending"] == {"version": 2, "reason": "复查后更正"}
    own = say(app, group, "issue", "R2026", "--as", "first", code=1)["error"]
    assert (own["code"], own["where"]) == ("restatement.said", "--as")
    assert say(app, group, "drop", "R2026", "--as", "second")["pending"] is None
    say(app, group, *propose)
    told = say(app, group, "issue", "R2026", "--as", "second")
    # (90 + 80 + 10) / 3
    assert told["reviews"][0]["after"] == {"total": 6000, "grade": "合格"}
    assert [(one["version"], one["reason"]) for one in told["versions"]] == [(1, None), (2, "复查后更正")]
    files = [tmp_path / f"{number}.json" for number in (1, 2)]
    for number, file in enumerate(files, 1):
        written = say(app, group, "version", "R2026", number, "-o", file)
        assert list(written) == ["code", "version", "digest", "file"]
    assert say(app, group, "verify", *files)["ok"] is True
    files[0].write_text(files[0].read_text().replace("良好", "优秀"))
    plain = app.test_cli_runner().invoke(group, ["verify", *map(str, files)])
    assert (plain.exit_code, "✗" in plain.stdout) == (1, True)


def test_refusals_name_the_place_and_what_to_do(app, world, tmp_path):
    told = say_plainly(app, group, "propose", "R2026", "--reason", "更正", code=1)
    assert told.endswith("请用 --as 写明账号。 [--as] (restatement.account_needed)\n")
    missing = say(app, group, "verify", tmp_path / "none.json", code=1)["error"]
    assert (missing["code"], missing["where"]) == ("file.unreadable", str(tmp_path / "none.json"))
    lost = say(app, group, "version", "R2026", 1, "-o", tmp_path / "no" / "x.json", code=1)["error"]
    assert lost["code"] == "file.unwritable"
