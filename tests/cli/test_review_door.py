"""What a terminal or a pipe can hand to a verb ends in words, never in a traceback."""

import pytest

from tests.cli.running import call_json, environment

NOT_UTF8 = "R\udcff"  # how Python hands on the byte 0xFF of an argument


@pytest.fixture(scope="module")
def instance(tmp_path_factory):
    home = tmp_path_factory.mktemp("door") / "home"
    env = environment(home)
    call_json("init", env=env)
    return env


@pytest.mark.parametrize(
    "arguments",
    [("round", "status", NOT_UTF8), ("round", "status", "R1", "--as", NOT_UTF8)],
    ids=["code", "as"],
)
def test_bytes_that_are_not_text_are_refused(instance, arguments):
    answer = call_json(*arguments, env=instance, code=1)
    assert answer["error"]["code"] == "input.encoding"


def test_an_endless_file_is_refused(instance):
    answer = call_json("round", "create", "/dev/zero", env=instance, code=1)
    assert answer["error"]["code"] == "file.large"


def test_an_account_is_made_and_reset(instance):
    made = call_json("account", "create", "shen", "--role", "security", env=instance)
    reset = call_json("account", "reset", "shen", env=instance)
    assert (made["name"], reset["role"]) == ("shen", "security")
    assert made["password"] != reset["password"]
    assert made["totp_secret"] != reset["totp_secret"]
    assert call_json("account", "reset", "nobody", env=instance, code=1)["error"]["code"] == "account.unknown"
