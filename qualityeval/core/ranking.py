"""Bands that can be told apart, instead of places: from confidence sets for ranks, inside one rubric set.

Shares are compared as arcsines, asin √((x + 3/8)/(n + 3/4)) with standard error 1/√(4n + 2) (Anscombe 1948), n being
n_eff and x = n·rate: the error doesn't depend on the share, and a share of 0 or 1 has its error too. A group is `top` (or `bottom`) when its whole set lies in the
better (worse) third of places, `middle` when in the middle one, otherwise `open`: the sample can't tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, sqrt
from typing import Literal

from qualityeval.core.distribution import RANK_FROM
from qualityeval.core.intervals import LEVEL
from qualityeval.core.rank_sets import rank_sets

Band = Literal["top", "middle", "bottom", "open"]
FEWEST_GROUPS = 3


@dataclass(frozen=True, slots=True)
class Ranked:
    """One group to be ranked: its good-or-better rate (None where there is none), n and effective n."""

    code: str
    rate: float | None
    n: int
    n_eff: float | None


@dataclass(frozen=True, slots=True)
class Banded:
    """A group's band with the places (best … worst of `of`) that it rests on; None with a `reason`.

    Reasons: `no_rate`, `too_few_cases` (n under 10), `too_few_groups` (under three that may be ranked).
    """

    code: str
    band: Band | None
    best: int | None
    worst: int | None
    of: int
    reason: str = ""


def bands(groups: Sequence[Ranked], *, level: float = LEVEL) -> list[Banded]:
    """The band of each group, in the order given, from marginal rank sets of those that may be ranked.

    Each set alone holds the group's true place with the level. Practitioners must never be given.

    >>> found = bands([Ranked("A", 0.95, 300, 300.0), Ranked("B", 0.8, 300, 300.0), Ranked("C", 0.5, 300, 300.0)])
    >>> [one.band for one in found]
    ['top', 'middle', 'bottom']
    """
    may = [one for one in groups if _why_not(one) == ""]
    if len(may) < FEWEST_GROUPS:
        return [_unranked(one, _why_not(one) or "too_few_groups", len(may)) for one in groups]
    scaled = [_arcsine(one.rate or 0.0, one.n_eff or 1.0) for one in may]
    sets = rank_sets([value for value, _se in scaled], [se for _value, se in scaled], level=level)
    places = {one.code: found for one, found in zip(may, sets, strict=True)}
    return [
        Banded(one.code, _band(places[one.code].best, places[one.code].worst, len(may)), places[one.code].best,
               places[one.code].worst, len(may))
        if one.code in places else _unranked(one, _why_not(one), len(may))
        for one in groups
    ]  # fmt: skip


def _arcsine(rate: float, n: float) -> tuple[float, float]:
    return asin(sqrt((rate * n + 0.375) / (n + 0.75))), 1 / sqrt(4 * n + 2)


def _why_not(one: Ranked) -> str:
    if one.n < RANK_FROM:
        return "too_few_cases"
    return "no_rate" if one.rate is None or not one.n_eff else ""


def _unranked(one: Ranked, reason: str, of: int) -> Banded:
    return Banded(one.code, None, None, None, of, reason)


def _band(best: int, worst: int, of: int) -> Band:
    third = of // 3
    if worst <= third:
        return "top"
    if best > of - third:
        return "bottom"
    return "middle" if best > third and worst <= of - third else "open"
