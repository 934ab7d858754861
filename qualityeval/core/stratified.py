"""Stratified means, totals and proportions from summaries of the strata: sampling error only.

mean = Σ W_h·ȳ_h; variance = Σ W_h²·(1−f_h)·s_h²/n_h; t with n − H degrees of freedom (Cochran 5.4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.intervals import LEVEL, Interval, hypergeometric


@dataclass(frozen=True, slots=True)
class Stratum:
    """N, n, mean and variance (n − 1) of one stratum's sample."""

    population: int
    n: int
    mean: float
    variance: float

    @classmethod
    def of_share(cls, population: int, n: int, successes: int) -> "Stratum":
        """A stratum of zeros and ones: s² = n·p·(1−p)/(n−1), 0 for a single case."""
        p = successes / n
        return cls(population, n, p, n * p * (1 - p) / (n - 1) if n > 1 else 0.0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its standard error, `total` = N·mean, and the t interval (None without freedom)."""

    mean: float
    se: float
    total: float
    total_se: float
    n: int
    population: int
    interval: tuple[float, float] | None
    reason: str = ""


def stratified_mean(strata: Sequence[Stratum], level: float = 0.95) -> Estimate:
    """The estimate over all strata. Unrounded; sampling error only, experts' noise isn't in it.

    A stratum with one sampled case of several has no variance of its own: the standard error then
    says too little, so the interval is None with reason `single_case_stratum` (collapse it with a
    neighbour first). A take-all stratum adds nothing.
    """
    if not strata or any(not 0 < s.n <= s.population for s in strata):
        raise InvalidInput("stratified.counts", msg("每一层至少要有一件，且不多于该层总数。"))
    whole = sum(s.population for s in strata)
    mean = sum(s.population * s.mean for s in strata) / whole
    variance = sum((s.population / whole) ** 2 * (1 - s.n / s.population) * s.variance / s.n for s in strata)
    se, n = sqrt(variance), sum(s.n for s in strata)
    interval, reason = _interval(strata, mean, se, level)
    return Estimate(mean, se, whole * mean, whole * se, n, whole, interval, reason)


def _interval(
    strata: Sequence[Stratum], mean: float, se: float, level: float
) -> tuple[tuple[float, float] | None, str]:
    from scipy.special import stdtrit

    if any(s.n == 1 < s.population for s in strata):
        return None, "single_case_stratum"
    if all(s.n == s.population for s in strata):
        return (mean, mean), ""
    freedom = sum(s.n for s in strata) - len(strata)
    half = float(stdtrit(freedom, 0.5 + level / 2)) * se
    return (mean - half, mean + half), ""


def share_interval(
    estimate: Estimate, strata: int, *, method: str = "korn_graubard", level: float = LEVEL
) -> Interval:
    """The interval of a stratified share: sampling error only, t with n − H degrees of freedom.

    `korn_graubard`: Clopper-Pearson's beta limits on n_eff = p(1 − p)/se² · (t(n − 1)/t(n − H))² (Korn & Graubard 1998,
    as R's survey does); `logit`: t limits of the logit, se/(p(1 − p)). A share of 0 or 1 shows no variance: the exact
    interval of the unweighted count then, and the method says so.
    """
    from scipy.special import betaincinv, stdtrit

    p, n = estimate.mean, estimate.n
    if estimate.se == 0 or not 0 < p < 1:
        exact = hypergeometric(estimate.population, n, round(p * n), level)
        return Interval(exact.lo, exact.hi, "hypergeometric_unweighted")
    freedom, tail = n - strata, (1 - level) / 2
    t = float(stdtrit(freedom, 1 - tail))
    if method == "logit":
        centre, half = log(p / (1 - p)), t * estimate.se / (p * (1 - p))
        return Interval(1 / (1 + exp(half - centre)), 1 / (1 + exp(-half - centre)), "logit")
    size = p * (1 - p) / estimate.se**2 * (float(stdtrit(n - 1, 1 - tail)) / t) ** 2
    lo = float(betaincinv(size * p, size * (1 - p) + 1, tail))
    return Interval(lo, float(betaincinv(size * p + 1, size * (1 - p), 1 - tail)), "korn_graubard")


def collapsed(strata: Mapping[str, Stratum]) -> tuple[dict[str, Stratum], dict[str, str]]:
    """Strata with one sampled case of several put together with a neighbour, and which went where.

    The neighbour is the next stratum in byte order of label (the last one's is the one before). Means and variances
    are pooled from the sampled cases; the variance comes out too large rather than too small (Cochran 5A.12).

    >>> found, into = collapsed({"a": Stratum(10, 1, 1.0, 0.0), "b": Stratum(20, 3, 0.0, 0.0)})
    >>> found, into
    ({'b': Stratum(population=30, n=4, mean=0.25, variance=0.25)}, {'a': 'b'})
    """
    labels, kept, into = sorted(strata, key=str.encode), dict(strata), {}
    for place, label in enumerate(labels):
        one = kept[label]
        if one.n == 1 < one.population and len(kept) > 1:
            later = [other for other in labels[place + 1 :] if other in kept]
            other = later[0] if later else next(name for name in reversed(labels[:place]) if name in kept)
            kept[other] = _pooled(kept.pop(label), kept[other])
            into[label] = other
    return kept, into


def _pooled(a: Stratum, b: Stratum) -> Stratum:
    n = a.n + b.n
    mean = (a.n * a.mean + b.n * b.mean) / n
    squares = sum((s.n - 1) * s.variance + s.n * (s.mean - mean) ** 2 for s in (a, b))
    return Stratum(a.population + b.population, n, mean, squares / (n - 1))
