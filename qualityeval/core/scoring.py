"""Marks of one sheet to its total, in exact rationals with one rounding at the end.

Worked example (a section worth 20 with items of 6, 6 and 8): the 8 is not applicable, the expert
gives 5 and 6. Earned 11 of the 12 available, so the section has 20 · 11/12 = 55/3 = 18.333… points;
nothing is rounded before the sheet's total.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.rubric_parts import FULL, Item, Rubric, Section, show_points

COVERED_MINIMUM = Fraction(7, 10)
FIVE = 5


class Incomplete(RuleViolation):
    """Items without a mark, a deduction or a reason for N/A; `missing` holds their codes in sheet order."""

    code = "sheet.incomplete"
    text = msg("还有 %(count)s 项没有评：%(items)s。请打分，或注明不适用的理由。")

    def __init__(self, missing: tuple[Item, ...]) -> None:
        self.missing = tuple(item.code for item in missing)
        super().__init__(
            where=self.missing[0],
            count=len(missing),
            items="、".join(item.title.zh for item in missing),
        )


class TooLittleCovered(RuleViolation):
    """So much is N/A that what is left can't stand for the whole sheet."""

    code = "sheet.coverage"
    text = msg("不适用的评分项太多：只剩 %(covered)s 分可评，至少要有 %(needed)s 分。请核对不适用的项目。")


@dataclass(frozen=True, slots=True)
class Mark:
    """What an expert said of one item: exactly one of points earned, deductions, or N/A with a reason.

    `earned` and `deductions` are hundredths of face points; under the five-mark method `earned` is
    the mark itself, 0 to 5. `deductions=()` says that nothing was taken off. Under the indicator
    method a mark is a `grade` or N/A, and nothing else.
    """

    earned: int | None = None
    deductions: tuple[int, ...] | None = None
    na: bool = False
    reason: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class SectionScore:
    """`points` are what the section brings to the total (its spread share included), None when N/A."""

    code: str
    earned: Fraction
    available: int
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Score:
    """A sheet's figures: `total` in hundredths, rounded half up once; `exact` before the rounding.

    `covered` is the face points that could be judged, in hundredths.
    """

    total: int
    exact: Fraction
    bonus: int
    covered: int
    sections: tuple[SectionScore, ...]


def half_up(value: Fraction) -> int:
    """Round to the nearest whole number, halves towards plus infinity (all our totals are ≥ 0).

    >>> half_up(Fraction(5, 2))
    3
    """
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def total(rubric: Rubric, marks: Mapping[str, Mark], bonus: Mapping[str, int] | None = None) -> Score:
    """The total of a complete sheet under a points or five-mark rubric.

    Section points = M · earned / available over the items that apply; a section with none left is
    N/A and its M spreads over the others by their M; bonus is added unscaled, capped, and the total
    is at most 100.00. Refuses: `Incomplete`, `TooLittleCovered`, and `InvalidInput` for a mark out
    of range, an unknown item, N/A where the rubric doesn't let it be or without a reason.
    """
    score = reckon(rubric, marks, bonus)
    if score.covered < COVERED_MINIMUM * FULL:
        least = show_points(int(COVERED_MINIMUM * FULL))
        raise TooLittleCovered(covered=show_points(score.covered), needed=least)
    return score


def reckon(rubric: Rubric, marks: Mapping[str, Mark], bonus: Mapping[str, int] | None = None) -> Score:
    """The same without asking how much is covered; refuses what else `total` refuses."""
    _check_known(marks, rubric.by_item, "item")
    _check_graded(rubric, marks)
    _check_complete(rubric.by_item.values(), marks)
    parts = [_section(section, rubric, marks) for section in rubric.sections]
    covered = sum(part.available for part in parts)
    live = sum(s.points for s, part in zip(rubric.sections, parts, strict=True) if part.available)
    sections = tuple(
        SectionScore(part.code, part.earned, part.available, _points(s.points, part, live))
        for s, part in zip(rubric.sections, parts, strict=True)
    )
    extra = bonus_points(rubric, bonus or {})
    base = sum((part.points for part in sections if part.points is not None), Fraction(0))
    exact = min(base + extra, Fraction(FULL))
    return Score(half_up(exact), exact, extra, covered, sections)


def check_marks(items: tuple[Item, ...], marks: Mapping[str, Mark], *, five: bool) -> None:
    """Each of these items has a sound mark, as `total` asks of all of them; the same refusals."""
    _check_complete(items, marks)
    for item in items:
        mark = marks[item.code]
        if mark.na:
            _check_na(item, mark)
        else:
            _earned(item, mark, five=five)


def _check_complete(items: Iterable[Item], marks: Mapping[str, Mark]) -> None:
    missing = tuple(item for item in items if is_missing(marks.get(item.code)))
    if missing:
        raise Incomplete(missing)


def _points(whole: int, part: SectionScore, live: int) -> Fraction | None:
    if not part.available:
        return None
    return Fraction(whole * FULL, live) * part.earned / part.available


