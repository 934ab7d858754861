"""Periods that a circular may speak of: quarters, half-years and years, and which rounds lie in them.

smallest_period(since, until)     the smallest that holds both days; None where they lie in two years
periods_of(windows)               which rounds lie in which period
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_QUARTERS, _HALVES = "一二三四", "上下"


@dataclass(frozen=True, order=True)
class Period:
    """Months from the first of `month`, `months` long."""

    year: int
    month: int
    months: int

    @property
    def since(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def until(self) -> date:
        """The last day."""
        after = self.month + self.months
        return date(self.year + (after > 12), (after - 1) % 12 + 1, 1) - timedelta(days=1)

    @property
    def code(self) -> str:
        """`2026Q3`, `2026H1` or `2026`."""
        number = (self.month - 1) // self.months + 1
        kind = {3: "Q", 6: "H"}.get(self.months)
        return f"{self.year}{kind}{number}" if kind else str(self.year)

    @property
    def name(self) -> str:
        """As official papers write it: 2026年第三季度, 2026年上半年, 2026年度."""
        number = (self.month - 1) // self.months
        said = {3: f"第{_QUARTERS[number % 4]}季度", 6: f"{_HALVES[number % 2]}半年"}
        return f"{self.year}年{said.get(self.months, '度')}"

    def holds(self, since: date, until: date) -> bool:
        """Whether both days lie in it."""
        return self.since <= since <= until <= self.until


def smallest_period(since: date, until: date) -> Period | None:
    """The quarter, else the half-year, else the year that holds both days.

    >>> smallest_period(date(2026, 4, 1), date(2026, 9, 30)).code
    '2026'
    """
    around = _around(since)
    return next((one for one in around if one.holds(since, until)), None)


def periods_of(windows: Iterable[tuple[str, date, date]]) -> dict[Period, tuple[str, ...]]:
    """By period, the latest first and a year before its parts, the codes of the rounds that lie in it.

    `windows` are the rounds' codes with the first and last day of their populations. A period stands here where it
    is the smallest around some round, or holds two rounds or more.
    """
    held: dict[Period, list[str]] = {}
    own: set[Period] = set()
    for code, since, until in windows:
        inside = [one for one in _around(since) if one.holds(since, until)]
        own.update(inside[:1])
        for one in inside:
            held.setdefault(one, []).append(code)
    listed = [one for one, codes in held.items() if one in own or len(codes) > 1]
    listed.sort(key=lambda one: (-one.year, -one.months, -one.month))
    return {one: tuple(held[one]) for one in listed}


def _around(day: date) -> list[Period]:
    """Quarter, half-year and year of a day."""
    return [Period(day.year, (day.month - 1) // size * size + 1, size) for size in (3, 6, 12)]
