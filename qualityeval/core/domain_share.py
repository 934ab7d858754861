"""The share of successes in a part of a stratified sample: sampling error only.

p̂ = Σ w_h·x_h / Σ w_h·d_h with w_h = N_h/n_h. Its variance is that of a ratio: the residual is y − p̂ inside the
domain and 0 outside, all sampled cases kept (Cochran 5A.14; numerics page 1.2); t with n − H degrees of freedom.
Dropping the cases outside first would take the domain's size for known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.intervals import LEVEL, Interval, hypergeometric


@dataclass(frozen=True, slots=True)
class DomainStratum:
    """A stratum of N cases, n of them sampled; d of these lie in the domain, x of the d are successes."""

    population: int
    n: int
    in_domain: int
    successes: int


@dataclass(frozen=True, slots=True)
class DomainShare:
    """The share, its standard error and interval; `interval` is None with a `reason`'s code.

    Reasons: `single_case_stratum` (a stratum's one sampled case of several shows no variance).
    """

    value: float
    se: float
    interval: Interval | None
    reason: str = ""


def domain_share(
    strata: Sequence[DomainStratum], *, freedom: int, population: int, level: float = LEVEL
) -> DomainShare:
    """The share over the strata that the domain touches.

    `freedom` is n − H of the whole sample, `population` the domain's N. A share of 0 or 1 has no variance
    of its own: its interval is then the hypergeometric one of the unweighted counts, and its method says so.

    >>> found = domain_share([DomainStratum(40, 4, 4, 2), DomainStratum(60, 6, 6, 3)], freedom=8, population=100)
    >>> found.value, round(found.se, 6)
    (0.5, 0.164317)
    """
    if not strata or any(not 0 <= s.successes <= s.in_domain <= s.n <= s.population for s in strata):
        raise InvalidInput("stratified.counts", msg("每一层至少要有一件，且不多于该层总数。"))
    weighted = sum(s.population / s.n * s.in_domain for s in strata)
    if not weighted:
        raise InvalidInput("stratified.domain", msg("这一组在样本里没有案件。"))
    value = sum(s.population / s.n * s.successes for s in strata) / weighted
    found, members = sum(s.successes for s in strata), sum(s.in_domain for s in strata)
    if found in (0, members):
        exact = hypergeometric(max(population, members), members, found, level)
        return DomainShare(float(found > 0), 0.0, Interval(exact.lo, exact.hi, "hypergeometric_unweighted"))
    if any(s.n == 1 < s.population for s in strata):
        return DomainShare(value, 0.0, None, "single_case_stratum")
    se = sqrt(sum(_variance(s, value) for s in strata)) / weighted
    if freedom < 1:
        return DomainShare(value, se, None, "single_case_stratum")
    half = _quantile(freedom, level) * se
    return DomainShare(value, se, Interval(max(0.0, value - half), min(1.0, value + half), "stratified"))


def _variance(stratum: DomainStratum, share: float) -> float:
    """N²·(1 − f)·s²/n of the residuals of one stratum; 0 where all of it was taken."""
    n, inside, found = stratum.n, stratum.in_domain, stratum.successes
    if n == stratum.population:
        return 0.0
    total = found - share * inside
    squares = found * (1 - share) ** 2 + (inside - found) * share**2
    variance = max(0.0, squares - total**2 / n) / (n - 1)  # where all say the same, what rounding leaves
    return stratum.population**2 * (1 - n / stratum.population) * variance / n


def _quantile(freedom: int, level: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + level / 2))
