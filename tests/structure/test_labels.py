"""Every code that people see has its words, in one place, in both languages."""

import importlib
import pkgutil
import re
from collections.abc import Mapping

import pytest

from qualityeval import words
from qualityeval.core import ceremony, codes, workflow
from qualityeval.words.audit_labels import FIELDS
from qualityeval.words.labels import Label

HAN = re.compile(r"[\u3400-\u9fff]")
SHOWN = (
    codes.Role,
    codes.CaseType,
    codes.AidForm,
    codes.Stage,
    codes.JobState,
    workflow.RoundState,
    ceremony.SeedKind,
)


def tables():
    """(name, table) of every table of labels in `words`."""
    for found in pkgutil.iter_modules(words.__path__):
        module = importlib.import_module(f"qualityeval.words.{found.name}")
        for name, table in vars(module).items():
            if (
                isinstance(table, Mapping)
                and table
                and all(isinstance(value, Label) for value in table.values())
            ):
                yield f"{found.name}.{name}", table


@pytest.mark.parametrize("codes_shown", SHOWN, ids=lambda shown: shown.__name__)
def test_every_member_has_a_label(codes_shown):
    members = {str(member) for member in codes_shown}
    assert [name for name, table in tables() if set(table) == members], (
        f"no table in words labels {sorted(members)}"
    )


@pytest.mark.parametrize(
    ("name", "table"), list(tables()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_labels_are_whole_in_both_languages(name, table):
    faults = [
        code
        for code, label in table.items()
        if not HAN.search(label.zh) or not label.en or HAN.search(label.en)
    ]
    assert faults == []


def test_one_word_is_not_said_of_two_codes_in_a_table():
    # fields of the log are no choice: events of many kinds may name one thing by two codes
    choices = ((name, table) for name, table in tables() if table is not FIELDS)
    doubled = [name for name, table in choices if len({label.zh for label in table.values()}) < len(table)]
    assert doubled == []
