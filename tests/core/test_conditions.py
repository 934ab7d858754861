"""The conditions of a spec: what each form means, and what is refused where."""

import pytest

from qualityeval.core.conditions import EVERYTHING, parse_condition
from qualityeval.core.digests import canonical_json
from qualityeval.core.errors import InvalidInput


@pytest.mark.parametrize(
    ("node", "values", "expected"),
    [
        ({"stage": "appeal"}, {"stage": "appeal"}, True),
        ({"stage": " appeal "}, {"stage": "appeal"}, True),
        ({"stage": "appeal"}, {"stage": "trial"}, False),
        ({"stage": "appeal"}, {}, False),
        ({"stage": ["appeal", "trial"]}, {"stage": "trial"}, True),
        ({"stage": ["appeal", "trial"]}, {"stage": "none"}, False),
        ({"organ": "e\u0301"}, {"organ": "é"}, True),
        ({"organ": "é"}, {"organ": "e\u0301"}, True),
        ({"organ": None}, {}, True),
        ({"organ": None}, {"organ": ""}, True),
        ({"organ": ""}, {"organ": "x"}, False),
        ({"sealed": True}, {"sealed": "yes"}, True),
        ({"sealed": False}, {"sealed": "yes"}, False),
        ({"charges": 7}, {"charges": "7"}, True),
        ({"number": "007"}, {"number": "7"}, False),
        ({"stage": {"not": "trial"}}, {"stage": "appeal"}, True),
        ({"stage": {"not": ["trial", "appeal"]}}, {"stage": "appeal"}, False),
        ({"organ": {"not": None}}, {"organ": "x"}, True),
        ({"organ": {"not": None}}, {}, False),
        ({"closed_on": {"from": "2016-01-01", "to": "2016-12-31"}}, {"closed_on": "2016-01-01"}, True),
        ({"closed_on": {"from": "2016-01-01", "to": "2016-12-31"}}, {"closed_on": "2016-12-31"}, True),
        ({"closed_on": {"from": "2016-01-01"}}, {"closed_on": "2015-12-31"}, False),
        ({"closed_on": {"to": "2016-01-01"}}, {"closed_on": ""}, False),
        ({"subsidy": {"from": "1000"}}, {"subsidy": "1000.00"}, True),
        ({"subsidy": {"from": "1000"}}, {"subsidy": "999.99"}, False),
        ({"subsidy": {"from": 9, "to": "10.5"}}, {"subsidy": "10"}, True),
        ({"subsidy": {"to": "-1"}}, {"subsidy": "-2"}, True),
        ({"subsidy": {"from": "9"}}, {"subsidy": "2016-01-01"}, False),
        ({"a": "1", "b": "2"}, {"a": "1", "b": "2"}, True),
        ({"a": "1", "b": "2"}, {"a": "1", "b": "3"}, False),
    ],
)
def test_meanings(node, values, expected):
    assert parse_condition(node, where="w").matches(values) is expected


@pytest.mark.parametrize(
    ("node", "where", "code"),
    [
        (None, "w", "condition.shape"),
        ({}, "w", "condition.shape"),
        (["stage"], "w", "condition.shape"),
        ({"stage": []}, "w.stage", "condition.no_values"),
        ({"stage": [["a"]]}, "w.stage", "condition.value"),
        ({"rate": 0.277}, "w.rate", "condition.value"),
        ({"stage": {"like": "a"}}, "w.stage", "condition.operator"),
        ({"stage": {}}, "w.stage", "condition.operator"),
        ({"stage": {"not": "a", "from": "1"}}, "w.stage", "condition.operator"),
        ({"day": {"from": None}}, "w.day", "condition.no_bound"),
        ({"day": {"from": "soon"}}, "w.day.from", "condition.bound"),
        ({"day": {"from": "2", "to": "1"}}, "w.day", "condition.range"),
        ({"day": {"from": "2016-01-02", "to": "2016-01-01"}}, "w.day", "condition.range"),
        ({"day": {"from": "2016-01-02", "to": "1"}}, "w.day", "condition.range"),
        ({"stage": "a\nb"}, "w.stage", "text.control"),
    ],
)
def test_refusals(node, where, code):
    with pytest.raises(InvalidInput) as refusal:
        parse_condition(node, where="w")
    assert (refusal.value.where, refusal.value.code) == (where, code)
    assert refusal.value.message


def test_what_the_plan_holds():
    node = {"b": ["z", "a"], "a": {"not": "x"}, "c": {"from": "1"}, "d": None}
    condition = parse_condition(node, where="w")
    assert condition.fields == ("b", "a", "c", "d")
    assert (
        canonical_json(condition.as_plan()) == '{"a":{"not":["x"]},"b":["a","z"],"c":{"from":"1"},"d":[""]}'
    )
    assert EVERYTHING.matches({}) is True
    assert EVERYTHING.as_plan() == {}
