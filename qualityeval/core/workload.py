"""What a file costs its reader: one file, or expected minutes by pages and case type, as the round chooses.

    read_workload(top) -> Workload                  the `workload` of a spec; left out: files
    Workload.minutes(pages, case_type) -> int       base + per_page × pages + by_type, rounded half up
    workload_of(plan) -> Workload                   the same of a frozen plan
    spread_of(loads) -> Spread                      least, most and mean of what readers carry

The defaults are working assumptions, not measurements; a round's spec states its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from qualityeval.core import spec_nodes as nodes
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.rubric import hundredths
from qualityeval.core.rubric_parts import show_points

FILES, MINUTES = "files", "minutes"
UNITS = (FILES, MINUTES)
CASE_TYPES = ("criminal", "civil", "administrative")
LONGEST_FILE, MOST_PER_PAGE, MOST_PAGES = 600, 6_000, 9_999
BY_TYPE: Mapping[str, int] = MappingProxyType({"criminal": 10, "civil": 0, "administrative": 5})


@dataclass(frozen=True, slots=True)
class Workload:
    """`base` and `by_type` are minutes a file, `per_page` hundredths of a minute.

    `pages` stands for a file of which no papers are stored.
    """

    unit: str = FILES
    base: int = 20
    per_page: int = 50
    by_type: Mapping[str, int] = field(default_factory=lambda: dict(BY_TYPE))
    pages: int = 60

    @property
    def in_minutes(self) -> bool:
        """Whether the round counts minutes beside files."""
        return self.unit == MINUTES

    def minutes(self, pages: int | None, case_type: str) -> int:
        """Whole minutes expected for a file: base + per_page × pages + by_type, the sum rounded half up.

        `pages` None or 0 means that no paper is stored; a case type without a line adds nothing.

        >>> Workload(base=20, per_page=50, by_type={"criminal": 10}).minutes(83, "criminal")
        72
        """
        reading = (self.per_page * (pages or self.pages) + 50) // 100
        return self.base + reading + self.by_type.get(case_type, 0)

    def as_plan(self) -> dict[str, object]:
        """As the plan holds it, `per_page` as text without a float."""
        return {
            "unit": self.unit,
            "base": self.base,
            "per_page": show_points(self.per_page),
            "by_type": dict(self.by_type),
            "pages": self.pages,
        }


@dataclass(frozen=True, slots=True)
class Spread:
    """What readers carry, in minutes: least, most, and the mean rounded half up."""

    least: int
    most: int
    mean: int


def spread_of(loads: Sequence[int]) -> Spread | None:
    """The spread of the loads; None where nobody reads.

    >>> spread_of([40, 55, 60])
    Spread(least=40, most=60, mean=52)
    """
    if not loads:
        return None
    return Spread(min(loads), max(loads), (2 * sum(loads) + len(loads)) // (2 * len(loads)))


def workload_of(plan: Mapping[str, Any]) -> Workload:
    """The workload that a plan fixed; files where it says nothing."""
    return read_workload({"workload": plan.get("workload")})


def read_workload(top: nodes.Node) -> Workload:
    """`workload`: what is left out is as usual; `by_type` changes the types that it names."""
    where, usual = "workload", Workload()
    node = nodes.optional_mapping(top, where, "", ("unit", "base", "per_page", "by_type", "pages"))
    unit = nodes.choice(node, "unit", where, options=UNITS, default=FILES)
    if unit == FILES:
        if set(node) - {"unit"}:
            raise nodes.refuse(
                where, "workload", msg("按件数计时，workload 里只写 unit；要写用时，请把 unit 改成 minutes。")
            )
        return usual
    types = nodes.optional_mapping(node, "by_type", where, CASE_TYPES)
    return Workload(
        unit=unit,
        base=nodes.whole(node, "base", where, default=usual.base, high=LONGEST_FILE),
        per_page=_per_page(node, usual.per_page),
        by_type={
            kind: nodes.whole(types, kind, f"{where}.by_type", default=usual.by_type[kind], high=LONGEST_FILE)
            for kind in CASE_TYPES
        },
        pages=nodes.whole(node, "pages", where, default=usual.pages, low=1, high=MOST_PAGES),
    )


def _per_page(node: nodes.Node, default: int) -> int:
    value = node.get("per_page")
    if value is None:
        return default
    try:
        found = hundredths(str(value).strip()) if isinstance(value, str | int) else -1
    except InvalidInput:
        found = -1
    if not 0 <= found <= MOST_PER_PAGE:
        raise nodes.refuse(
            "workload.per_page", "per_page", msg("每页用时应是 0 到 60 之间、最多两位小数的分钟数。")
        )
    return found
