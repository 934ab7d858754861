"""Small institutions drawn towards the whole: beta-binomial for rates, Fay-Herriot for mean scores.

Shown beside the direct estimate, never instead; rank on one of them, declared beforehand. Where groups vary no more
than sampling makes them, all shrink to the mean: that is said (`degenerate`) and no ranking comes of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.intervals import LEVEL

Floats = NDArray[np.float64]
MOST_STRENGTH = 1e6  # α + β above this is no spread that any sample could show
FEWEST_GROUPS = 2


@dataclass(frozen=True, slots=True)
class ShrunkRates:
    """Shrunken rates with their `level` intervals, in the order given.

    `mean` of the groups' rates and `strength` α + β: how many cases the whole counts for (None where `degenerate`:
    then every rate is the pooled one and `intervals` is empty). `log_likelihood` at the maximum.
    """

    rates: tuple[float, ...]
    intervals: tuple[tuple[float, float], ...]
    mean: float
    strength: float | None
    log_likelihood: float
    degenerate: bool


def beta_binomial(successes: Sequence[int], sizes: Sequence[int], *, level: float = LEVEL) -> ShrunkRates:
    """Empirical Bayes: p_i ~ Beta(α, β) by maximum likelihood, rate (x + α)/(n + α + β), interval of Beta(x+α, n−x+β).

    Skellam 1948. The likelihood is often nearly flat in α + β; test it, not α. The intervals take α and β as known.

    >>> beta_binomial([3, 3, 3], [10, 10, 10]).degenerate
    True
    """
    x, n = np.asarray(successes, dtype=float), np.asarray(sizes, dtype=float)
    if len(x) < FEWEST_GROUPS or len(x) != len(n) or (n < 1).any() or (x < 0).any() or (x > n).any():
        raise InvalidInput("shrinkage.counts", msg("收缩估计至少要两个组，每组的成功数在 0 与件数之间。"))
    pooled = float(x.sum() / n.sum())
    flat = _binomial(x, n, pooled)
    mean, strength, likelihood = _most_likely(x, n, pooled) if 0 < pooled < 1 else (pooled, np.inf, flat)
    if strength > MOST_STRENGTH or likelihood <= flat + 1e-9:
        return ShrunkRates((pooled,) * len(x), (), pooled, None, flat, degenerate=True)
    a, b = mean * strength, (1 - mean) * strength
    return ShrunkRates(
        tuple(((x + a) / (n + a + b)).tolist()), _beta_intervals(x + a, n - x + b, level), mean, strength, likelihood,
        degenerate=False,
    )  # fmt: skip


def _beta_intervals(a: Floats, b: Floats, level: float) -> tuple[tuple[float, float], ...]:
    from scipy.special import betaincinv

    low, high = betaincinv(a, b, (1 - level) / 2), betaincinv(a, b, (1 + level) / 2)
    return tuple(zip(low.tolist(), high.tolist(), strict=True))


def _choices(x: Floats, n: Floats) -> float:
    from scipy.special import gammaln

    return float((gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1)).sum())


def _binomial(x: Floats, n: Floats, p: float) -> float:
    from scipy.special import xlog1py, xlogy

    return _choices(x, n) + float((xlogy(x, p) + xlog1py(n - x, -p)).sum())


def _most_likely(x: Floats, n: Floats, pooled: float) -> tuple[float, float, float]:
    """Mean, α + β and log likelihood at its maximum, searched in logit and logarithm from two starts."""
    from scipy.optimize import minimize
    from scipy.special import betaln, expit, logit

    choices = _choices(x, n)

    def short(at: Floats) -> float:
        mean, strength = float(expit(at[0])), float(np.exp(min(at[1], 30.0)))
        a, b = mean * strength, (1 - mean) * strength
        return -float((betaln(x + a, n - x + b) - betaln(a, b)).sum()) - choices

    options = {"xatol": 1e-7, "fatol": 1e-10, "maxiter": 2000}
    best = min(
        (minimize(short, [float(logit(pooled)), start], method="Nelder-Mead", options=options) for start in (2.0, 6.0)),
        key=lambda found: found.fun,
    )  # fmt: skip
    return float(expit(best.x[0])), float(np.exp(min(best.x[1], 30.0))), -float(best.fun)


@dataclass(frozen=True, slots=True)
class ShrunkMeans:
    """Means drawn towards the fitted line, in the order given; τ² of 0 is `degenerate`: all lie on the line."""

    means: tuple[float, ...]
    tau2: float
    coefficients: tuple[float, ...]
    errors: tuple[float, ...]
    degenerate: bool


def fay_herriot(
    means: Sequence[float], variances: Sequence[float], covariates: Sequence[Sequence[float]] = ()
) -> ShrunkMeans:
    """y_i = x_i'β + v_i + e_i with known sampling variances; τ² of v by REML, BLUPs of x_i'β + v_i.

    Fay & Herriot 1979; the same as a random-effects meta-regression. `covariates` hold one sequence a covariate; the
    constant comes first by itself. τ² is often exactly 0: report it instead of a ranking.

    >>> found = fay_herriot([28, 8, -3, 7, -1, 1, 18, 12], [225, 100, 256, 121, 81, 121, 100, 324])  # eight schools
    >>> found.tau2, round(found.coefficients[0], 6), round(found.errors[0], 6)
    (0.0, 7.685617, 4.071919)
    """
    y, d = np.asarray(means, dtype=float), np.asarray(variances, dtype=float)
    x = np.column_stack([np.ones(len(y)), *(np.asarray(one, dtype=float) for one in covariates)])
    if len(y) <= x.shape[1] or len(y) != len(d) or not (d > 0).all() or not all(map(isfinite, y)):
        raise InvalidInput("shrinkage.means", msg("收缩估计的组数要多于系数，每组的抽样方差须大于 0。"))
    tau2 = _reml(y, d, x)
    beta, covariance = _fitted(y, x, 1 / (tau2 + d))
    line, keep = x @ beta, tau2 / (tau2 + d)
    return ShrunkMeans(
        tuple((line + keep * (y - line)).tolist()), tau2, tuple(beta.tolist()),
        tuple(np.sqrt(np.diag(covariance)).tolist()), degenerate=tau2 == 0,
    )  # fmt: skip


def _fitted(y: Floats, x: Floats, weights: Floats) -> tuple[Floats, Floats]:
    covariance = np.asarray(np.linalg.inv((x.T * weights) @ x), dtype=np.float64)
    return covariance @ (x.T @ (weights * y)), covariance


def _reml(y: Floats, d: Floats, x: Floats) -> float:
    """τ² at the restricted maximum, 0 where that lies at the edge."""
    from scipy.optimize import minimize_scalar

    def deviance(tau2: float) -> float:
        weights = 1 / (tau2 + d)
        beta, covariance = _fitted(y, x, weights)
        logs = float(np.log(tau2 + d).sum()) - float(np.linalg.slogdet(covariance)[1])
        return logs + float((weights * (y - x @ beta) ** 2).sum())

    top = 10 * (float(np.var(y)) + float(d.max()))
    found = minimize_scalar(
        lambda root: deviance(root * root), bounds=(0, top**0.5), method="bounded", options={"xatol": 1e-10, "maxiter": 500}
    )  # fmt: skip
    return 0.0 if deviance(0.0) <= found.fun else float(found.x) ** 2
