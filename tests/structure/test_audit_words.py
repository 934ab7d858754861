"""Every action and kind of object that the code records has its words, and no word is left over."""

import ast

from qualityeval.words.audit import ACTIONS, OBJECTS
from tests.structure.sources import called_name, python_files, tree_of

RECORDERS = ("audit.record", "services.record", "record", "_log")


def recorded():
    """Literals in the calls that write events: actions by shape, kinds of object by keyword."""
    actions, kinds = set(), set()
    for path in python_files("qualityeval"):
        tree = tree_of(path)
        calls = [
            node
            for node in ast.walk(tree)
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
