"""Neyman's allocation in whole cases: a fixed total where it lowers the variance of one overall share most.

    neyman(sizes, variances, total=, lower=, upper=) -> dict[label, n]
    expected_variance(good, n) -> Fraction          what last round says of a stratum, never 0

Best for one overall figure and bad for a ranking of institutions: there a minimum or equal sizes win.
"""

from collections.abc import Mapping
from fractions import Fraction
from heapq import heapify, heapreplace
from math import lcm

from qualityeval.core.largest_remainder import refuse_total

SCALE = 1 << 128


def expected_variance(good: int, n: int) -> Fraction:
    """p(1−p) of a stratum by the rule of succession, p = (good + 1)/(n + 2): a stratum without a single
    failure last time still gets its part.

    >>> expected_variance(8, 8)
    Fraction(9, 100)
    """
    return Fraction((good + 1) * (n - good + 1), (n + 2) ** 2)


def neyman(
    sizes: Mapping[str, int],
    variances: Mapping[str, Fraction],
    *,
    total: int,
    lower: Mapping[str, int],
    upper: Mapping[str, int],
) -> dict[str, int]:
    """The whole numbers that minimise Σ N_h²·S_h²/n_h within bounds (S_h² are `variances`).

    Units go out one at a time to the stratum with the largest N_h·S_h/√(n_h(n_h+1)), which is the exact
    optimum (Wright 2012, American Statistician 66:217); compared as squares in integers, scaled by 2^128;
    ties by the bytes of the label. A total outside the sums of the bounds is `InvalidInput`.
    """
    refuse_total(total, lower, upper)
    scale = lcm(*(variances[label].denominator for label in sizes)) if sizes else 1
    weight = {label: size * size * int(variances[label] * scale) * SCALE for label, size in sizes.items()}
    n = dict(lower)
    waiting = [
        (*_turn(weight[label], n[label]), label.encode(), label) for label in sizes if n[label] < upper[label]
    ]
    heapify(waiting)
    for _unit in range(total - sum(n.values())):
        label = waiting[0][-1]
        n[label] += 1
        if n[label] < upper[label]:
            heapreplace(waiting, (*_turn(weight[label], n[label]), label.encode(), label))
        else:  # full: it never comes up again
            heapreplace(waiting, (2, 0, label.encode(), label))
    return n


def _turn(weight: int, n: int) -> tuple[int, int]:
    """Smaller comes first: an empty stratum before all others, for without a case it has no estimate."""
    return (1, -(weight // (n * (n + 1)))) if n else (0, -weight)
