"""`objections …`: raised by the institution, decided by the owner, answered after the file was read anew."""

import pytest

from qualityeval.cli.objections import group
from qualityeval.queries import notified
from tests.cli.running import say, say_plainly
from tests.factories import NOW
from tests.papers import scan
from tests.services.test_objections import window

pytestmark = pytest.mark.usefixtures("session")
KEYS = ["code", "case", "state", "reason", "raised_at", "decide_by", "ground", "answer", "results", "outcome",
        "ruling", "papers"]  # fmt: skip


@pytest.fixture
def world(app, time_machine):
    time_machine.move_to(NOW)
    made = window(app)
    made.notify()
    return made


@pytest.fixture
def case(world):
    return notified.sampled_for(world.liaison(), world.rows()[0].public_id)[1].frame_case.key


def test_from_the_reason_to_the_ruling(app, world, case, tmp_path):
    paper = tmp_path / "note.png"
    paper.write_bytes(scan(size=(60, 80), form="PNG"))
    raised = ("raise", "R2026", case, "--reason", "会见笔录在第 12 页。", "--as", "liaison0")
    assert say(app, group, *raised, "--paper", paper) == {
        "code": "R2026", "case": case, "state": "open", "papers": 1,
    }  # fmt: skip
    told = say(app, group, "accept", "R2026", case, "--answer", "受理", "--as", "first")
    assert list(told) == KEYS
    assert (told["state"], told["reason"], told["ground"]) == ("accepted", "会见笔录在第 12 页。", None)
    assert told["results"] == [{"step": "first", "total": 8500, "grade": "良好"}]
    assert [(one["name"], one["pages"]) for one in told["papers"]] == [("note.png", 1)]
    world.bring({"objection": 97}, slots=("objection",))
    told = say(app, group, "rule", "R2026", case, "--ruling", "维持良好。", "--as", "second")
    # (90 + 80 + 97) / 3
    assert told["results"][-1] == {"step": "objected", "total": 8900, "grade": "良好"}
    assert (told["state"], told["ruling"]) == ("settled", "维持良好。")


def test_a_list_for_people_and_for_programs(app, case):
    say(app, group, "raise", "R2026", case, "--reason", "有异议", "--as", "liaison0")
    reject = ("reject", "R2026", case, "--answer", "已核对", "--ground", "no_facts")
    found = say(app, group, "list", "R2026")
    assert list(found) == ["code", "until", "counts", "objections"]
    (row,) = found["objections"]
    assert list(row) == ["case", "institution", "state", "raised_at", "decide_by", "late"]
    assert (row["case"], row["state"], row["late"]) == (case, "open", False)
    plain = say_plainly(app, group, "list", "R2026").splitlines()
    assert plain[0] == "code: R2026"
    assert any(line.startswith(f"  case={case}  institution=") and "state=open" in line for line in plain)
    assert say(app, group, *reject)["ground"] == "no_facts"
    assert say(app, group, "show", "R2026", case)["answer"] == "已核对"


def test_refusals_name_the_place_and_what_to_do(app, case):
    raised = ("raise", "R2026", case, "--reason", "有异议", "--as", "liaison0")
    say(app, group, *raised)
    refused = say(app, group, *raised, code=1)["error"]
    assert (refused["code"], refused["where"]) == ("objection.twice", "reason")
    assert say(app, group, "show", "R2026", "no:such", code=1)["error"]["where"] == "case"
    assert say(app, group, "raise", "R2026", case, "--reason", "x", "--paper", "none.pdf", code=1)["error"] == {
        "code": "file.unreadable", "message": "文件打不开，请检查路径。", "where": "none.pdf",
    }  # fmt: skip
    plain = say_plainly(app, group, "rule", "R2026", case, "--ruling", "维持", code=1)
    assert plain == "复核完成以后才能答复结果，且只答复一次。 [ruling] (objection.not_read)\n"
