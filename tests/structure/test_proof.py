"""Every promise has its tests, every marked test its promise, and a skipped test proves nothing."""

import ast

import pytest

from tests.structure.sources import called_name, nodes_of, python_files
from tools import proof


def marked():
    """Names given to the mark `proof` anywhere in the tests."""
    names = set()
    for path in python_files("tests"):
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and called_name(node) == "proof" and node.args:
                names.update(argument.value for argument in node.args if isinstance(argument, ast.Constant))
    return names


def test_every_promise_is_marked_and_every_mark_promised():
    assert marked() == {check.name for check in proof.CHECKS if not check.command}


@pytest.mark.parametrize(
    ("counts", "result"),
    [
        ('tests="3" failures="0" errors="0" skipped="0"', "passed"),
        ('tests="3" failures="1" errors="0" skipped="0"', "FAILED (1 of 3)"),
        ('tests="3" failures="0" errors="1" skipped="1"', "FAILED (1 of 3)"),
        ('tests="3" failures="0" errors="0" skipped="1"', "not shown (1 of 3 skipped)"),
        ('tests="0" failures="0" errors="0" skipped="0"', "no test"),
    ],
)
def test_a_report_is_read_strictly(tmp_path, counts, result):
    report = tmp_path / "x.xml"
    case = '<testcase><properties><property name="count" value="200 of 200"/></properties></testcase>'
    report.write_text(f"<testsuites><testsuite {counts}>{case}</testsuite></testsuites>", encoding="utf-8")
    assert proof.read_report(report)[0] == result


def test_what_passed_on_this_state_is_not_run_again(tmp_path, monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(proof, "FOLDER", tmp_path)
    monkeypatch.setattr(proof, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(proof, "CHECKS", (proof.Check("a", "first"), proof.Check("b", "second")))
    monkeypatch.setattr(proof, "state_of_project", lambda: "now")

    def run(check, state):
        ran.append(check.name)
        return proof.Outcome(check.name, state, "passed" if check.name == "a" else "FAILED (1 of 1)", "", 1.0)

    monkeypatch.setattr(proof, "run", run)
    assert proof.main([]) == 1
    assert proof.main([]) == 1
    assert proof.main(["a"]) == 0
    assert proof.main(["c"]) == 2
    assert ran == ["a", "b", "b", "a"]
    assert "FAILED (1 of 1)" in capsys.readouterr().out
    monkeypatch.setattr(proof, "state_of_project", lambda: "later")
    assert proof.main(["b"]) == 1
    assert "not run on this state" in capsys.readouterr().out
