"""What to train for: the items most often cut, and whether that changed from an earlier round to a later one.

A rate is the part of the sheets that took points off the item. Sheets of one case say much the same, so an item is
worth its cases only, not its sheets: n = read · cases / sheets. Items worth fewer than five cases aren't shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from qualityeval.core.change import Period, change
from qualityeval.core.distribution import SUPPRESS_BELOW
from qualityeval.core.intervals import Interval, wilson
from qualityeval.core.item_losses import Tally, pareto

MOST = 15
ONE_SET = "one"


@dataclass(frozen=True, slots=True)
class Rate:
    """The part of sheets that cut an item, with Wilson's interval on the cases that they are worth."""

    value: float
    n: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """An item before and after; `change` is after less before with its interval, None with a `reason`.

    `clear` says that 0 isn't in the interval. Reasons: `no_earlier`, `too_few`.
    """

    item: str
    before: Rate | None
    after: Rate | None
    change: float | None
    interval: tuple[float, float] | None
    clear: bool
    reason: str


def rate_of(tally: Tally | None, *, cases: int, sheets: int) -> Rate | None:
    """The rate of an item in a round of so many cases and sheets; None where it is worth fewer than five cases.

    >>> found = rate_of(Tally(read=40, cut=10), cases=20, sheets=40)
    >>> found.value, found.n, round(found.interval.lo, 4), round(found.interval.hi, 4)
    (0.25, 20.0, 0.1119, 0.4687)
    """
    if tally is None or not tally.read or not sheets:
        return None
    n = tally.read * cases / sheets
    if n < SUPPRESS_BELOW:
        return None
    value = tally.cut / tally.read
    return Rate(value, n, wilson(value * n, n))


def training(
    after: Mapping[str, Tally], before: Mapping[str, Tally] | None, *, sizes: tuple[int, int],
    earlier_sizes: tuple[int, int] = (0, 0),
) -> list[TrainingLine]:  # fmt: skip
    """The most often cut items of `before` (of `after`, where there is none), each with both rates.

    `sizes` are cases and sheets of each. Items are chosen by the earlier round, so that what was trained for is
    seen whether it got better or not.
    """
    chosen = [one.item for one in pareto(before if before is not None else after)][:MOST]
    lines = (_line(item, after, before, sizes, earlier_sizes) for item in chosen)
    return [line for line in lines if line.before or line.after]


def _line(
    item: str, after: Mapping[str, Tally], before: Mapping[str, Tally] | None, sizes: tuple[int, int],
    earlier_sizes: tuple[int, int],
) -> TrainingLine:  # fmt: skip
    new = rate_of(after.get(item), cases=sizes[0], sheets=sizes[1])
    if before is None:
        return TrainingLine(item, None, new, None, None, clear=False, reason="no_earlier")
    old = rate_of(before.get(item), cases=earlier_sizes[0], sheets=earlier_sizes[1])
    if old is None or new is None:
        return TrainingLine(item, old, new, None, None, clear=False, reason="too_few")
    found = change(Period(old.value, old.n, ONE_SET), Period(new.value, new.n, ONE_SET))
    span = None if found.lo is None or found.hi is None else (found.lo, found.hi)
    return TrainingLine(item, old, new, found.value, span, clear=found.is_clear, reason="")
