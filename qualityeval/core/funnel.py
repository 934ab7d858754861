"""Funnel plot: control limits about the overall rate by size, the default chart of comparisons; it ranks nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Literal

import numpy as np

from qualityeval.core.errors import InvalidInput, msg

WARN, ALARM = 0.95, 0.998
WINSOR = 0.1  # of the groups, at each end
Standing = Literal["inside", "low", "high", "very_low", "very_high"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Lower and upper control limit of a rate at one size."""

    lo: float
    hi: float


def binomial_limits(target: float, n: int, level: float = WARN) -> Limits:
    """Exact binomial limits about `target` for n cases, interpolated between whole counts.

    Spiegelhalter 2005, Statistics in Medicine 24, A.1.1: r is the least count with P(X ≤ r) > p, a = (P(X ≤ r) − p)/
    P(X = r), the limit (r − a)/n, for p = (1 − level)/2 below and (1 + level)/2 above; held inside 0…1.

    >>> found = binomial_limits(0.5, 20)
    >>> round(found.lo, 4), round(found.hi, 4)
    (0.2558, 0.6942)
    """
    from scipy.special import bdtr

    if not 0 < target < 1 or n < 1:
        raise InvalidInput("funnel.target", msg("漏斗图的中心须在 0 与 1 之间，件数至少为 1。"))
    below = np.asarray(bdtr(np.arange(n + 1), n, target))

    def limit(p: float) -> float:
        r = int(np.searchsorted(below, p, side="right"))
        r = min(r, n)
        here = below[r] - (below[r - 1] if r else 0.0)
        part = float((below[r] - p) / here) if here > 0 else 0.0
        return min(1.0, max(0.0, (r - part) / n))

    return Limits(limit((1 - level) / 2), limit((1 + level) / 2))


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One group: its z, and where it stands against the limits widened by the overdispersion.

    `low`/`high` are outside the 95 % limits, `very_low`/`very_high` outside the 99.8 % ones.
    """

    code: str
    z: float
    standing: Standing


@dataclass(frozen=True, slots=True)
class Funnel:
    """`target` rate, overdispersion φ (1 where the groups vary no more than chance) and the groups' points."""

    target: float
    phi: float
    points: tuple[FunnelPoint, ...]


def funnel(groups: Sequence[tuple[str, float, float]], target: float) -> Funnel:
    """Groups as (code, rate, effective n) about the target, with multiplicative overdispersion.

    z = (p − t)/√(t(1 − t)/n); φ = mean of the squares of z winsorised at a tenth from each end (Spiegelhalter 2005),
    taken as 1 where it is less than 1, or where it isn't beyond chance (φ·I under I + 2√(2I)); outside is |z| > c·√φ.

    >>> found = funnel([("odd", 0.7, 100), *((f"I{n}", 0.5, 100) for n in range(19))], 0.5)
    >>> found.phi, found.points[0].standing, found.points[1].standing
    (1.0, 'very_high', 'inside')
    """
    from scipy.special import ndtri

    if not 0 < target < 1 or any(n <= 0 for _code, _rate, n in groups):
        raise InvalidInput("funnel.target", msg("漏斗图的中心须在 0 与 1 之间，件数至少为 1。"))
    scores = np.array([(rate - target) / sqrt(target * (1 - target) / n) for _code, rate, n in groups])
    phi = overdispersion(scores)
    warn, alarm = (float(ndtri(0.5 + level / 2)) * sqrt(phi) for level in (WARN, ALARM))
    points = [
        FunnelPoint(code, float(z), _standing(float(z), warn, alarm))
        for (code, _r, _n), z in zip(groups, scores, strict=True)
    ]
    return Funnel(target, phi, tuple(points))


def overdispersion(scores: Sequence[float] | np.ndarray) -> float:
    """φ from winsorised z; 1 where there is no more than chance makes."""
    ordered = np.sort(np.asarray(scores, dtype=float))
    size = len(ordered)
    if size < 2:
        return 1.0
    cut = ceil(WINSOR * size) if size >= 1 / WINSOR else 0
    held = np.clip(ordered, ordered[cut], ordered[size - 1 - cut])
    phi = float((held**2).mean())
    return phi if phi * size > size + 2 * sqrt(2 * size) else 1.0


def _standing(z: float, warn: float, alarm: float) -> Standing:
    if abs(z) <= warn:
        return "inside"
    if abs(z) <= alarm:
        return "low" if z < 0 else "high"
    return "very_low" if z < 0 else "very_high"
