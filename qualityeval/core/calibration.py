"""Calibration 统一尺度: how far an expert is from a reference answer, and from the own earlier judgement.

    deviation(rubric, own, reference) -> Deviation      one anchor: by item and in total, own minus reference
    leaning(totals) -> Leaning | None                   an expert over some anchors: signed and absolute mean, a word
    within_expert(pairs) -> WithinExpert | None         error of one person reading the same file twice
    is_repeated(deal_seed, case_key, expert, rate) -> bool   which files come back to their reader

Points are hundredths of face points throughout; nothing is rounded here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from qualityeval.core.digests import digest
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.rubric_parts import Item, Rubric
from qualityeval.core.sheet import Content, judge
from qualityeval.core.side_by_side import side_by_side

HARSHER, MILDER, AGREED = "harsher", "milder", "agreed"
BAND = 200  # a mean deviation of up to two points of a hundred is called agreement
REPEATABILITY = 1.96 * math.sqrt(2)
PURPOSE = "repeat"
NO_POINTS = msg("按指标定档的评分标准没有分数，不能用来定标。")
SPACE = 16**16


@dataclass(frozen=True, slots=True)
class ItemDeviation:
    """An item: what the expert and the reference give it (None for N/A); `apart` is None where one of them is N/A."""

    item: Item
    own: int | None
    reference: int | None
    why: str  # the reference's reason

    @property
    def apart(self) -> int | None:
        """Own minus reference; two N/A are no deviation."""
        if self.own is None or self.reference is None:
            return 0 if self.own is self.reference else None
        return self.own - self.reference


@dataclass(frozen=True, slots=True)
class Deviation:
    """One anchor: items in the order of the rubric, and the totals as the sheets have them."""

    items: tuple[ItemDeviation, ...]
    own: int
    reference: int

    @property
    def total(self) -> int:
        """Own total minus the reference's: below nought is harsher."""
        return self.own - self.reference


def deviation(rubric: Rubric, own: Content, reference: Content) -> Deviation:
    """A complete sheet against the reference answer, both under this rubric."""
    rows = {row.item.code: row for row in side_by_side(rubric, (own, reference))}
    items = []
    for code, item in rubric.by_item.items():
        mine, theirs = rows[code].points
        items.append(ItemDeviation(item, mine, theirs, rows[code].why[1]))
    return Deviation(tuple(items), points_of(rubric, own), points_of(rubric, reference))


def points_of(rubric: Rubric, content: Content) -> int:
    """The total of a complete sheet; a rubric that gives grades without points has nothing to deviate in."""
    score = judge(rubric, content).score
    if score is None:
        raise InvalidInput("anchor.no_points", NO_POINTS, where="rubric")
    return score.total


@dataclass(frozen=True, slots=True)
class Leaning:
    """Deviations together: signed mean (Σd/n), mean absolute deviation (Σ|d|/n), and a word for it."""

    n: int
    mean: Fraction
    absolute: Fraction
    word: str


def leaning(deviations: Sequence[int], *, band: int = BAND) -> Leaning | None:
    """What deviations of totals come to; None of none.

    Harsher or milder where the signed mean is further than `band` from nought.

    >>> leaning([-300, -100, -500]).word, leaning([-300, 300]).word, leaning([-300, 300]).absolute
    ('harsher', 'agreed', Fraction(300, 1))
    """
    if not deviations:
        return None
    n = len(deviations)
    mean = Fraction(sum(deviations), n)
    word = HARSHER if mean < -band else MILDER if mean > band else AGREED
    return Leaning(n, mean, Fraction(sum(map(abs, deviations)), n), word)


@dataclass(frozen=True, slots=True)
class WithinExpert:
    """`error` is s_w, `repeatability` what two readings by one person differ by at most 95 times in 100.

    `shift` is the mean of second minus first: a drift that s_w would hide in itself. Hundredths, floats.
    """

    n: int
    error: float
    repeatability: float
    shift: float


def within_expert(pairs: Sequence[tuple[int, int]]) -> WithinExpert | None:
    """Within-expert error of n files that one person (or each of several) scored twice: s_w = √(Σd²/2n).

    Bland and Altman, Measurement error, BMJ 1996;313:744; repeatability 1.96·√2·s_w. Of one pair it is |d|/√2,
    hardly worth a decision; of none there is nothing to say (None).

    >>> round(within_expert([(8500, 8500), (8000, 8400)]).error, 6)
    200.0
    """
    if not pairs:
        return None
    n = len(pairs)
    error = math.sqrt(sum((second - first) ** 2 for first, second in pairs) / (2 * n))
    return WithinExpert(n, error, REPEATABILITY * error, sum(second - first for first, second in pairs) / n)


def is_repeated(deal_seed: str, case_key: str, expert: str, rate: Fraction) -> bool:
    """Whether the file comes back to this reader: H(deal_seed, "repeat", case key, expert) below the rate.

    Decided by the secret of the deal, so that neither the expert nor the manager can choose or foresee it, and a
    rate that rises adds files and takes none away.
    """
    ticket = int(digest(deal_seed, PURPOSE, case_key, expert)[:16], 16)
    return ticket * rate.denominator < rate.numerator * SPACE
