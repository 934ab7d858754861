"""Every action, kind of object and field that the code records has its words."""

import ast

from qualityeval.words.audit import ACTIONS, OBJECTS
from qualityeval.words.audit_labels import FIELDS
from tests.structure.sources import called_name, nodes_of, python_files

NO_FIELDS = {"now", "actor", "object_type", "object_id", "report"}
RECORDERS = ("audit.record", "services.record", "record", "_log")


def recorded():
    """Literals in the calls that write events: actions by shape, kinds of object by keyword."""
    actions, kinds = set(), set()
    for path in python_files("qualityeval"):
        calls = [
            node
            for node in nodes_of(path)
            if isinstance(node, ast.Call)
            and called_name(node) in {"record", "_log"}  # the cheap question first
            and ast.unparse(node.func) in RECORDERS
        ]
        for call in calls:
            actions |= {
                a.value for a in call.args[1:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)
            }
            kinds |= {
                k.value.value
                for k in call.keywords
                if k.arg == "object_type" and isinstance(k.value, ast.Constant)
            }
    return actions, kinds


def test_every_recorded_action_and_object_has_its_words():
    actions, kinds = recorded()
    assert len(actions) > 30, "the search finds the calls"
    assert sorted(actions - set(ACTIONS)) == []
    assert sorted(kinds - set(OBJECTS)) == []


def recorded_fields():
    """Keywords of every call that is given an action by its code, through a helper of the service or straight."""
    fields = set()
    for path in python_files("qualityeval/services", "qualityeval/web", "qualityeval/cli"):
        for node in nodes_of(path):
            if not isinstance(node, ast.Call) or called_name(node)[:1].isupper():
                continue
            codes = {a.value for a in node.args if isinstance(a, ast.Constant)} & ACTIONS.keys()
            fields |= {k.arg for k in node.keywords if k.arg} if codes else set()
    return fields - NO_FIELDS


def test_every_recorded_field_has_its_label():
    fields = recorded_fields()
    assert len(fields) > 90, "the search finds the calls"
    assert sorted(fields - FIELDS.keys()) == []
