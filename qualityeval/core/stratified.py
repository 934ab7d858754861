"""Stratified means, totals and proportions from summaries of the strata: sampling error only.

mean = Σ W_h·ȳ_h; variance = Σ W_h²·(1−f_h)·s_h²/n_h; t with n − H degrees of freedom (Cochran 5.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from qualityeval.core.errors import InvalidInput, msg


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
