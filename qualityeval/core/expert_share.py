"""ρ: the experts' part of the variance of the good indicator in a round, by moments.

Cases drop out of within-case differences, so nothing is assumed of them. For two cases that share
an expert j, with differences signed from j, the product has expectation σ_r² (2σ_r² where they share
both experts); the mean over all such pairs, weighted by that, is unbiased for σ_r². A case with more
than two sheets gives disjoint pairs in the order given, since overlapping ones share an error.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


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
    cases: defaultdict[Hashable, list[tuple[Hashable, float]]] = defaultdict(list)
    for case, expert, y in sheets:
        cases[case].append((expert, y))
    sums: defaultdict[Hashable, float] = defaultdict(float)
    squares: defaultdict[Hashable, float] = defaultdict(float)
    counts: Counter[Hashable] = Counter()
    together: Counter[frozenset[Hashable]] = Counter()
    shared = _Sums(sums, squares, counts)
    for readings in cases.values():
        for (a, y_a), (b, y_b) in zip(readings[::2], readings[1::2], strict=False):
            shared.add(a, y_a - y_b)
            shared.add(b, y_b - y_a)
            together[frozenset((a, b))] += 1
    pairs = together.total()
    if not pairs:
        return ExpertShare(None, 0, "no_pairs")
    weight = sum(m * (m - 1) for m in counts.values()) + 2 * sum(m * (m - 1) for m in together.values())
    if not weight:
        return ExpertShare(None, pairs, "no_shared_experts")
    variance = _variance([y for _case, _expert, y in sheets])
    if not variance:
        return ExpertShare(None, pairs, "no_variance")
    expert = sum(sums[j] ** 2 - squares[j] for j in counts) / weight
    return ExpertShare(min(1.0, max(0.0, expert / variance)), pairs)


@dataclass(frozen=True, slots=True)
class _Sums:
    sums: defaultdict[Hashable, float]
    squares: defaultdict[Hashable, float]
    counts: Counter[Hashable]

    def add(self, expert: Hashable, difference: float) -> None:
        self.sums[expert] += difference
        self.squares[expert] += difference**2
        self.counts[expert] += 1


def _variance(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)
