"""Agreement of independent readings of one case, with gaps: raw, Krippendorff's alpha, Gwet's AC1 and AC2, kappas.

Readings are counted once a case as r_iq = how many said category q; a case with one reading says nothing of
agreement but counts in what categories are used. All coefficients are (p_a − p_e)/(1 − p_e) with weights w_kl.
Under skewed grades a kappa falls though people agree: show AC2 and raw agreement beside it.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qualityeval.core.errors import InvalidInput, msg

Floats = NDArray[np.float64]
Weights = Literal["nominal", "linear", "quadratic"]
Metric = Literal["nominal", "ordinal", "interval", "ratio"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What `round results` shows of grades. Floats, unrounded; `ac2_se` is Gwet's, over cases.

    `pairs` of readings of one case, `cases` with at least two. `raw` is the mean over cases of the share of pairs
    that say the same. `alpha` is Krippendorff's with his ordinal metric, `ac2` Gwet's with quadratic weights. None with
    a `reason`: `no_pairs` (all None), `no_variance` (one grade only: alpha isn't defined, the others are).
    """

    pairs: int
    cases: int
    raw: float | None
    alpha: float | None
    ac2: float | None
    ac2_se: float | None
    reason: str = ""


def agreement(readings: Sequence[Sequence[str]], categories: Sequence[str]) -> Agreement:
    """Of the grades that the experts gave each case; `categories` are the rubric's, in order.

    >>> found = agreement([["良好", "良好"], ["良好", "合格"], ["合格", "合格"]], ["优秀", "良好", "合格", "不合格"])
    >>> found.pairs, round(found.raw, 4), round(found.alpha, 4), round(found.ac2, 4)
    (3, 0.6667, 0.4444, 0.9286)
    """
    table = counts(readings, categories)
    sheets = table.sum(axis=1)
    pairs, cases = int((sheets * (sheets - 1)).sum()) // 2, int((sheets >= 2).sum())
    if not cases:
        return Agreement(0, 0, None, None, None, None, "no_pairs")
    raw, ac2 = observed(table), gwet(table, "quadratic")
    alpha = krippendorff(table, "ordinal")
    reason = "" if alpha is not None else "no_variance"
    return Agreement(pairs, cases, raw, alpha, ac2.value, ac2.se, reason)


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient with its standard error over cases; None where it isn't defined."""

    value: float | None
    se: float | None


def counts(readings: Sequence[Sequence[Hashable]], categories: Sequence[Hashable]) -> Floats:
    """Cases × categories: how many readings of the case said it. An unknown category is `InvalidInput`."""
    place = {category: column for column, category in enumerate(categories)}
    table = np.zeros((len(readings), len(categories)))
    for row, said in enumerate(readings):
        for one in said:
            if one not in place:
                raise InvalidInput(
                    "agreement.category", msg("“%(value)s”不在等次之列，一致性算不出来。"), value=str(one)
                )
            table[row, place[one]] += 1
    return table


def weights_of(kind: Weights, size: int) -> Floats:
    """w_kl by the places of the categories: equal only, 1 − |k−l|/(q−1), or 1 − (k−l)²/(q−1)²."""
    if kind == "nominal" or size < 2:
        return np.eye(size)
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / (size - 1)
    return np.asarray(1 - (apart if kind == "linear" else apart**2))


def observed(table: Floats, kind: Weights = "nominal") -> float | None:
    """p_a: the mean over cases of Σ_k r_k(Σ_l w_kl·r_l − 1)/(r(r − 1)); None where no case has two readings."""
    each = _each(table, weights_of(kind, table.shape[1]))
    return float(each.mean()) if len(each) else None


def _each(table: Floats, weights: Floats) -> Floats:
    twice = table[table.sum(axis=1) >= 2]
    sheets = twice.sum(axis=1)
    return np.asarray((twice * (twice @ weights - 1)).sum(axis=1) / (sheets * (sheets - 1)))


