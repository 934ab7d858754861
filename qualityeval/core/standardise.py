"""Case-mix: an institution's rate as it would be with everybody's mix of cases; beside the raw one, never instead.

Each kind of case (a cell) has the rate p_c over all institutions of the rubric set. One shift δ on the logit scale
describes an institution: Σ n_c·expit(logit p_c + δ) = its successes. Its standardised rate is Σ W_c·expit(logit p_c + δ)
with W_c the mix of all; it stays in 0…1 and equals the raw rate where the mix is the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.intervals import LEVEL, wilson

Floats = NDArray[np.float64]
_FARTHEST = 60.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of case: how many were read and how many were good."""

    n: int
    good: int


@dataclass(frozen=True, slots=True)
class Standardised:
    """The raw rate and the standardised one with its interval; `expected` successes for this mix at everybody's rates.

    None with a `reason`: `no_results`, `unknown_cell` (a kind of case that the whole doesn't hold).
    """

    raw: float | None
    value: float | None
    lo: float | None
    hi: float | None
    expected: float | None
    reason: str = ""


def standardised(
    own: Mapping[str, Cell], whole: Mapping[str, Cell], *, n_eff: float | None = None, level: float = LEVEL
) -> Standardised:
    """One institution's rate at the mix of the whole, all of one rubric set.

    The interval maps the ends of the raw rate's Wilson interval on `n_eff` the same way. Rates of cells are smoothed
    by half a case each side, so that a cell where all or none are good has a logit.

    >>> everybody = {"easy": Cell(100, 90), "hard": Cell(100, 50)}
    >>> found = standardised({"hard": Cell(20, 10)}, everybody)
    >>> round(found.raw, 3), round(found.value, 3)
    (0.5, 0.698)
    """
    n, good = sum(cell.n for cell in own.values()), sum(cell.good for cell in own.values())
    if any(not 0 <= cell.good <= cell.n for cell in (*own.values(), *whole.values())):
        raise InvalidInput("standardise.counts", msg("标准化的计数不对：成功数须在 0 与件数之间。"))
    if not n:
        return Standardised(None, None, None, None, None, "no_results")
    if any(cell.n and not whole.get(kind, Cell(0, 0)).n for kind, cell in own.items()):
        return Standardised(good / n, None, None, None, None, "unknown_cell")
    kinds = [kind for kind, cell in whole.items() if cell.n]
    logits = np.array(
        [np.log((whole[kind].good + 0.5) / (whole[kind].n - whole[kind].good + 0.5)) for kind in kinds]
    )
    mine = np.array([own.get(kind, Cell(0, 0)).n for kind in kinds], dtype=float) / n
    mix = np.array([whole[kind].n for kind in kinds], dtype=float)
    mix /= mix.sum()
    size = n_eff or float(n)
    bounds = wilson(min(good / n * size, size), size, level)
    value, lo, hi = (_mapped(rate, logits, mine, mix) for rate in (good / n, bounds.lo, bounds.hi))
    return Standardised(good / n, value, lo, hi, float(n * mine @ _expit(logits)))


def _expit(x: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(x))


def _mapped(rate: float, logits: Floats, mine: Floats, mix: Floats) -> float:
    """The rate at `mix` of the institution that has `rate` at `mine`."""
    from scipy.optimize import brentq

    if rate <= 0 or rate >= 1:
        return float(rate)
    shift = brentq(
        lambda delta: float(mine @ _expit(logits + delta)) - rate, -_FARTHEST, _FARTHEST, xtol=1e-12
    )
    return float(mix @ _expit(logits + shift))
