"""A stored total, or the grades of the indicators, to the grade of the sheet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.rubric_parts import FULL, Grade, Rubric, Section

NOT_APPLICABLE = "na"
CORE_NEEDED = 2


class IndicatorsMissing(RuleViolation):
    """Indicators without a grade; `missing` holds their codes in sheet order."""

    code = "sheet.indicators_missing"
    text = msg("还有 %(count)s 项指标没有评等次：%(items)s。")

    def __init__(self, missing: tuple[Section, ...]) -> None:
        self.missing = tuple(section.code for section in missing)
        super().__init__(
            where=self.missing[0],
            count=len(missing),
            items="、".join(section.title.zh for section in missing),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """An expert's move of the combined grade by one: +1 better, -1 worse, with a written reason."""

    by: int
    reason: str


@dataclass(frozen=True, slots=True)
class OwnGrade:
    """The overall grade an expert gives where too few core indicators apply, with a written reason."""

    grade: str
    reason: str


def grade_of(rubric: Rubric, total: int, vetoes: Collection[str] = ()) -> Grade:
    """The grade of a stored total (hundredths). A standing veto beats the total.

    A cut-off belongs to the grade above it: 90.00 is the first 优秀 where its minimum is 90. With
    several vetoes the worst grade holds; a veto never lifts a grade.
    """
    if not 0 <= total <= FULL:
        raise InvalidInput("grade.total_range", msg("总分须在 0 到 100 之间。"), where="total")
    reached = next(grade for grade in rubric.grades if total >= grade.minimum)
    return vetoed(rubric, reached, vetoes)


def vetoed(rubric: Rubric, reached: Grade, vetoes: Collection[str]) -> Grade:
    """The worst of the grade reached and those of the standing vetoes; an unknown veto is refused."""
    named = {veto.code: rubric.grade_named(veto.grade) for veto in rubric.vetoes}
    for code in sorted(vetoes):
        if code not in named:
            raise InvalidInput(
                "sheet.unknown_veto", msg("评分标准里没有“%(item)s”这一项。"), where=code, item=code
            )
    return max([reached, *(named[code] for code in vetoes)], key=lambda grade: grade.order)


def combine_indicators(
    rubric: Rubric,
    marks: Mapping[str, str],
    *,
    vetoes: Collection[str] = (),
    step: Step | None = None,
    own: OwnGrade | None = None,
) -> Grade:
    """The overall grade of an indicator sheet (four grades, best first).

    Best: every core indicator best and none below second. Second: every core indicator at least
    second and none worst. Third: no core indicator worst and at most one other worst. Else worst.
    `na` leaves an indicator out where the rubric lets it be. A `step` moves the result by one grade with
    its reason. With fewer than two core indicators left nothing is combined: the expert's `own` grade with
    its reason counts, and only then. A veto beats all of these.
    """
    missing = tuple(section for section in rubric.sections if section.code not in marks)
    if missing:
        raise IndicatorsMissing(missing)
    core, other = _orders(rubric, marks, core=True), _orders(rubric, marks, core=False)
    if core_left(rubric, marks) < CORE_NEEDED:
        order = _own(rubric, own, step)
    elif own is not None:
        raise InvalidInput(
            "sheet.own_grade_not_due",
            msg("核心指标够用，总的等次由各项指标合成；要改时请上调或下调一级并写明理由。"),
            where="overall-grade",
        )
    else:
        order = _moved(_combined(core, other), step)
    return vetoed(rubric, rubric.grades[order], vetoes)


def core_left(rubric: Rubric, marks: Mapping[str, str]) -> int:
    """How many core indicators apply."""
    return sum(marks[code] != NOT_APPLICABLE for code in rubric.core)


def _own(rubric: Rubric, own: OwnGrade | None, step: Step | None) -> int:
    if own is None or not own.reason.strip() or step is not None:
        raise InvalidInput(
            "sheet.own_grade",
            msg("适用的核心指标不足两项，合不出等次：请直接给出总的等次，并写明理由。"),
            where="overall-grade",
        )
    return rubric.grade_named(own.grade).order


def _orders(rubric: Rubric, marks: Mapping[str, str], *, core: bool) -> list[int]:
    orders = []
    for section in rubric.sections:
        if section.core != core:
            continue
        mark = marks[section.code]
        if mark != NOT_APPLICABLE:
            orders.append(rubric.grade_named(mark).order)
        elif not section.na:
            raise na_refused(section.code, section.title.zh)
    return orders


def na_refused(code: str, title: str) -> InvalidInput:
    """The refusal of an N/A that the rubric doesn't allow."""
    return InvalidInput(
        "sheet.na_not_allowed", msg("“%(item)s”必须评，不能注明不适用。"), where=code, item=title
    )


def _combined(core: list[int], other: list[int]) -> int:
    best, second, third, worst = range(4)
    lowest = max(core + other)
    if max(core) == best and lowest <= second:
        return best
    if max(core) <= second and lowest < worst:
        return second
    if max(core) <= third and other.count(worst) <= 1:
        return third
    return worst


def _moved(order: int, step: Step | None) -> int:
    if step is None:
        return order
    if step.by not in (1, -1) or not step.reason.strip():
        raise InvalidInput("sheet.step", msg("等次最多只能上调或下调一级，并须写明理由。"), where="step")
    moved = order - step.by
    if not 0 <= moved <= 3:
        raise InvalidInput("sheet.step_range", msg("已是最高或最低等次，不能再调。"), where="step")
    return moved