def _section(section: Section, rubric: Rubric, marks: Mapping[str, Mark]) -> SectionScore:
    earned, available = Fraction(0), 0
    for item in section.items:
        mark = marks[item.code]
        if mark.na:
            _check_na(item, mark)
        else:
            earned += _earned(item, mark, five=rubric.method == "five_mark")
            available += item.points
    return SectionScore(section.code, earned, available, None)


def _check_graded(rubric: Rubric, marks: Mapping[str, Mark]) -> None:
    for code, mark in marks.items():
        if mark.grade:
            raise InvalidInput(
                "sheet.grade_not_due",
                msg("“%(item)s”要打分或扣分，不按等次评。"),
                where=code,
                item=rubric.by_item[code].title.zh,
            )


def is_missing(mark: Mark | None) -> bool:
    """Whether nothing was said of an item yet."""
    return mark is None or (mark.earned is None and mark.deductions is None and not mark.na)


def _check_na(item: Item, mark: Mark) -> None:
    if mark.earned is not None or mark.deductions is not None:
        raise InvalidInput(
            "sheet.na_with_mark",
            msg("“%(item)s”已注明不适用，不能再打分或扣分。"),
            where=item.code,
            item=item.title.zh,
        )
    if not item.na:
        raise InvalidInput(
            "sheet.na_not_allowed",
            msg("“%(item)s”必须评，不能注明不适用。"),
            where=item.code,
            item=item.title.zh,
        )
    if not mark.reason.strip():
        raise InvalidInput(
            "sheet.na_reason", msg("请写明“%(item)s”不适用的理由。"), where=item.code, item=item.title.zh
        )


def _earned(item: Item, mark: Mark, *, five: bool) -> Fraction:
    if mark.earned is not None and mark.deductions is not None:
        raise InvalidInput(
            "sheet.mark_and_deduct",
            msg("“%(item)s”只能填得分或扣分中的一种。"),
            where=item.code,
            item=item.title.zh,
        )
    if mark.deductions is None:
        return _given(item, mark.earned or 0, five=five)
    if five:
        raise InvalidInput(
            "sheet.five_deduct",
            msg("五分制不扣分：请给“%(item)s”打 0 到 5 分。"),
            where=item.code,
            item=item.title.zh,
        )
    taken = sum(mark.deductions)
    if any(points <= 0 for points in mark.deductions) or taken > item.points:
        raise _range(
            item, "deduct_range", msg("“%(item)s”的扣分须大于 0，合计不超过 %(points)s 分。"), item.points
        )
    return Fraction(item.points - taken)


def _given(item: Item, earned: int, *, five: bool) -> Fraction:
    if five:
        if not 0 <= earned <= FIVE:
            raise _range(item, "mark_range", msg("“%(item)s”的得分须是 0 到 %(points)s 的整数。"), FIVE * 100)
        return Fraction(item.points * earned, FIVE)
    if not 0 <= earned <= item.points:
        raise _range(item, "mark_range", msg("“%(item)s”的得分须在 0 到 %(points)s 之间。"), item.points)
    return Fraction(earned)


def lost_points(item: Item, mark: Mark, *, five: bool) -> int:
    """Hundredths that a mark takes from the item's full points; none where it is N/A or not marked yet.

    A five-mark of e costs points·(5 − e)/5, rounded half up: 4 on an item of 3 points costs 0.6.
    """
    if mark.na or is_missing(mark):
        return 0
    return half_up(item.points - _earned(item, mark, five=five))


def _range(item: Item, code: str, text: str, points: int) -> InvalidInput:
    return InvalidInput(
        f"sheet.{code}", text, where=item.code, item=item.title.zh, points=show_points(points)
    )


def _check_known(given: Iterable[str], known: Iterable[str], kind: str) -> None:
    for code in given:
        if code not in known:
            raise InvalidInput(
                f"sheet.unknown_{kind}", msg("评分标准里没有“%(item)s”这一项。"), where=code, item=code
            )


def bonus_points(rubric: Rubric, bonus: Mapping[str, int]) -> int:
    """The bonus of a sheet in hundredths, each within its own limit and together within the cap."""
    limits = {extra.code: extra.points for extra in rubric.bonus}
    _check_known(bonus, limits, "bonus")
    for code, points in bonus.items():
        if not 0 <= points <= limits[code]:
            raise InvalidInput(
                "sheet.bonus_range",
                msg("加分须在 0 到 %(points)s 之间。"),
                where=code,
                points=show_points(limits[code]),
            )
    return min(sum(bonus.values()), rubric.bonus_cap)


def sheet_vetoes(rubric: Rubric, codes: Iterable[str]) -> frozenset[str]:
    """The vetoes an expert may put on a sheet: those of the file.

    A conduct veto is refused here: it comes only from a verified complaint entered by two managers.
    """
    chosen = frozenset(codes)
    kinds = {veto.code: veto.kind for veto in rubric.vetoes}
    _check_known(sorted(chosen), kinds, "veto")
    for code in sorted(chosen):
        if kinds[code] == "conduct":
            raise InvalidInput(
                "sheet.conduct_veto",
                msg("行为类一票否决须由两名管理员依据查实的投诉录入，评分表上不能填。"),
                where=code,
            )
    return chosen
