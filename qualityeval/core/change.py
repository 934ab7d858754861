"""What changed from one period to the next, with an interval; only inside one rubric set."""

from dataclasses import dataclass
from math import sqrt

from qualityeval.core.intervals import LEVEL, wilson


@dataclass(frozen=True, slots=True)
class Period:
    """One period's good-or-better rate (None where there is none), what it is worth, and by which rubrics."""

    rate: float | None
    n_eff: float | None
    rubric_set: str


@dataclass(frozen=True, slots=True)
class Change:
    """Later rate less earlier, with its interval; `is_clear` where that leaves out 0. None with a `reason`.

    Reasons: `rubric_sets_differ` (the two stand side by side), `no_rate`.
    """

    value: float | None
    lo: float | None
    hi: float | None
    is_clear: bool
    reason: str = ""


def change(earlier: Period, later: Period, *, level: float = LEVEL) -> Change:
    """Newcombe's hybrid score interval of a difference of independent rates, on effective n.

    d ± √((p₁ − l₁)² + (u₂ − p₂)²) and so on, with the rates' own Wilson limits. Newcombe 1998, Statistics in Medicine
    17, 873–890, method 10. Experts who read in both periods make the truth a little narrower.

    >>> found = change(Period(48 / 80, 80, "a"), Period(56 / 70, 70, "a"))
    >>> round(found.value, 4), round(found.lo, 4), round(found.hi, 4)
    (0.2, 0.0524, 0.3339)
    """
    if earlier.rubric_set != later.rubric_set:
        return Change(None, None, None, is_clear=False, reason="rubric_sets_differ")
    if earlier.rate is None or later.rate is None or not earlier.n_eff or not later.n_eff:
        return Change(None, None, None, is_clear=False, reason="no_rate")
    old, new = (
        wilson(min(one.rate * one.n_eff, one.n_eff), one.n_eff, level) for one in _known(earlier, later)
    )
    value = later.rate - earlier.rate
    lo = value - sqrt((later.rate - new.lo) ** 2 + (old.hi - earlier.rate) ** 2)
    hi = value + sqrt((new.hi - later.rate) ** 2 + (earlier.rate - old.lo) ** 2)
    return Change(value, lo, hi, is_clear=not lo <= 0 <= hi)


@dataclass(frozen=True, slots=True)
class _Known:
    rate: float
    n_eff: float


def _known(*periods: Period) -> list[_Known]:
    return [_Known(one.rate or 0.0, one.n_eff or 0.0) for one in periods]
