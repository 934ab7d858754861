"""Intervals of a share: Wilson, Clopper-Pearson, exact hypergeometric, and n_eff for shared experts.

All floats, unrounded. `level` is the confidence, 0.95 unless said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from qualityeval.core.errors import InvalidInput, msg

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided interval; `method` is `wilson`, `clopper_pearson` or `hypergeometric`."""

    lo: float
    hi: float
    method: str


def wilson(successes: float, n: float, level: float = LEVEL) -> Interval:
    """Wilson's score interval, without correction for the finite population.

    (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n). Wilson 1927; Newcombe 1998 method 3. `n` may
    be an effective number and `successes` p·n_eff. At 0 (or n) successes that end is exactly 0 (1).

    >>> interval = wilson(81, 263)
    >>> round(interval.lo, 4), round(interval.hi, 4)
    (0.2553, 0.3662)
    """
    from scipy.special import ndtri

    _check(successes, n)
    z = float(ndtri(0.5 + level / 2))
    p = successes / n
    centre, width = p + z * z / (2 * n), z * sqrt(max(p * (1 - p), 0.0) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    lo = 0.0 if successes <= 0 else max(0.0, (centre - width) / scale)
    hi = 1.0 if successes >= n else min(1.0, (centre + width) / scale)
    return Interval(lo, hi, "wilson")


def clopper_pearson(successes: float, n: float, level: float = LEVEL) -> Interval:
    """The exact binomial interval through the beta distribution, without finite-population correction.

    lo = B⁻¹(α/2; x, n−x+1), hi = B⁻¹(1−α/2; x+1, n−x). Clopper & Pearson 1934. Never covers less than
    `level` for whole x and n; conservative at small n. `n` may be an effective number.
    """
    from scipy.special import betaincinv

    _check(successes, n)
    tail = (1 - level) / 2
    lo = 0.0 if successes <= 0 else float(betaincinv(successes, n - successes + 1, tail))
    hi = 1.0 if successes >= n else float(betaincinv(successes + 1, n - successes, 1 - tail))
    return Interval(lo, hi, "clopper_pearson")


def _check(successes: float, n: float) -> None:
    if n <= 0 or not 0 <= successes <= n:
        raise InvalidInput("interval.counts", msg("区间的计数不对：成功数须在 0 与 n 之间，n 大于 0。"))


def hypergeometric_count(population: int, n: int, successes: int, level: float = LEVEL) -> tuple[int, int]:
    """Bounds for the number of successes in the whole population: sampling error only.

    Inversion of both one-sided tests at α/2: every M with P(X ≥ x | M) > α/2 and P(X ≤ x | M) > α/2.
    A full count (n = N) collapses to the point. Numerics page, I2.

    >>> hypergeometric_count(100, 20, 3)
    (5, 35)
    """
    if not 0 < n <= population or not 0 <= successes <= n:
        raise InvalidInput("interval.counts", msg("区间的计数不对：成功数须在 0 与 n 之间，n 大于 0。"))
    tail = (1 - level) / 2
    low, high = successes, population - n + successes
    lo = _first(low, high, lambda m: _upper_tail(population, n, m, successes) > tail)
    hi = _first(low, high, lambda m: _lower_tail(population, n, m, successes) <= tail, missing=high + 1) - 1
    return lo, hi


def hypergeometric(population: int, n: int, successes: int, level: float = LEVEL) -> Interval:
    """`hypergeometric_count` as shares of the population; to be shown as sampling error only."""
    lo, hi = hypergeometric_count(population, n, successes, level)
    return Interval(lo / population, hi / population, "hypergeometric")


def _first(low: int, high: int, holds: Callable[[int], bool], missing: int | None = None) -> int:
    """The least m in low…high where a monotone condition holds (`missing` where it never does)."""
    end = high if missing is None else missing
    while low < end:
        middle = (low + end) // 2
        if holds(middle):
            end = middle
        else:
            low = middle + 1
    return low


def _upper_tail(population: int, n: int, m: int, x: int) -> float:
    return _mass(population, n, m, max(x, n + m - population), min(n, m))


def _lower_tail(population: int, n: int, m: int, x: int) -> float:
    return _mass(population, n, m, max(0, n + m - population), min(x, m))


def _mass(population: int, n: int, m: int, first: int, last: int) -> float:
    from scipy.special import gammaln

    k = np.arange(first, last + 1, dtype=float)

    def choose(top: float, part: np.ndarray | float) -> np.ndarray:
        return np.asarray(
            gammaln(top + 1) - gammaln(np.asarray(part) + 1) - gammaln(top - np.asarray(part) + 1)
        )

    return float(np.exp(choose(m, k) + choose(population - m, n - k) - choose(population, n)).sum())


def effective_n(n: int, sheets_by_expert: Sequence[int], rho: float) -> float:
    """n_eff = min(n, n / (1 + ρ(n·Σ w_j² − 1))): how many cases with experts of their own it is worth.

    w_j is expert j's part of the institution's first-round sheets, ρ the experts' part of the
    variance of the good indicator in the round (0…1). One expert for all and ρ = 1 gives 1.
    """
    if n < 1 or not 0 <= rho <= 1 or not sum(sheets_by_expert) or min(sheets_by_expert) < 0:
        raise InvalidInput(
            "interval.n_eff", msg("有效样本量算不出来：需要至少一份评分表，ρ 在 0 与 1 之间。")
        )
    whole = sum(sheets_by_expert)
    concentration = sum((sheets / whole) ** 2 for sheets in sheets_by_expert)
    return min(float(n), n / (1 + rho * (n * concentration - 1)))
