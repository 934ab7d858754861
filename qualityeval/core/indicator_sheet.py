"""A sheet under the indicator method: a grade for each indicator, combined; the expert may say otherwise in words.

Worked example (core: meeting, reading, opinion, hearing): 优秀 良好 良好 良好 and the others 良好 combine to 良好. With
"overall 优秀" and a reason the sheet comes to 优秀, one grade above; "overall 不合格" is refused, two below. Where
three of the four don't apply, nothing is combined and the expert's overall grade with its reason is the sheet's.
"""

from collections.abc import Collection, Mapping

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.grading import (
    CORE_NEEDED,
    NOT_APPLICABLE,
    IndicatorsMissing,
    OwnGrade,
    Step,
    combine_indicators,
    core_left,
    na_refused,
)
from qualityeval.core.rubric_parts import Grade, Rubric
from qualityeval.core.scoring import Mark


def reached_by(
    rubric: Rubric, marks: Mapping[str, Mark], bonus: Mapping[str, int], own: OwnGrade | None
) -> Grade:
    """The grade that a complete sheet comes to before vetoes.

    Refuses: `IndicatorsMissing`; points, deductions or a bonus, which this method doesn't know; a grade
    together with N/A; N/A without a reason or where the rubric doesn't let it be; an overall grade more than
    one from the combined one, or without a reason; no overall grade where too little core applies.
    """
    check_grades(rubric, tuple(rubric.by_item), marks)
    if any(bonus.values()):
        raise InvalidInput("sheet.indicator_bonus", msg("按指标定等的标准不加分。"), where="bonus")
    graded = marks_of(marks)
    if core_left(rubric, graded) < CORE_NEEDED:
        return combine_indicators(rubric, graded, own=own if own and own.grade else None)
    return combine_indicators(rubric, graded, step=_step(rubric, graded, own))


def check_grades(rubric: Rubric, codes: Collection[str], marks: Mapping[str, Mark]) -> None:
    """Each of these indicators has a sound mark; `IndicatorsMissing` otherwise, or what `reached_by` refuses of one."""
    missing = tuple(
        one for one in rubric.sections if one.code in codes and not _is_marked(marks.get(one.code))
    )
    if missing:
        raise IndicatorsMissing(missing)
    for code in codes:
        _check(rubric, code, marks[code])


def is_combined(rubric: Rubric, marks: Mapping[str, Mark]) -> bool:
    """Whether all core indicators are marked and enough of them apply for the grades to be combined."""
    graded = marks_of(marks)
    return all(code in graded for code in rubric.core) and core_left(rubric, graded) >= CORE_NEEDED


def marks_of(marks: Mapping[str, Mark]) -> dict[str, str]:
    """Grades by indicator, `na` where one doesn't apply; what isn't marked is left out."""
    return {code: NOT_APPLICABLE if one.na else one.grade for code, one in marks.items() if _is_marked(one)}


def step_of(rubric: Rubric, graded: Mapping[str, str], own: OwnGrade | None) -> int:
    """By how many grades the expert moves the combined one: +1 better, 0, -1 worse."""
    if own is None or not own.grade or core_left(rubric, graded) < CORE_NEEDED:
        return 0
    return combine_indicators(rubric, graded).order - rubric.grade_named(own.grade).order


def _step(rubric: Rubric, graded: Mapping[str, str], own: OwnGrade | None) -> Step | None:
    by = step_of(rubric, graded, own)
    if not by:
        return None
    combined = combine_indicators(rubric, graded)
    if abs(by) > 1:
        raise InvalidInput(
            "sheet.own_too_far",
            msg("各项指标合成“%(grade)s”：总的等次最多只能上调或下调一级。"),
            where="overall-grade",
            grade=combined.name,
        )
    if own is None or not own.reason.strip():
        raise InvalidInput(
            "sheet.own_reason",
            msg("各项指标合成“%(grade)s”：总的等次与它不同，请写明理由。"),
            where="overall-grade",
            grade=combined.name,
        )
    return Step(by, own.reason)


def _is_marked(mark: Mark | None) -> bool:
    return mark is not None and bool(mark.grade or mark.na)


def _check(rubric: Rubric, code: str, mark: Mark) -> None:
    title = rubric.by_item[code].title.zh
    if mark.earned is not None or mark.deductions is not None:
        raise InvalidInput(
            "sheet.indicator_points",
            msg("“%(item)s”按等次评，不打分也不扣分。"),
            where=code,
            item=title,
        )
    if mark.na and mark.grade:
        raise InvalidInput(
            "sheet.na_with_grade", msg("“%(item)s”已注明不适用，不能再评等次。"), where=code, item=title
        )
    if mark.na and not rubric.by_item[code].na:
        raise na_refused(code, title)
    if mark.na and not mark.reason.strip():
        raise InvalidInput("sheet.na_reason", msg("请写明“%(item)s”不适用的理由。"), where=code, item=title)
