"""Which cases of the population enter the frame: asked once for each combination of values, not once a case.

Choice(spec, fields).of(cells: Iterable[tuple]) -> list[int]     a number for each combination (late, held, *values)
Choice.kinds[number] -> Kind           late, values, stratum, rubric, and why it stays outside
Choice.counts: Counter[int]            how many cases came with each
Choice.unresolved -> Counter[str]      cases without a rubric, as "civil/arbitration/none"
in_order(aside, portions)              two sources of rows, the second ordered, in order of their keys
without_repeated_series(portions)      of each series its first row
text_of(value) -> str                  a stored value as rules and labels see it
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import gt, itemgetter
from typing import NamedTuple

from qualityeval.core.errors import InvalidInput
from qualityeval.core.frame import stratum_label
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.rubric import resolve_rubric


class Row(NamedTuple):
    """A case that enters the frame, unless its series already stands in it."""

    key: str
    case_id: int
    kind: int
    series: str


class AnotherOrder(Exception):
    """A source that should have been in the order of the file isn't, as where a text isn't NFC."""


@dataclass(frozen=True, eq=False)
class Kind:
    """Cases that no rule can tell apart. `excluded` is the reason of the exclusion they meet, if any."""

    spec: RoundSpec
    values: dict[str, str]
    late: bool
    held: bool

    @cached_property
    def asked(self) -> bool:
        """Whether they belong to the population at all."""
        return self.spec.includes(self.values)

    @cached_property
    def excluded(self) -> str | None:
        """The reason of the exclusion that they meet."""
        return self.spec.exclusion_of(self.values)

    @cached_property
    def inside(self) -> bool:
        """Whether they enter the frame."""
        return self.asked and not self.held and self.excluded is None

    @cached_property
    def strata(self) -> tuple[str, ...]:
        """What the strata are made of."""
        return tuple(self.values[name] for name in self.spec.strata_fields)

    @cached_property
    def label(self) -> str:
        """Their stratum; refuses what no label may hold."""
        return stratum_label(self.strata)

    @property
    def matter(self) -> str:
        """Case type, aid form and stage."""
        return "/".join(self.values[name] for name in ("case_type", "aid_form", "stage"))

    @cached_property
    def rubric(self) -> str:
        """The rubric as `code@version`; empty where the specification has none for them."""
        case_type, aid_form, stage = (self.values[name] for name in ("case_type", "aid_form", "stage"))
        try:
            return resolve_rubric(self.spec.rubrics, case_type=case_type, aid_form=aid_form, stage=stage)
        except InvalidInput:
            return ""


class Choice:
    """What a specification says of each combination of values; `fields` name the cells after late and held."""

    def __init__(self, spec: RoundSpec, fields: Sequence[str]) -> None:
        self._spec, self._fields = spec, fields
        self._known = _Known(self)
        self.kinds: list[Kind] = []
        self.inside: list[bool] = []
        self.counts: Counter[int] = Counter()

    def of(self, cells: Iterable[tuple[object, ...]]) -> list[int]:
        """The kind of each case, which is counted."""
        numbers = list(map(self._known.__getitem__, cells))
        self.counts.update(numbers)
        return numbers

    def meet(self, cells: tuple[object, ...]) -> int:
        """The number of a combination that wasn't met before."""
        late, held, *values = cells
        named = dict(zip(self._fields, map(text_of, values), strict=True))
        self.kinds.append(Kind(self._spec, named, bool(late), bool(held)))
        self.inside.append(self.kinds[-1].inside)
        return len(self.kinds) - 1

    @property
    def unresolved(self) -> Counter[str]:
        """Cases of the frame without a rubric, by case type, aid form and stage."""
        found: Counter[str] = Counter()
        for number, kind in enumerate(self.kinds):
            if kind.inside and not kind.rubric:
                found[kind.matter] += self.counts[number]
        return found


class _Known(dict[tuple[object, ...], int]):
    """Combinations by number; a new one is looked at when it is first asked for."""

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self._choice = choice

    def __missing__(self, cells: tuple[object, ...]) -> int:
        self[cells] = number = self._choice.meet(cells)
        return number


def text_of(value: object) -> str:
    """A stored value as rules and labels see it: empty for none, yes/no, ISO dates, text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def in_order(aside: list[Row], portions: Iterable[list[Row]]) -> Iterator[list[Row]]:
    """`aside` in any order and portions in the order of their keys, as portions in the order of the keys.

    `AnotherOrder` where the portions aren't.
    """
    aside.sort()
    first, highest = 0, ""
    for portion in filter(None, portions):
        keys = [highest, *map(itemgetter(0), portion)]
        if any(map(gt, keys, keys[1:])):
            raise AnotherOrder
        highest = keys[-1]
        last = bisect_right(aside, highest, lo=first, key=itemgetter(0))
        yield sorted(aside[first:last] + portion) if last > first else portion
        first = last
    yield aside[first:]


def without_repeated_series(portions: Iterable[list[Row]]) -> Iterator[list[Row]]:
    """Of each series, which belongs to one institution, the case with the smallest key bytes stands for the others."""
    met: set[str] = {""}
    for portion in portions:
        chosen = []
        for row in portion:
            if not row.series or row.series not in met:
                met.add(row.series)
                chosen.append(row)
        yield chosen
