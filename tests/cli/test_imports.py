"""`import cases` as a program drives it: keys, exit codes, what --json holds."""

import pytest

from tests.cli.running import call_json
from tests.services.registers import MAPPING, line, write


@pytest.fixture
def env(live_database):
    return live_database.environment


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "map.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def test_the_keys_of_an_import(env, mapping, tmp_path):
    command = ("import", "cases", write(tmp_path, line("A1"), line("A2")), "--mapping", mapping)
    options = ("--under", "330000", "--create-institutions")
    dry = call_json(*command, *options, "--dry-run", env=env)
    assert (dry["rows"], dry["created"], dry["rejected"], dry["stored"]) == (2, 2, [], False)
    first = call_json(*command, *options, env=env)
    assert [first[key] for key in ("rows", "created", "updated", "unchanged", "rejected")] == [2, 2, 0, 0, []]
    second = call_json(*command, env=env)
    assert [second[key] for key in ("rows", "created", "updated", "unchanged", "rejected")] == [
        2,
        0,
        0,
        2,
        [],
    ]
    assert call_json("audit", "verify", env=env)["ok"] is True


def test_a_rejected_row_stores_nothing_and_exits_1(env, mapping, tmp_path):
    path = write(tmp_path, line("A1"), line("A2", kind="奇怪"), line("A1"))
    command = ("import", "cases", path, "--mapping", mapping, "--under", "330000", "--create-institutions")
    refused = call_json(*command, env=env, code=1)
    assert (refused["rows"], refused["created"], refused["stored"]) == (3, 0, False)
    assert [(row["row"], row["column"], row["code"]) for row in refused["rejected"]] == [
        (3, "类型", "code.unknown"), (4, "number", "case.repeated"),
    ]  # fmt: skip
    assert all(row["reason"] for row in refused["rejected"])
    some = call_json(*command, "--skip-rejected", env=env)
    assert some["created"] + some["updated"] + some["unchanged"] + len(some["rejected"]) == some["rows"] == 3


def test_refusals_are_objects(env, mapping, tmp_path):
    register = write(tmp_path, line("A1"))
    for arguments, code in (
        (("import", "cases", tmp_path / "none.csv", "--mapping", mapping), "file.unreadable"),
        (("import", "cases", register, "--mapping", mapping, "--under", "XX"), "institution.under_unknown"),
        (("import", "cases", register, "--mapping", mapping, "--create-institutions"), "institution.no_under"),
        (("import", "cases", register, "--mapping", register), "mapping.shape"),
    ):  # fmt: skip
        error = call_json(*arguments, env=env, code=1)["error"]
        assert (error["code"], set(error)) == (code, {"code", "message", "where"})