def gwet(table: Floats, kind: Weights = "nominal") -> Coefficient:
    """AC1 (nominal) or AC2: p_e = ΣW/(q(q−1)) · Σπ_k(1 − π_k), π_k = mean of r_ik/r_i.

    Gwet 2014, chapters 3 and 5; its linearised variance takes the cases as a sample of very many.
    """
    table = table[table.sum(axis=1) > 0]
    n, q = table.shape
    twice = table.sum(axis=1) >= 2
    if not twice.any() or q < 2:
        return Coefficient(None, None)
    weights, shares = weights_of(kind, q), table / table.sum(axis=1, keepdims=True)
    used = shares.mean(axis=0)
    scale = weights.sum() / (q * (q - 1))
    chance = float(scale * (used * (1 - used)).sum())
    each = np.zeros(n)
    each[twice] = _each(table, weights)
    value = float(each[twice].mean() - chance) / (1 - chance)
    if n < 2:
        return Coefficient(value, None)
    part = n / twice.sum() * (each - chance * twice) / (1 - chance)
    part = part - 2 * (1 - value) * (scale * (shares @ (1 - used)) - chance) / (1 - chance)
    return Coefficient(value, sqrt(float(((part - value) ** 2).sum()) / (n * (n - 1))))


def fleiss(table: Floats, kind: Weights = "nominal") -> float | None:
    """Fleiss' kappa with gaps (Scott's pi of two readers): p_e = Σ w_kl·π_k·π_l; None where p_e is 1."""
    table = table[table.sum(axis=1) > 0]
    used = (table / table.sum(axis=1, keepdims=True)).mean(axis=0)
    weights = weights_of(kind, table.shape[1])
    return _over_chance(observed(table, kind), float(used @ weights @ used))


def brennan_prediger(table: Floats, kind: Weights = "nominal") -> float | None:
    """Chance as if every category were as likely: p_e = Σ w_kl/q²."""
    size = table.shape[1]
    return _over_chance(observed(table, kind), float(weights_of(kind, size).sum()) / size**2)


def _over_chance(agreed: float | None, chance: float) -> float | None:
    if agreed is None or chance >= 1:
        return None
    return (agreed - chance) / (1 - chance)


def cohen(cross: Floats, kind: Weights = "nominal") -> Coefficient:
    """Kappa of two fixed readers from their cross table: of calibration files, where the same two read all.

    Standard error as in Gwet 2014, 2.5 (the cases a sample of very many, n in the divisor).
    """
    n, weights = float(cross.sum()), weights_of(kind, len(cross))
    if not n:
        return Coefficient(None, None)
    p = cross / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    agreed, chance = float((weights * p).sum()), float(rows @ weights @ columns)
    value = _over_chance(agreed, chance)
    if value is None:
        return Coefficient(None, None)
    margins = np.add.outer(weights @ columns, rows @ weights)
    squares = float((p * (weights - (1 - value) * margins) ** 2).sum())
    variance = (squares - (agreed - 2 * (1 - value) * chance) ** 2) / (n * (1 - chance) ** 2)
    return Coefficient(value, sqrt(max(0.0, variance)))


def krippendorff(table: Floats, metric: Metric, values: Sequence[float] = ()) -> float | None:
    """Alpha = 1 − (n − 1)·Σ o_kl·δ²_kl / Σ n_k·n_l·δ²_kl over cases with at least two readings.

    Krippendorff 2011; δ² of his ordinal metric is (Σ_{g=k…l} n_g − (n_k + n_l)/2)², not 1 less the ordinal weights
    of others. `values` of the categories are 1, 2, … unless given. None without pairs or without any difference.
    """
    twice = table[table.sum(axis=1) >= 2]
    sheets, used = twice.sum(axis=1), twice.sum(axis=0)
    scaled = twice / (sheets - 1)[:, None]
    seen = scaled.T @ twice - np.diag(scaled.sum(axis=0))
    apart = _METRICS[metric](np.asarray(values or np.arange(1, len(used) + 1), dtype=float), used)
    expected = float(used @ apart @ used)
    if not expected:
        return None
    return 1 - (float(used.sum()) - 1) * float((seen * apart).sum()) / expected


def _nominal(values: Floats, used: Floats) -> Floats:
    del used
    return 1.0 - np.eye(len(values))


def _ordinal(values: Floats, used: Floats) -> Floats:
    del values
    middle = np.cumsum(used) - used / 2
    return np.asarray(np.subtract.outer(middle, middle) ** 2)


def _interval(values: Floats, used: Floats) -> Floats:
    del used
    return np.asarray(np.subtract.outer(values, values) ** 2)


def _ratio(values: Floats, used: Floats) -> Floats:
    sums = np.add.outer(values, values)
    return np.asarray(_interval(values, used) / np.where(sums == 0, 1.0, sums) ** 2)


_METRICS: Mapping[Metric, Callable[[Floats, Floats], Floats]] = {
    "nominal": _nominal, "ordinal": _ordinal, "interval": _interval, "ratio": _ratio,
}  # fmt: skip
