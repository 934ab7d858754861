"""Where points are lost: the items of the sheets, the most often cut first, and the part lost by group.

Counts of sheets and points, no estimates: they say what experts wrote down, unweighted. An item that doesn't apply to
a file is not counted for it.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemReading:
    """One item on one sheet, or on `times` sheets that say the same: full points and those lost, in hundredths.

    `group` is where the case belongs.
    """

    item: str
    group: str
    points: int
    lost: int
    times: int = 1


@dataclass(frozen=True, slots=True)
class ItemLoss:
    """An item over all sheets.

    `read` sheets judged it, `cut` took points off, `mean` points where they did; `share` is its part of all cuts and
    `running` the sum of shares down to it (1 at the last).
    """

    item: str
    read: int
    cut: int
    mean: float | None
    share: float
    running: float


@dataclass(slots=True)
class Tally:
    """Sheets that judged an item, those that cut it, points lost and points there were (hundredths)."""

    read: int = 0
    cut: int = 0
    lost: int = 0
    points: int = 0

    def add(self, one: ItemReading) -> None:
        """Count one reading."""
        self.read += one.times
        self.cut += one.times * (one.lost > 0)
        self.lost += one.times * one.lost
        self.points += one.times * one.points

    @property
    def part(self) -> float | None:
        """Points lost of those there were; None where nothing was judged."""
        return self.lost / self.points if self.points else None


def tallies(readings: Iterable[ItemReading]) -> dict[tuple[str, str], Tally]:
    """By group and item, in one pass over readings that may be streamed.

    >>> found = tallies([ItemReading("a", "x", 400, 100), ItemReading("a", "y", 400, 0)])
    >>> found["x", "a"].part, found["y", "a"].part
    (0.25, 0.0)
    """
    by_group: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
    for one in readings:
        by_group[one.group, one.item].add(one)
    return dict(by_group)


def together(by_group: Mapping[tuple[str, str], Tally], groups: Container[str]) -> dict[str, Tally]:
    """By item, over these groups.

    >>> together({("x", "a"): Tally(1, 1, 100, 400), ("y", "a"): Tally(1, 0, 0, 400)}, {"x", "y"})
    {'a': Tally(read=2, cut=1, lost=100, points=800)}
    """
    whole: defaultdict[str, Tally] = defaultdict(Tally)
    for (group, item), one in by_group.items():
        if group in groups:
            had = whole[item]
            whole[item] = Tally(
                had.read + one.read, had.cut + one.cut, had.lost + one.lost, had.points + one.points
            )
    return dict(whole)


def pareto(whole: Mapping[str, Tally]) -> list[ItemLoss]:
    """The items that lost points, the most often cut first (then the most points, then by name).

    >>> [(one.item, one.share, one.running) for one in pareto({"a": Tally(4, 1, 50, 400), "b": Tally(4, 3, 90, 400)})]
    [('b', 0.75, 0.75), ('a', 0.25, 1.0)]
    """
    cuts = sum(one.cut for one in whole.values())
    order = sorted(whole.items(), key=lambda pair: (-pair[1].cut, -pair[1].lost, pair[0]))
    found, running = [], 0
    for item, one in order:
        if one.cut:
            running += one.cut
            found.append(
                ItemLoss(item, one.read, one.cut, one.lost / one.cut / 100, one.cut / cuts, running / cuts)
            )
    return found
