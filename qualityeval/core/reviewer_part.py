"""How much of a result's variance the readers make, and the interval that corrects for a finite register honestly.

A case's result is good with the chance π that random experts would find it so. Of p(1 − p) the cases' part is the
variance of π, the readers' part φ the rest. Drawing a fraction f of the cases takes f off the cases' part alone: a full
sample still has its readers' noise (numerics page, 1.2).
"""

from dataclasses import dataclass
from math import exp, pi

import numpy as np

from qualityeval.core.errors import InvalidInput, msg

_LEAST = 1e-6  # of the variance: a full sample whose readers never differ has no width
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


@dataclass(frozen=True, slots=True)
class Readings:
    """Variances of marks (points²) inside a group as the crossed model finds them, `sheets` a case."""

    case: float
    expert: float
    error: float
    sheets: float

    @property
    def reliability(self) -> float:
        """The cases' part of the variance of the mean of a case's sheets, 0…1."""
        noise = (self.expert + self.error) / self.sheets
        return self.case / (self.case + noise) if self.case + noise else 0.0


def reviewer_part(rate: float, readings: Readings) -> float:
    """φ = 1 − corr(y, y′) of a case's result with that of another set of random experts, 0…1.

    Under the crossed model with normal parts the two mean marks have correlation R (`reliability`); cut where `rate` of
    the cases is good, at h, cov(y, y′) = (1/2π)·∫₀ᴿ exp(−h²/(1 + r))/√(1 − r²) dr (Plackett 1954). Taken for the mean
    of the sheets; other consensus rules and arbitration are near it. At a rate of 0 or 1 all is the readers'.

    >>> round(reviewer_part(0.5, Readings(1.0, 0.5, 0.5, 1.0)), 6)  # R = ½ at the median: 1 − (2/π)·asin ½
    0.666667
    """
    from scipy.special import ndtri

    if not 0 <= rate <= 1 or min(readings.case, readings.expert, readings.error) < 0 or readings.sheets <= 0:
        raise InvalidInput(
            "reviewer_part.input", msg("优良率须在 0 与 1 之间，方差不小于 0，每件至少一份评分表。")
        )
    if rate in {0.0, 1.0}:
        return 1.0
    h, top = float(ndtri(rate)), float(np.arcsin(readings.reliability))
    angles = top * (_NODES + 1) / 2  # r = sin θ takes the root out of the integral
    covariance = top / 2 * sum(
        weight * exp(-h * h / (1 + float(np.sin(angle)))) for angle, weight in zip(angles, _WEIGHTS, strict=True)
    ) / (2 * pi)  # fmt: skip
    return min(1.0, max(0.0, 1 - float(covariance) / (rate * (1 - rate))))


def smoothed(good: float, n: float) -> float:
    """(good + 2)/(n + 4): a rate for φ that isn't 0 or 1 because a sample is small (Agresti & Coull 1998)."""
    return (good + 2) / (n + 4)


def corrected_n(n: int, n_eff: float, population: int, part: float) -> float:
    """What `n_eff` is worth once the drawn fraction counts: n / (n/n_eff − f·(1 − φ)), f = n/N.

    >>> round(corrected_n(50, 50.0, 100, 0.2), 4)  # half drawn, a fifth of the variance the readers'
    83.3333
    >>> round(corrected_n(50, 50.0, 50, 0.2), 4)  # all drawn: the readers' noise alone is left
    250.0
    """
    if not 0 < n_eff <= n or population < n or not 0 <= part <= 1:
        raise InvalidInput("reviewer_part.n", msg("有效样本量须在 0 与 n 之间，N 不小于 n。"))
    left = n / n_eff - n / population * (1 - part)
    return n / max(left, _LEAST)
