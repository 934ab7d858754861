"""What set-up leaves behind works from anywhere, and English is really there."""

import subprocess
import sys
import tomllib
from pathlib import Path

from babel.messages.mofile import read_mo

from tests.structure.sources import ROOT
from tools import catalogue

SCRIPT = Path(sys.executable).parent / "qualityeval"
COMPILED = ROOT / catalogue.ENGLISH / "LC_MESSAGES" / "messages.mo"


def test_the_script_runs_from_an_empty_folder(tmp_path):
    answer = subprocess.run([SCRIPT, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert "account" in answer.stdout


def test_the_compiled_english_is_that_of_the_parts():
    """A stale or missing file would silently show Chinese."""
    merged, _conflicts = catalogue.merged(catalogue.parts())
    with COMPILED.open("rb") as file:
        compiled = read_mo(file)
    wanted = {catalogue.key_of(m): catalogue.translations_of(m) for m in merged if m.id}
    held = {catalogue.key_of(m): catalogue.translations_of(m) for m in compiled if m.id}
    assert held == wanted, "run make"


def test_a_page_opens_in_english(client):
    client.post("/language", data={"locale": "en"})
    page = client.get("/sign-in").get_data(as_text=True)
    assert 'lang="en"' in page
    assert "Sign in" in page


def test_the_python_that_is_promised_is_the_one_that_is_checked():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["requires-python"] == ">=3.11"
    assert settings["tool"]["ruff"]["target-version"] == "py311"
    assert "(3, 11)" in (ROOT / "tools" / "find_python.sh").read_text(encoding="utf-8")


def test_a_submission_runs_the_tests():
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
