"""ρ: the experts' part of the variance of the good indicator in a round, by moments.

Cases drop out of within-case differences, so nothing is assumed of them. For two cases that share
an expert j, with differences signed from j, the product has expectation σ_r² (2σ_r² where they share
both experts); the mean over all such pairs, weighted by that, is unbiased for σ_r². A case with more
than two sheets gives disjoint pairs in the order given, since overlapping ones share an error.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ExpertShare:
    """`rho` in 0…1 from `pairs` within-case pairs, or None with the reason's code.

    Reasons: `no_pairs` (no case has two sheets), `no_shared_experts` (no expert reads two such
    cases), `no_variance` (every sheet says the same).
    """

    rho: float | None
    pairs: int
    reason: str = ""


def expert_share(sheets: Sequence[tuple[Hashable, Hashable, float]]) -> ExpertShare:
    """ρ from (case, expert, y) of first-round sheets, y being 1 for good and 0 for not.

    ρ = σ̂_r² / s², clamped to 0…1; s² is the variance over all sheets (n − 1).
    """
    cases: dict[Hashable, int] = {}
    experts: dict[Hashable, int] = {}
    rows = np.array([cases.setdefault(case, len(cases)) for case, _expert, _y in sheets], dtype=np.int64)
    readers = np.array(
        [experts.setdefault(expert, len(experts)) for _case, expert, _y in sheets], dtype=np.int64
    )
    return share_of(rows, readers, np.array([y for _case, _expert, y in sheets], dtype=float))


def share_of(cases: NDArray[np.int64], experts: NDArray[np.int64], y: NDArray[np.float64]) -> ExpertShare:
    """The same from columns: cases and experts as numbers from 0."""
    order = np.argsort(cases, kind="stable")
    place = np.arange(len(order)) - np.searchsorted(cases[order], cases[order])
    first = np.flatnonzero((place[:-1] % 2 == 0) & (place[1:] == place[:-1] + 1))
    pairs = len(first)
    if not pairs:
        return ExpertShare(None, 0, "no_pairs")
    one, other = order[first], order[first + 1]
    a, b, gap = experts[one], experts[other], y[one] - y[other]
    size = int(experts.max()) + 1
    counts = np.bincount(a, minlength=size) + np.bincount(b, minlength=size)
    together = np.unique(np.minimum(a, b) * size + np.maximum(a, b), return_counts=True)[1]
    weight = int((counts * (counts - 1)).sum() + 2 * (together * (together - 1)).sum())
    if not weight:
        return ExpertShare(None, pairs, "no_shared_experts")
    variance = float(y.var(ddof=1))
    if not variance:
        return ExpertShare(None, pairs, "no_variance")
    sums = np.bincount(a, gap, minlength=size) - np.bincount(b, gap, minlength=size)
    expert = (float((sums**2).sum()) - 2 * float((gap**2).sum())) / weight
    return ExpertShare(min(1.0, max(0.0, expert / variance)), pairs)
