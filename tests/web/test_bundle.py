"""The built bundle: small, ours alone, and no newer than the browsers of the offices."""

import json
import re

import pytest

from qualityeval.web.assets import DIST

KILO = 1024
LIMITS = {
    "app.css": 108 * KILO,
    "app.js": 26 * KILO,
    "observe.js": 12 * KILO,
    "verify.js": 24 * KILO,
    "verify-worker.js": 24 * KILO,
}
# Chromium 87 knows none of these (mockups and browser baseline of the project).
TOO_NEW = re.compile(r"color-mix\(|oklch\(|:has\(|@layer|aspect-ratio|@container|:is\(|:where\(")
OUTSIDE = re.compile(r"(?:https?:)?//(?!www\.w3\.org/2000/svg)[\w.-]+\.\w+")


@pytest.fixture(scope="module")
def bundle():
    manifest = DIST / "manifest.json"
    assert manifest.is_file(), "`make setup` builds the bundle"
    names = json.loads(manifest.read_text(encoding="utf-8"))
    return {name: (DIST / file).read_text(encoding="utf-8") for name, file in names.items()}


@pytest.mark.parametrize("name", LIMITS)
def test_it_stays_small(bundle, name):
    assert 0 < len(bundle[name].encode()) <= LIMITS[name]


def test_names_hold_their_hash_and_nothing_old_is_left(bundle):
    names = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    assert all(
        re.fullmatch(r"(?:app|observe|observe-worker|verify|verify-worker)-[0-9a-f]{12}\.(?:css|js)", name)
        for name in names.values()
    )
    assert {path.name for path in DIST.iterdir()} == {*names.values(), "manifest.json"}


def test_the_style_sheet_needs_no_new_browser(bundle):
    assert TOO_NEW.findall(bundle["app.css"]) == []


@pytest.mark.parametrize("name", LIMITS)
def test_nothing_is_fetched_from_elsewhere(bundle, name):
    assert OUTSIDE.findall(bundle[name]) == []


@pytest.mark.parametrize("name", [name for name in LIMITS if name.endswith(".js")])
def test_the_scripts_need_no_evaluation(bundle, name):
    assert not re.search(r"\beval\(|new Function\(|\.innerHTML\s*=|document\.write", bundle[name])


@pytest.mark.parametrize(
    "selector", [".btn-primary", ".form-control", ".table", ".visually-hidden", ".qe-figs", ".large-print", "@media print"]
)  # fmt: skip
def test_what_the_components_use_is_there(bundle, selector):
    assert selector in bundle["app.css"]


def test_what_nobody_uses_is_not(bundle):
    assert not re.search(r"\.(?:modal|carousel|accordion|offcanvas|navbar)\b", bundle["app.css"])


def test_a_page_links_to_the_built_files(client):
    html = client.get("/sign-in").get_data(as_text=True)
    found = re.findall(r'(?:href|src)="(/assets/[^"]+)"', html)
    assert len(found) == 2
    for address in found:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
