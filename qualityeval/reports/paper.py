"""What a circular and a feedback document are made of; the typst and Word templates print these."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qualityeval.core.item_losses import ItemLoss
from qualityeval.core.round_spec import RoundSpec

NUMBERS = "一二三四五六七八九十"
FIGURES = re.compile(r"[0-9.,%—–+-]*|不列")
Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Heading, column names, rows; all text."""

    title: str
    columns: Row
    rows: tuple[Row, ...]

    @property
    def numeric(self) -> tuple[bool, ...]:
        """By column, whether all of it is figures, so that it is set to the right."""
        return tuple(all(FIGURES.fullmatch(row[at]) for row in self.rows) for at in range(len(self.columns)))


@dataclass(frozen=True)
class BarRow:
    """A group and its cases by grade, in the order of the chart's grades."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Bars:
    """A chart of stacked bars; its table twin is one of the part's tables."""

    title: str
    grades: Row
    rows: tuple[BarRow, ...]


@dataclass(frozen=True)
class Part:
    """One of the numbered parts."""

    heading: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    bars: tuple[Bars, ...] = ()


@dataclass(frozen=True)
class Paper:
    """The document: title, number, parts, the digests that let anyone recompute the draw."""

    title: str
    number: str
    institution: str
    made_on: str
    is_preliminary: bool
    parts: tuple[Part, ...]
    digests: tuple[Row, ...]
    address: str


@dataclass(frozen=True)
class RoundFacts:
    """What is said of one round; `results` is the object that `round results --json` prints for it."""

    title: str
    code: str
    results: Mapping[str, Any]
    certificate: Mapping[str, Any]
    spec: RoundSpec
    drawn_on: date
    population: str
    source: str
    rubrics: Sequence[str]
    items: Sequence[ItemLoss]

    @property
    def frame_size(self) -> int:
        """Cases in the frozen frame."""
        return sum(one["N"] for one in self.certificate["strata"])

    @property
    def sampled(self) -> int:
        """Cases drawn."""
        return sum(one["n"] for one in self.certificate["strata"])


@dataclass(frozen=True)
class Facts:
    """What a circular rests on: one round or several, and the figures over all of them."""

    title: str
    institution: str
    results: Mapping[str, Any]
    rounds: Sequence[RoundFacts]
    made_on: date
    items: Sequence[ItemLoss]
    item_titles: Mapping[str, str]
    log_head: str
    address: str

    @property
    def is_comparable(self) -> bool:
        """Whether one rubric set judged all of it, so that figures may be put together."""
        return bool(self.results["overall"]["reason"] != "rubric_sets_differ")

    def named(self, items: Sequence[ItemLoss]) -> str:
        """The items' titles in quotation marks."""
        return "、".join(f"“{self.item_titles.get(one.item, one.item)}”" for one in items)


def parts_of(
    titles: Sequence[str], bodies: Sequence[tuple[str, ...]], tables: Mapping[int, tuple[Table, ...]],
    bars: Mapping[int, tuple[Bars, ...]] | None = None,
) -> tuple[Part, ...]:  # fmt: skip
    """The parts with their Chinese numbers; `tables` and `bars` by place."""
    return tuple(
        Part(f"{NUMBERS[at]}、{title}", body, tables.get(at, ()), (bars or {}).get(at, ()))
        for at, (title, body) in enumerate(zip(titles, bodies, strict=True))
    )


def chinese_date(day: date) -> str:
    """As official papers write it: 2026年11月29日."""
    return f"{day.year}年{day.month}月{day.day}日"
