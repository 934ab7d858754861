"""Where the marks of a round lie: median, quartiles, and how far two experts of one case are apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, quantiles


@dataclass(frozen=True, slots=True)
class MarkSpread:
    """In points, unrounded; None where there is nothing to say it from. `n` results, `pairs` of sheets."""

    n: int
    median: float | None
    lower: float | None
    upper: float | None
    pairs: int
    mean_gap: float | None


def mark_spread(totals: Sequence[int], sheets_by_case: Sequence[Sequence[int | None]]) -> MarkSpread:
    """From results and first-round sheets in hundredths; unweighted, quartiles by linear interpolation.

    The quartile at p lies at place 1 + (n − 1)·p of the sorted marks (Hyndman & Fan 1996, type 7, as in R).
    A sheet without a total (None, under an indicator rubric) says nothing here.

    >>> mark_spread([7000, 8000, 9000, 10000], [[8000, 9000]])
    MarkSpread(n=4, median=85.0, lower=77.5, upper=92.5, pairs=1, mean_gap=10.0)
    """
    told = [[one for one in sheets if one is not None] for sheets in sheets_by_case]
    gaps = [abs(a - b) for sheets in told for a, b in combinations(sheets, 2)]
    gap = fmean(gaps) / 100 if gaps else None
    if not totals:
        return MarkSpread(0, None, None, None, len(gaps), gap)
    marks = [total / 100 for total in totals]
    cuts = quantiles(marks, n=4, method="inclusive") if len(marks) > 1 else [marks[0]] * 3
    return MarkSpread(len(marks), cuts[1], cuts[0], cuts[2], len(gaps), gap)
