"""What an instance needs before it starts."""

import json
import stat
from pathlib import Path

import pytest

from config import ConfigurationError, Keys, create_instance, database_url, from_environment


def environment(home: Path, **more: str) -> dict[str, str]:
    return {"QUALITYEVAL_HOME": str(home), **more}


def started(home: Path) -> dict[str, str]:
    env = environment(home)
    create_instance(env)
    (home / "qualityeval.db").touch()
    return env


def test_without_keys_nothing_starts(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="qualityeval init"):
        from_environment(environment(tmp_path))


def test_without_a_database_nothing_starts(tmp_path: Path) -> None:
    create_instance(environment(tmp_path))
    with pytest.raises(ConfigurationError, match="No database"):
        from_environment(environment(tmp_path))


def test_a_new_instance_has_keys_that_only_its_owner_reads(tmp_path: Path) -> None:
    env = started(tmp_path / "new")
    path = tmp_path / "new" / "keys.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert from_environment(env).keys.secret_key == json.loads(path.read_text())["secret_key"]


def test_a_second_start_keeps_the_keys(tmp_path: Path) -> None:
    env = started(tmp_path)
    before = (tmp_path / "keys.json").read_bytes()
    create_instance(env)
    assert (tmp_path / "keys.json").read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.update(secret_key="short"),
        lambda raw: raw.update(index_key="AAAA"),
        lambda raw: raw.update(current_field_key="k9"),
        lambda raw: raw.update(field_keys={"k1": "not base64!"}),
        lambda raw: raw.pop("index_key"),
    ],
)
def test_damaged_keys_are_named_not_used(tmp_path: Path, damage) -> None:
    started(tmp_path)
    path = tmp_path / "keys.json"
    raw = json.loads(path.read_text())
    damage(raw)
    path.write_text(json.dumps(raw))
    with pytest.raises(ConfigurationError, match=r"keys\.json"):
        from_environment(environment(tmp_path))


def test_keys_survive_writing_and_reading() -> None:
    keys = Keys.new()
    assert Keys.from_text(keys.text()) == keys


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_always_means_psycopg_3(scheme: str, tmp_path: Path) -> None:
    env = environment(tmp_path, QUALITYEVAL_DATABASE_URL=f"{scheme}://u:p@h/d")
    assert database_url(env, tmp_path) == "postgresql+psycopg://u:p@h/d"


def test_https_makes_the_cookie_a_host_cookie(tmp_path: Path) -> None:
    env = started(tmp_path)
    plain = from_environment(env).mapping()
    secure = from_environment({**env, "QUALITYEVAL_URL": "https://pinggu.example"}).mapping()
    assert (plain["SESSION_COOKIE_NAME"], plain["SESSION_COOKIE_SECURE"]) == ("qualityeval", False)
    assert (secure["SESSION_COOKIE_NAME"], secure["SESSION_COOKIE_SECURE"]) == ("__Host-qualityeval", True)
    assert "pinggu.example" in secure["TRUSTED_HOSTS"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.update(secret_key=5),
        lambda raw: raw.update(field_keys=[]),
        lambda raw: raw.update(current_field_key=[]),
        lambda raw: raw.update(index_key=None),
    ],
    ids=["number", "list", "unhashable", "nothing"],
)
def test_keys_of_the_wrong_kind_are_named(tmp_path: Path, damage) -> None:
    started(tmp_path)
    path = tmp_path / "keys.json"
    raw = json.loads(path.read_text())
    damage(raw)
    path.write_text(json.dumps(raw))
    with pytest.raises(ConfigurationError, match=r"keys\.json"):
        from_environment(environment(tmp_path))


def test_keys_that_are_not_text_are_named(tmp_path: Path) -> None:
    started(tmp_path)
    (tmp_path / "keys.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match=r"keys\.json"):
        from_environment(environment(tmp_path))
