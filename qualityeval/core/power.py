"""How many pairs of institutions a sample can tell apart, from how much institutions differed last time.

between_variance(groups) -> float | None       variance of the true shares, from (good, n) of each
pairs_told_apart(sizes, share=, between=) -> float | None
"""

from collections import Counter
from collections.abc import Iterable
from math import sqrt

from qualityeval.core.intervals import LEVEL

POWER = 0.80
FEWEST = 2


def between_variance(groups: Iterable[tuple[int, int]]) -> float | None:
    """τ² of the true shares by moments: the variance of the observed shares less their mean sampling variance.

    τ² = max(0, s²(p_i) − mean(p_i(1−p_i)/(n_i−1))), unweighted (Hedges 1983, Psychological Bulletin 93:388).
    Groups of one case are left out; None with fewer than two groups.

    >>> round(between_variance([(9, 10), (5, 10)]), 6)
    0.061111
    """
    shares = [(good / n, n) for good, n in groups if n >= FEWEST]
    if len(shares) < FEWEST:
        return None
    mean = sum(p for p, _ in shares) / len(shares)
    observed = sum((p - mean) ** 2 for p, _ in shares) / (len(shares) - 1)
    sampling = sum(p * (1 - p) / (n - 1) for p, n in shares) / len(shares)
    return max(0.0, observed - sampling)


def pairs_told_apart(
    sizes: Iterable[float], *, share: float, between: float, power: float = POWER, level: float = LEVEL
) -> float | None:
    """The share of institution pairs whose true difference the sample would show with this power.

    A pair with n and m cases needs a difference δ = (z_{1−α/2} + z_{power})·√(p(1−p)(1/n + 1/m)) (Fleiss 1981,
    two proportions, without continuity correction); true differences spread as N(0, 2τ²), so that
    2·(1 − Φ(δ/√(2τ²))) of the pairs have one. Institutions without a case are told apart from nobody. Equal sizes
    are counted once, so three thousand institutions take no longer than a hundred. None for fewer than two.
    """
    from scipy.special import ndtr, ndtri

    counts = Counter(round(float(n), 1) for n in sizes)
    whole = counts.total()
    if whole < FEWEST:
        return None
    if between <= 0:
        return 0.0
    reach = float(ndtri(0.5 + level / 2) + ndtri(power)) * sqrt(share * (1 - share))
    known = sorted((n, count) for n, count in counts.items() if n > 0)
    told = 0.0
    for at, (n, count) in enumerate(known):
        for m, other in known[at:]:
            pairs = count * (count - 1) / 2 if m == n else count * other
            told += pairs * 2 * float(ndtr(-reach * sqrt(1 / n + 1 / m) / sqrt(2 * between)))
    return told / (whole * (whole - 1) / 2)
