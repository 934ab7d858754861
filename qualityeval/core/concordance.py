"""A recheck beside the first evaluation: the table of both, how far they agree, and the double-sampling estimate.

concordance(pairs, grades=) -> Concordance  counts by (first, second), agreement, kappa
double_sampling(classes) -> Estimate        the recheck's share over all first results, class by class
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from qualityeval.core.intervals import LEVEL

FEWEST = 2


@dataclass(frozen=True, slots=True)
class Concordance:
    """`table[first][second]` counts the cases. `kappa` is None, with a `reason`'s code, where it isn't defined.

    `mean_change` and `sd_change` are of the totals in hundredths, second less first (sd with n − 1).
    """

    n: int
    table: Mapping[str, Mapping[str, int]]
    agreed: float | None
    kappa: float | None
    mean_change: float | None
    sd_change: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One case's result in the first round and in the recheck: grades and totals (hundredths, None without one)."""

    first: str
    second: str
    first_total: int | None = 0
    second_total: int | None = 0


def concordance(pairs: Sequence[Pair], *, grades: Sequence[str]) -> Concordance:
    """The square table over `grades` (best first), the share of equal grades, Cohen's kappa, changes of totals.

    κ = (p_o − p_e)/(1 − p_e), p_e = Σ p_{i·}·p_{·i} (Cohen 1960). Undefined where p_e is 1: both rounds gave one
    and the same grade to every case (`one_grade`). No case: `no_pairs`.

    >>> found = concordance([Pair("a", "a"), Pair("a", "b"), Pair("b", "b"), Pair("b", "b")], grades=["a", "b"])
    >>> found.agreed, found.kappa
    (0.75, 0.5)
    """
    counts = Counter((one.first, one.second) for one in pairs)
    table = {first: {second: counts[first, second] for second in grades} for first in grades}
    n = len(pairs)
    if not n:
        return Concordance(0, table, None, None, None, None, "no_pairs")
    agreed = sum(counts[grade, grade] for grade in grades) / n
    rows = Counter(one.first for one in pairs)
    columns = Counter(one.second for one in pairs)
    chance = sum(rows[grade] * columns[grade] for grade in grades) / n**2
    mean, sd = _changes(pairs)
    one_grade = chance == 1
    kappa = None if one_grade else (agreed - chance) / (1 - chance)
    return Concordance(n, table, agreed, kappa, mean, sd, "one_grade" if one_grade else "")


def _changes(pairs: Sequence[Pair]) -> tuple[float | None, float | None]:
    """Mean and spread of the totals' changes over the cases that have both."""
    changes = [
        one.second_total - one.first_total
        for one in pairs
        if one.first_total is not None and one.second_total is not None
    ]
    if not changes:
        return None, None
    mean = sum(changes) / len(changes)
    if len(changes) < FEWEST:
        return mean, None
    return mean, sqrt(sum((change - mean) ** 2 for change in changes) / (len(changes) - 1))


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A class of the first evaluation: n' cases found in it, of which `rechecked`, of which `good` were good again."""

    found: int
    rechecked: int
    good: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share that the recheck's procedure would give over the whole first sample; None with a `reason`.

    `simple` is the share among the rechecked alone, each class at its own rate ignored.
    """

    value: float | None
    se: float | None
    interval: tuple[float, float] | None
    simple: float | None
    reason: str = ""


def double_sampling(classes: Sequence[Rechecked], *, level: float = LEVEL) -> Estimate:
    """Double sampling for stratification: the first sample's classes weight what the recheck found in each.

    p = Σ w_h·p_h with w_h = n'_h/n'; v(p) = Σ w_h²·p_h(1−p_h)/(n_h−1) + (1/n')·Σ w_h·(p_h − p)² (Cochran 1977,
    chapter 12, double sampling for stratification, without finite-population terms; with two classes Tenenbein's
    estimator, JASA 1970, 65:1350). Classes without a case are left out; one with cases but none rechecked has no share (`class_unread`), and one with a
    single rechecked case shows no variance (`single_case`). A normal interval, cut at 0 and 1.

    >>> found = double_sampling([Rechecked(60, 20, 18), Rechecked(40, 10, 2)])
    >>> round(found.value, 4), round(found.se, 4)
    (0.62, 0.0757)
    """
    from scipy.special import ndtri

    known = [one for one in classes if one.found]
    whole, read = sum(one.found for one in known), sum(one.rechecked for one in known)
    simple = sum(one.good for one in known) / read if read else None
    if not read or any(not one.rechecked for one in known):
        return Estimate(None, None, None, simple, "class_unread" if read else "no_pairs")
    shares = [(one.found / whole, one.good / one.rechecked, one.rechecked) for one in known]
    value = sum(weight * p for weight, p, _ in shares)
    if any(n < FEWEST for _, _, n in shares):
        return Estimate(value, None, None, simple, "single_case")
    inside = sum(weight**2 * p * (1 - p) / (n - 1) for weight, p, n in shares)
    between = sum(weight * (p - value) ** 2 for weight, p, _ in shares) / whole
    se = sqrt(inside + between)
    half = float(ndtri(0.5 + level / 2)) * se
    return Estimate(value, se, (max(0.0, value - half), min(1.0, value + half)), simple)
