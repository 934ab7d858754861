"""Confidence sets for ranks (Mogstad, Romano, Shaikh & Wilhelm 2024, Review of Economic Studies 91(1)).

j is told apart from k when |θ̂_j − θ̂_k|/√(s_j² + s_k²) is above a critical value c. Rank 1 is best; j's set is
1 + #{k surely better} … p − #{k surely worse}, so tied ones share all the places that they may hold. *Marginal*: each
set alone holds the true rank with the level; c_j makes all comparisons with j right at once, stepped down
(Romano & Wolf 2005): pairs told apart leave, c is taken again over the rest. *Simultaneous*: all sets at once.
Estimates are taken as independent and normal; intervals simulated around estimates are no substitute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.intervals import LEVEL

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Kind = Literal["marginal", "simultaneous"]
_NODES, _REACH = 41, 6.5  # of the integral over half of the normal density


@dataclass(frozen=True, slots=True)
class RankSet:
    """The places, best first, that one group may hold: `best` … `worst` of `of`."""

    best: int
    worst: int
    of: int


def rank_sets(
    estimates: Sequence[float], errors: Sequence[float], *, level: float = LEVEL, kind: Kind = "marginal",
    draws: int = 2_000, rng: np.random.Generator | None = None,
) -> list[RankSet]:  # fmt: skip
    """One set a group, in the order given; higher estimates are better, `errors` standard errors above 0.

    Marginal sets need no random numbers: given z_j the comparisons with j are independent, so
    P(max_k |σ_j·z_j − σ_k·z_k|/s_jk ≤ c) is one integral. Simultaneous ones take `draws` from `rng`.

    >>> rank_sets([0.9, 0.5, 0.5], [0.05, 0.05, 0.05])
    [RankSet(best=1, worst=1, of=3), RankSet(best=2, worst=3, of=3), RankSet(best=2, worst=3, of=3)]
    """
    means, sd = np.asarray(estimates, dtype=float), np.asarray(errors, dtype=float)
    if len(means) != len(sd) or not np.isfinite(means).all() or not (sd > 0).all():
        raise InvalidInput("ranks.errors", msg("排名需要每个组的估计值和大于 0 的标准误。"))
    size = len(means)
    if size < 2:
        return [RankSet(1, 1, 1)] * size
    studentised = np.subtract.outer(means, means) / np.sqrt(np.add.outer(sd**2, sd**2))
    if kind == "marginal":
        apart = np.array([_told_apart(j, studentised[j], sd, level) for j in range(size)])
    else:
        apart = _all_told_apart(studentised, sd, level, draws=draws, rng=rng or np.random.default_rng(0))
    better, worse = (apart & (studentised < 0)).sum(axis=1), (apart & (studentised > 0)).sum(axis=1)
    return [RankSet(1 + int(b), size - int(w), size) for b, w in zip(better, worse, strict=True)]


def _told_apart(j: int, studentised: Floats, sd: Floats, level: float) -> Bools:
    """From which k group j is told apart, stepping down."""
    others = np.arange(len(sd)) != j
    gaps, apart = np.abs(studentised), np.zeros(len(sd), dtype=bool)
    while (left := others & ~apart).any():
        found = left & (gaps > critical_value(sd[j], sd[left], level))
        if not found.any():
            break
        apart |= found
    return apart


def critical_value(own: float, others: Floats, level: float = LEVEL) -> float:
    """The c with P(max_k |σ_j·z_j − σ_k·z_k|/√(σ_j² + σ_k²) ≤ c) = level, z independent standard normal.

    By the trapezoid rule over z_j, between the normal quantile and Bonferroni's. One other group gives the former;
    groups of equal error give Dunnett's two-sided value: 2.2121 for two others, 2.3490 for three.

    >>> round(critical_value(1.0, np.ones(1)), 4), round(critical_value(1.0, np.ones(2)), 4)
    (1.96, 2.2121)
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr, ndtri

    z = np.linspace(0.0, _REACH, _NODES)  # the integrand is even
    mass = np.exp(-z * z / 2)
    mass[0] /= 2
    mass /= mass.sum()
    ratios, repeats = np.unique(np.round(own / others, 6), return_counts=True)
    repeated = len(ratios) < len(others)
    centre, reach = z[:, None] * ratios, np.sqrt(1 + ratios**2)

    def short(c: float) -> float:
        inside = ndtr(centre + c * reach) - ndtr(centre - c * reach)
        return float(mass @ np.prod(inside**repeats if repeated else inside, axis=1)) - level

    low, high = float(ndtri(0.5 + level / 2)) - 0.001, -float(ndtri((1 - level) / 2 / len(others))) + 0.001
    return float(brentq(short, low, high, xtol=1e-5))


def _all_told_apart(
    studentised: Floats, sd: Floats, level: float, *, draws: int, rng: np.random.Generator
) -> Bools:
    """Which pairs are told apart when all comparisons are to be right at once, stepping down on the same draws."""
    first, second = np.triu_indices(len(sd), 1)
    gaps = np.abs(studentised[first, second])
    scale = np.sqrt(sd[first] ** 2 + sd[second] ** 2)
    noise = np.abs(np.subtract(*(rng.normal(size=(draws, len(sd))) * sd).T[[first, second]]).T) / scale
    apart = np.zeros(len(gaps), dtype=bool)
    while not apart.all():
        found = ~apart & (gaps > np.quantile(noise[:, ~apart].max(axis=1), level, method="higher"))
        if not found.any():
            break
        apart |= found
    both = np.zeros((len(sd), len(sd)), dtype=bool)
    both[first[apart], second[apart]] = True
    return both | both.T
