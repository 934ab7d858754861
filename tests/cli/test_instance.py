"""A bare folder becomes an instance, once; without one the script says what to do."""

import json
import stat

import pytest

from tests.cli.running import call, call_json, environment, run_json


@pytest.fixture
def empty(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def test_without_an_instance_it_says_so_and_helps_all_the_same(empty):
    env = environment(empty / "home")
    assert "qualityeval init" in call("audit", "head", env=env, code=1).stderr
    assert "serve" in call("--help", env=env).stdout
    assert not (empty / "home").exists()


def test_init_twice(empty):
    env = environment(empty / "home")
    theirs = empty / "config.py"
    theirs.write_text("raise SystemExit('a file of this name in the folder is not ours to import')\n")
    first = run_json("init", env=env, cwd=empty)
    theirs.unlink()
    keys = (empty / "home" / "keys.json").read_bytes()
    second = call_json("init", env=env)
    assert (first["created"], first["database_created"], first["migrated"]) == (True, True, True)
    assert (second["created"], second["database_created"], second["migrated"]) == (False, False, False)
    assert (empty / "home" / "keys.json").read_bytes() == keys
    for name, mode in (("keys.json", 0o600), ("qualityeval.db", 0o600), (".", 0o700)):
        assert stat.S_IMODE((empty / "home" / name).stat().st_mode) == mode
    assert list(empty.iterdir()) == [empty / "home"], "nothing beside the instance folder"
    assert call_json("audit", "head", env=env) == {"head": "0" * 64}


def test_broken_keys_are_a_plain_message(empty):
    env = environment(empty / "home")
    call_json("init", env=env)
    (empty / "home" / "keys.json").write_text("{")
    assert "keys.json can't be read" in call("audit", "head", env=env, code=1).stderr


def test_doctor_finds_what_is_wrong(empty):
    env = environment(empty / "home")
    call_json("init", env=env)
    (empty / "home" / "keys.json").chmod(0o644)
    found = call_json("doctor", env=env, code=1)
    assert found["ok"] is False
    assert "keys" in [check["name"] for check in found["checks"] if not check["ok"]]
    assert {"database", "schema", "files", "audit log", "queue", "disk", "fonts", "sealed fields"} <= {
        check["name"] for check in found["checks"] if check["ok"]
    }


def test_a_demo_is_made_once_and_then_refused(empty):
    """That the same seed tells the same is shown where the demonstration is made: tests/services/test_demo.py."""
    env = environment(empty / "home")
    call_json("init", env=env)
    made = call_json("demo", "--cases", 5, "--seed", 7, env=env)
    again = call_json("demo", env=env, code=1)
    assert again["error"]["code"] == "demo.exists"
    assert made["cases"] == 5
    roles = [account["role"] for account in made["accounts"]]
    assert roles.count("manager") >= 2
    assert len(set(roles)) == 9
    passwords = [account["password"] for account in made["accounts"]]
    assert len(set(passwords)) == len(passwords), "never the same password twice"
    note = empty / "home" / "demo"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert json.loads(note.read_text()) == made["accounts"]
