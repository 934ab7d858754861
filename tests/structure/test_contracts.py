"""The layers hold, and the list of blueprints is the list of folders."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.structure.sources import PACKAGE, ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["id"]: contract for contract in SETTINGS["tool"]["importlinter"]["contracts"]}


def test_the_contracts_hold():
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert f"{len(CONTRACTS)} kept, 0 broken" in answer.stdout


def test_the_contracts_are_those_of_the_architecture():
    assert set(CONTRACTS) == {"layers", "pure", "door", "blueprints"}


def test_every_blueprint_is_in_the_contract():
    folders = {path.parent.name for path in (PACKAGE / "web").glob("*/__init__.py")} - {"api"}
    listed = {name.removeprefix("qualityeval.web.") for name in CONTRACTS["blueprints"]["modules"]}
    assert folders == listed


def test_the_door_is_shut_for_every_layer_below_it():
    layers = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    listed = {name.removeprefix("qualityeval.") for name in CONTRACTS["door"]["source_modules"]}
    assert layers - listed == {"cli", "web", "verifier"}


def test_importing_core_loads_neither_the_web_nor_the_database():
    script = (
        "import sys, pkgutil, importlib, qualityeval.core as core\n"
        "for found in pkgutil.iter_modules(core.__path__): importlib.import_module(f'qualityeval.core.{found.name}')\n"
        "print([name for name in ('flask', 'sqlalchemy', 'wtforms', 'scipy.stats') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (answer.stdout.strip(), answer.stderr) == ("[]", "")


def test_the_verifier_needs_nothing_but_python():
    """One file, the standard library: it must run on a machine that has never heard of us."""
    for path in (PACKAGE / "verifier").glob("verify_*.py"):
        command = [sys.executable, "-I", "-S", str(path), "--help"]
        answer = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stderr
