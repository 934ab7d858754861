"""Conditions on a case's fields, as a round's spec writes them under `where`, `exclude` and `override`.

    parse_condition(node, where=) -> Condition
    Condition.matches(values: Mapping[str, str]) -> bool    values are text: ISO dates, yes/no, "" for none
    Condition.fields -> tuple[str, ...]                     what it asks of a case
    Condition.as_plan() -> dict                             canonical, without floats
    EVERYTHING                                              the condition without a test

The language: `{field: value}` equal (after NFC and trimming); `{field: [a, b]}` any of them;
`{field: null}` or `""` empty; `{field: {not: value or list}}`; `{field: {from: x, to: y}}` a date or a
number within both bounds, these included (an empty field never is). All fields must hold.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from qualityeval.core.digests import normal
from qualityeval.core.errors import InvalidInput, msg

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_WORDS = {True: "yes", False: "no"}


@dataclass(frozen=True, slots=True)
class Test:
    """One field's test: one of `values` (or none of them), or between two bounds."""

    __test__ = False  # not for pytest

    field: str
    values: tuple[str, ...] = ()
    negated: bool = False
    low: str | None = None
    high: str | None = None

    @property
    def is_range(self) -> bool:
        """Whether this asks for dates or numbers between bounds."""
        return self.low is not None or self.high is not None

    def matches(self, text: str) -> bool:
        """Whether a case's text for the field meets the test."""
        if self.is_range:
            return _within(text, self.low, self.high)
        return (text in self.values) != self.negated

    def as_plan(self) -> object:
        """The test as the plan holds it."""
        if self.is_range:
            bounds = {"from": self.low, "to": self.high}
            return {name: bound for name, bound in bounds.items() if bound is not None}
        listed = sorted(self.values, key=str.encode)
        return {"not": listed} if self.negated else listed


@dataclass(frozen=True, slots=True)
class Condition:
    """Tests that must all hold."""

    tests: tuple[Test, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields asked, in the order written."""
        return tuple(test.field for test in self.tests)

    def matches(self, values: Mapping[str, str]) -> bool:
        """Whether the case meets every test; a field that `values` lacks counts as empty."""
        for test in self.tests:
            text = values.get(test.field, "")
            if not test.matches(text if text.isascii() else normal(text)):
                return False
        return True

    def as_plan(self) -> dict[str, object]:
        """The condition as the plan holds it; field names sort by themselves in canonical JSON."""
        return {test.field: test.as_plan() for test in self.tests}


EVERYTHING = Condition()


def parse_condition(node: object, *, where: str) -> Condition:
    """A spec's mapping into a condition; `InvalidInput` names the place, as `population.where.stage`."""
    if not isinstance(node, Mapping) or not node:
        raise InvalidInput(
            "condition.shape", msg("条件应写成“字段: 值”，例如 {stage: appeal}。"), where=where
        )
    return Condition(tuple(_test(str(field), value, f"{where}.{field}") for field, value in node.items()))


def _test(field: str, node: object, where: str) -> Test:
    name = normal(field.strip(), where=where)
    if not isinstance(node, Mapping):
        return Test(name, _values(node, where))
    if set(node) == {"not"}:
        return Test(name, _values(node["not"], f"{where}.not"), negated=True)
    if node and set(node) <= {"from", "to"}:
        low, high = (_bound(node.get(side), f"{where}.{side}") for side in ("from", "to"))
        return _checked_range(Test(name, low=low, high=high), where)
    raise InvalidInput(
        "condition.operator",
        msg("条件里只能写一个值、一个列表、not，或 from 和 to。"),
        where=where,
    )


def _values(node: object, where: str) -> tuple[str, ...]:
    if isinstance(node, list | tuple):
        if not node:
            raise InvalidInput("condition.no_values", msg("列表是空的：至少写一个值。"), where=where)
        return tuple(dict.fromkeys(value for item in node for value in (_value(item, where),)))
    return (_value(node, where),)


def _value(node: object, where: str) -> str:
    if node is None:
        return ""
    if isinstance(node, bool):
        return _WORDS[node]
    if isinstance(node, str):
        return normal(node.strip(), where=where)
    if isinstance(node, int):
        return str(node)
    raise InvalidInput(
        "condition.value",
        msg("“%(value)s”不能作为条件的值：请写成文字，带小数点的数请加引号。"),
        where=where,
        value=node,
    )


def _bound(node: object, where: str) -> str | None:
    if node is None:
        return None
    text = _value(node, where)
    if not _DATE.fullmatch(text) and not _NUMBER.fullmatch(text):
        raise InvalidInput(
            "condition.bound", msg("“%(value)s”应是日期（如 2016-01-31）或数。"), where=where, value=text
        )
    return text


def _checked_range(test: Test, where: str) -> Test:
    low, high = test.low, test.high
    if low is not None and high is not None:
        mixed = bool(_DATE.fullmatch(low)) != bool(_DATE.fullmatch(high))
        if mixed or not _within(low, None, high):
            raise InvalidInput(
                "condition.range", msg("from 不能大于 to，并且两者须同是日期或同是数。"), where=where
            )
    elif low is None and high is None:
        raise InvalidInput("condition.no_bound", msg("from 和 to 至少写一个。"), where=where)
    return test


def _within(text: str, low: str | None, high: str | None) -> bool:
    """Dates compare as text, numbers as decimals; a text of the other kind isn't within."""
    if _DATE.fullmatch(low or high or ""):
        return bool(_DATE.fullmatch(text)) and (low is None or low <= text) and (high is None or text <= high)
    if not _NUMBER.fullmatch(text):
        return False
    number = Decimal(text)
    return (low is None or Decimal(low) <= number) and (high is None or number <= Decimal(high))
