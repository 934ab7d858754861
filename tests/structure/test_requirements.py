"""Every package is pinned with hashes, names no host, and the lock covers what the .in files ask for."""

import json
import re

import pytest

from tests.structure.sources import ROOT

LOCKS = sorted(ROOT.glob("requirements*.txt"))
PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,]+\])?==([\w.!+]+)")


def pins(text):
    """(name, version, number of hashes) of each entry; a package has two where Pythons differ."""
    entries = [entry.strip() for entry in re.split(r"\n(?=[^\s#])", text)]
    matches = [(PINNED.match(entry), entry) for entry in entries]
    return [
        (found[1].lower().replace("_", "-"), found[2], entry.count("--hash=sha256:"))
        for found, entry in matches
        if found
    ]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_its_hashes_and_no_address(path):
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    found = pins(text)
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(lines) == len(found), "a line that is no pin"
    assert [name for name, _version, hashes in found if not hashes] == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_what_is_asked_for_is_locked(path):
    asked = path.with_suffix(".in").read_text(encoding="utf-8").splitlines()
    names = {
        re.split(r"[\[=<>;\s]", line)[0].lower() for line in asked if line and not line.startswith(("-", "#"))
    }
    assert names - {name for name, *_ in pins(path.read_text(encoding="utf-8"))} == set()


def test_development_and_product_agree_on_versions():
    versions = []
    for name in ("requirements.txt", "requirements-dev.txt"):
        held = {}
        for package, version, _hashes in pins((ROOT / name).read_text(encoding="utf-8")):
            held.setdefault(package, set()).add(version)
        versions.append(held)
    product, development = versions
    shared = product.keys() & development.keys()
    assert {package for package in shared if not development[package] <= product[package]} == set()


def test_the_npm_lock_has_hashes_and_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [
        name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")
    ] == []
