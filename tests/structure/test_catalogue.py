"""Chinese is the source, English is complete: nothing missing, unused, fuzzy or damaged."""

import ast
import re

import pytest
from babel.messages.catalog import Message

from tests.structure.sources import name_of, place, python_files, tree_of
from tools import catalogue

HAN = re.compile(r"[\u3400-\u9fff]")
SPEAKING = ("qualityeval/web", "qualityeval/services", "qualityeval/authz", "qualityeval/jobs")


def test_english_is_complete():
    assert "\n".join(str(fault) for fault in catalogue.faults()) == ""


def test_everything_is_found_in_the_source():
    texts = {catalogue.first_id(message) for message in catalogue.extracted(catalogue.ROOT) if message.id}
    assert "没有这项内容，或者您无权查看。" in texts, "core's msg() is read"


def part(name, *pairs):
    return catalogue.Part(name, tuple(Message(chinese, english) for chinese, english in pairs))


def test_two_parts_may_say_the_same_but_not_different_things():
    _, agreed = catalogue.merged([part("a.po", ("保存", "Save")), part("b.po", ("保存", "Save"))])
    _, differing = catalogue.merged([part("a.po", ("保存", "Save")), part("b.po", ("保存", "Store"))])
    assert agreed == []
    assert [(fault.kind, fault.text, fault.where) for fault in differing] == [
        ("translated twice, differently", "保存", "a.po, b.po")
    ]


@pytest.mark.parametrize(
    ("chinese", "english", "kind"),
    [
        ("共 %(n)s 件", "%(m)s cases", "unknown place in the translation"),
        ("共 %(n)s 件", "cases", "place lost in the translation"),
        ("案件", "案件", "Chinese left in the English"),
        ("案件", "", "empty"),
    ],
)
def test_damage_is_named(chinese, english, kind):
    assert [fault.kind for fault in catalogue._entry_faults(Message(chinese, english), "a.po")] == [kind]


@pytest.fixture
def little_project(tmp_path):
    (tmp_path / "qualityeval" / "translations" / "en" / "parts").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "x.html").write_text(
        "{{ _('登录') }}{% trans %}退出{% endtrans %}", encoding="utf-8"
    )
    (tmp_path / "qualityeval" / "x.py").write_text(
        "a = msg('拒绝')\nb = _('save the file')\n", encoding="utf-8"
    )
    entries = 'msgid "登录"\nmsgstr "Sign in"\n\nmsgid "多余"\nmsgstr "Spare"\n\n#, fuzzy\nmsgid "拒绝"\nmsgstr "Refuse"\n'
    (tmp_path / "qualityeval" / "translations" / "en" / "parts" / "a.po").write_text(
        entries, encoding="utf-8"
    )
    return tmp_path


def test_missing_unused_fuzzy_and_english_sources_are_named(little_project):
    assert {(fault.kind, fault.text) for fault in catalogue.faults(little_project)} == {
        ("no English", "退出"),
        ("no English", "save the file"),
        ("the source is not Chinese", "save the file"),
        ("translated but nowhere said", "多余"),
        ("fuzzy", "拒绝"),
    }


def test_what_is_compiled_can_be_looked_up(little_project):
    assert catalogue.compile_catalogue(little_project) == 3
    assert (little_project / "qualityeval" / "translations" / "en" / "LC_MESSAGES" / "messages.mo").is_file()


def untranslated(tree):
    """Chinese literals that no translation call or `msg` holds; docstrings aren't shown to anyone."""
    spoken, silent, nodes = set(), set(), list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in catalogue.KEYWORDS:
                spoken.update(id(inner) for argument in node.args for inner in ast.walk(argument))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
    return [
        node
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and HAN.search(node.value)
        and id(node) not in spoken | silent
    ]


@pytest.mark.parametrize("path", python_files(*SPEAKING), ids=name_of)
def test_every_sentence_of_the_code_can_be_translated(path):
    assert [f"{place(path, node)} {node.value!r}" for node in untranslated(tree_of(path))] == []


def test_the_search_for_sentences_bites():
    tree = ast.parse('"""说明"""\nx = "甲"\ny = _("乙")\nz = f"丙{x}"\n')
    assert [node.value for node in untranslated(tree)] == ["甲", "丙"]
