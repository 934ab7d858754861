"""House rules of the templates: words are translated, fields are drawn by components, nothing is inline."""

import re
from functools import cache

import pytest
from jinja2 import Environment, nodes

from tests.structure.sources import name_of, templates

LONGEST = 120
HAN = re.compile(r"[\u3400-\u9fff]")
COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
INLINE = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)|javascript:", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an address outside": re.compile(r"\b(?:src|href|action)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE),
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape\s+false", re.IGNORECASE),
}
FIELD = re.compile(r"<label\b|<select\b|<textarea\b|<input\b(?![^>]*type\s*=\s*[\"']?hidden)", re.IGNORECASE)
POST = re.compile(r"<form\b[^>]*method\s*=\s*[\"']?post.*?</form>", re.IGNORECASE | re.DOTALL)
TOKEN = re.compile(r"csrf_token|hidden_tag|hidden_fields|\bform_tag\(|\bcsrf\(")
LOGIC = re.compile(r"\.query\b|\bsession\b(?!_)|\|\s*sum\b|\bsum\(|\bPermission\b|\bdb\.")
PARSER = Environment(
    extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True
)
COMPONENTS = "templates/components/"
DOCUMENTS = "templates/documents/"  # ministry forms, printed in Chinese whatever the reader's language


@cache
def parsed(path):
    """The template's tree."""
    return PARSER.parse(path.read_text(encoding="utf-8"))


def markup(text):
    """The template without its comments."""
    return COMMENT.sub("", text)


def read(path):
    return markup(path.read_text(encoding="utf-8"))


def untranslated(tree):
    """Chinese that stands in the markup itself or in an expression outside a translation call."""
    spoken = {
        id(argument)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        and call.node.name in {"_", "gettext", "ngettext", "pgettext", "npgettext"}
        for argument in call.args
    }
    literals = [
        c.value for c in tree.find_all(nodes.Const) if isinstance(c.value, str) and id(c) not in spoken
    ]
    written = [part.data for part in tree.find_all(nodes.TemplateData)]
    return [piece.strip() for piece in (*literals, *written) if HAN.search(piece)]


def unused_imports(path):
    """Names that the template imports and never says again."""
    text, tree = read(path), parsed(path)
    names = [entry.target for entry in tree.find_all(nodes.Import)]
    for entry in tree.find_all(nodes.FromImport):
        names.extend(name[1] if isinstance(name, tuple) else name for name in entry.names)
    return [name for name in names if len(re.findall(rf"\b{re.escape(name)}\b", text)) < 2]


def faults(path):
    """What each rule finds in this template, under the rule's name."""
    text, name = read(path), name_of(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    inside = " ".join(EXPRESSION.findall(text))
    return {
        "too long": lines[LONGEST:],
        **{rule: pattern.findall(text) for rule, pattern in INLINE.items()},
        "a field outside the components": [] if name.startswith(COMPONENTS) else FIELD.findall(text),
        "a form without its token": [form[:80] for form in POST.findall(text) if not TOKEN.search(form)],
        "logic": LOGIC.findall(inside),
        "words that aren't translated": [] if name.startswith(DOCUMENTS) else untranslated(parsed(path)),
        "imported and not used": unused_imports(path),
    }


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_it_keeps_the_house_rules(path):
    assert {rule: found for rule, found in faults(path).items() if found} == {}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (INLINE["an inline style"], '<p style="color: red">'),
        (INLINE["an inline script"], "<script>x()</script>"),
        (INLINE["an inline handler"], '<a href="/" onclick="x()">'),
        (INLINE["an address outside"], '<link href="//example.org/x.css">'),
        (INLINE["unescaped output"], "{{ text | safe }}"),
        (FIELD, '<input type="text" name="x">'),
        (LOGIC, "{{ rows | sum }}"),
    ],
)
def test_the_rules_bite(rule, text):
    assert rule.search(text)


def test_the_search_for_chinese_bites():
    text = '<p>登录</p>{{ _("登录") }}{{ "退出" }}{% trans %}帮助{% endtrans %}'
    assert untranslated(PARSER.parse(text)) == ["退出", "<p>登录</p>"]
    assert untranslated(PARSER.parse('{{ _("共 %(n)s 件", n=3) }}{# 说明 #}')) == []


def test_hidden_inputs_and_linked_scripts_are_fine():
    assert not FIELD.search('<input type="hidden" name="x">')
    assert not INLINE["an inline script"].search('<script src="/assets/app.js" defer></script>')
