"""What a plan will tell before it is frozen: half-widths to expect, weights, and other rates beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from qualityeval.core.allocation import Rate, SizeRule, SizeRules, StratumSize, allocate
from qualityeval.core.intervals import wilson

ASSUMED = 0.8
COMPARED = (Fraction(1, 10), Fraction(1, 5), Fraction(3, 10), Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class OtherRate:
    """The same strata at one rate throughout; `half_width` in share points."""

    rate: Fraction
    n: int
    half_width: float


def half_width(n: int, *, share: float = ASSUMED) -> float | None:
    """Half the 95 % Wilson interval of a share, as a fraction of 1; None without a case.

    Without correction for the finite population and without the experts' shared part, which nobody
    knows before the scoring: a lower bound of what the results will show.

    >>> round(half_width(100), 3)
    0.077
    """
    if n <= 0:
        return None
    interval = wilson(share * n, n)
    return (interval.hi - interval.lo) / 2


def other_rates(strata: Sequence[StratumSize], *, minimum: int) -> tuple[OtherRate, ...]:
    """Sample size and half-width of the whole, were every stratum drawn at 10, 20, 30 or 50 %."""
    counts: Mapping[tuple[str, ...], int] = {(stratum.label,): stratum.N for stratum in strata}
    found = []
    for rate in COMPARED:
        rules = SizeRules(SizeRule(Rate(rate), minimum=minimum))
        sizes = allocate(_safe(counts), fields=("stratum",), rules=rules)
        n = sum(one.n for one in sizes)
        found.append(OtherRate(rate, n, half_width(n) or 0.0))
    return tuple(found)


def _safe(counts: Mapping[tuple[str, ...], int]) -> dict[tuple[str, ...], int]:
    """Labels as values of one field: a bar has no place in a value, so each is numbered instead."""
    return {(str(number),): size for number, size in enumerate(counts.values())}
