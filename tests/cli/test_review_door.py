"""What a terminal or a pipe can hand to a verb ends in words, never in a traceback."""

import pytest

from tests.cli.running import environment, run, run_json

NOT_UTF8 = "R\udcff"  # how Python hands on the byte 0xFF of an argument


@pytest.fixture(scope="module")
def instance(tmp_path_factory):
    home = tmp_path_factory.mktemp("door") / "home"
    env = environment(home)
    run("init", env=env, cwd=home.parent)
    return env


@pytest.mark.parametrize(
    "arguments",
    [("round", "status", NOT_UTF8), ("round", "status", "R1", "--as", NOT_UTF8)],
    ids=["code", "as"],
)
def test_bytes_that_are_not_text_are_refused(instance, tmp_path, arguments):
    answer = run_json(*arguments, env=instance, cwd=tmp_path, code=1)
    assert answer["error"]["code"] == "input.encoding"


def test_an_endless_file_is_refused(instance, tmp_path):
    answer = run_json("round", "create", "/dev/zero", env=instance, cwd=tmp_path, code=1)
    assert answer["error"]["code"] == "file.large"
