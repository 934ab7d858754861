"""Nothing points into the void: documents to files, templates and views to endpoints and templates."""

import ast
import re
from functools import cache
from urllib.parse import unquote

import pytest

from tests.structure.sources import (
    PACKAGE,
    ROOT,
    called_name,
    files,
    name_of,
    nodes_of,
    place,
    python_files,
    templates,
)

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
URL_FOR = re.compile(r"url_for\(\s*[\"']([\w.]+)[\"']")
PART = re.compile(r"\{%-?\s*(?:extends|include|import|from)\s+[\"']([^\"']+)[\"']")
DOCUMENTS = [path for path in files() if path.suffix == ".md"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_of_a_document_lead_to_files(path):
    dead = []
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        plain = unquote(target.partition("#")[0])
        if (
            plain
            and "://" not in plain
            and not plain.startswith(("mailto:", "/"))
            and not (path.parent / plain).exists()
        ):
            dead.append(target)
    assert dead == []


def test_every_decision_is_in_the_list():
    folder = ROOT / "docs" / "decisions"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    records = [path.name for path in folder.glob("*.md") if path.name != "README.md"]
    assert listed == set(records)
    numbers = [name[:4] for name in records]
    assert len(numbers) == len(set(numbers)), "a number was used twice"


def test_templates_name_endpoints_that_exist(shared_app):
    dead = [
        f"{name_of(path)}: {endpoint}"
        for path in templates()
        for endpoint in URL_FOR.findall(path.read_text(encoding="utf-8"))
        if endpoint not in shared_app.view_functions
    ]
    assert dead == []


def test_views_name_endpoints_that_exist(shared_app):
    dead = [
        f"{place(file, call)}: {call.args[0].value}"
        for file in python_files("qualityeval/web")
        for call in nodes_of(file)
        if isinstance(call, ast.Call) and called_name(call) == "url_for" and call.args
        if isinstance(call.args[0], ast.Constant) and call.args[0].value not in shared_app.view_functions
    ]
    assert dead == []


@cache
def named_templates():
    """(where, template) for every template that a view, a macro or another template names."""
    return tuple(_named_templates())


def _named_templates():
    for path in templates():
        for name in PART.findall(path.read_text(encoding="utf-8")):
            yield name_of(path), name
    for file in python_files("qualityeval"):
        for node in nodes_of(file):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"[\w/-]+\.html", node.value)
            ):
                yield place(file, node), node.value


def test_every_template_that_is_named_exists():
    assert [
        (where, name) for where, name in named_templates() if not (ROOT / "templates" / name).is_file()
    ] == []


def test_every_template_is_named_somewhere():
    named = {name for _where, name in named_templates()}
    unused = [
        name for path in templates() if (name := path.relative_to(ROOT / "templates").as_posix()) not in named
    ]
    assert unused == []


def test_every_endpoint_of_a_page_folder_has_a_folder_of_tests():
    folders = {path.parent.name for path in (PACKAGE / "web").glob("*/__init__.py")}
    tested = {path.parent.name for path in (ROOT / "tests" / "web").glob("*/test_*.py")}
    assert folders - tested == set()
