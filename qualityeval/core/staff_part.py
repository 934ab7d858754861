"""The staff part of a rubric: items with `role: staff` are answered once a case by staff, never by its experts.

Under the indicator method the indicators themselves have the role.

staff_items(rubric)                    the items of the staff part, in sheet order
experts_part(rubric)                   the rubric as the desk shows it: without them, and without what is left empty
experts_content(rubric, node)          stored content of a sheet without the marks that staff gave
check_staff(rubric, marks)             a complete and sound staff part, or the refusal
check_experts(rubric, content)         a complete and sound experts' part while staff haven't answered
joined(rubric, content, staff)         the whole sheet

Worked example: sections worth 20 (all staff) and 80. Staff give 15 of the 20, the expert 60 of the 80: the total is
75.00, by the arithmetic of `core.scoring.total` over all items, rounded once.

Worked example of indicators (staff: archive, no core one): the expert gives all others 优秀. With 合格 of staff the
sheet comes to 良好, with 不合格 to 合格, and with N/A to 优秀, as if one hand had written it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.indicator_sheet import check_grades, is_combined
from qualityeval.core.rubric_parts import OVERALL_GRADE, STAFF, Item, Rubric
from qualityeval.core.scoring import Mark, check_marks
from qualityeval.core.sheet import Content, judge


def staff_items(rubric: Rubric) -> dict[str, Item]:
    """The items that staff answer, by code; none under most rubrics."""
    return {code: item for code, item in rubric.by_item.items() if item.role == STAFF}


def experts_part(rubric: Rubric) -> Rubric:
    """The rubric without its staff items: what an expert is asked. Not for totals: its sections keep their points."""
    staff = staff_items(rubric)
    if not staff:
        return rubric
    cut = (
        replace(one, items=tuple(item for item in one.items if item.code not in staff))
        for one in rubric.sections
    )
    return replace(
        rubric,
        sections=tuple(
            one for one in cut if (one.code not in staff if rubric.method == "indicator" else one.items)
        ),
        by_item={code: item for code, item in rubric.by_item.items() if code not in staff},
    )


def experts_content(rubric: Rubric, node: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values of a sheet without its staff marks."""
    staff = staff_items(rubric)
    if not staff or "marks" not in node:
        return dict(node)
    return {**node, "marks": {code: mark for code, mark in node["marks"].items() if code not in staff}}


def check_staff(rubric: Rubric, marks: Mapping[str, Mark]) -> None:
    """Every staff item marked, and nothing else.

    `Incomplete` or `IndicatorsMissing` names what is missing, `InvalidInput` a bad mark.
    """
    staff = staff_items(rubric)
    refuse_others(marks, rubric)
    if rubric.method == "indicator":
        check_grades(rubric, tuple(staff), marks)
    else:
        check_marks(tuple(staff.values()), marks, five=rubric.method == "five_mark")


def refuse_others(codes: Iterable[str], rubric: Rubric, *, where: str = "") -> None:
    """Refuse what isn't an item of the staff part; `where` names the place, else the item does."""
    for code in codes:
        if code not in staff_items(rubric):
            raise InvalidInput(
                "staff.not_staff", msg("“%(item)s”不是工作人员填写的评分项。"), where=where or code, item=code
            )


def check_experts(rubric: Rubric, content: Content) -> None:
    """A complete experts' part: what `judge` asks of it, but for the total that waits for staff.

    Refused as `TooLittleCovered` where so much is N/A that full staff marks couldn't mend it. Nobody moves a grade
    that isn't combined yet: an overall grade is given where too few core indicators apply, which staff don't change.
    """
    full = {
        "points": Mark(deductions=()), "five_mark": Mark(earned=5), "indicator": Mark(grade=rubric.grades[0].name),
    }[rubric.method]  # fmt: skip
    whole = joined(rubric, content, dict.fromkeys(staff_items(rubric), full))
    if (
        rubric.method == "indicator"
        and content.own
        and content.own.grade
        and is_combined(rubric, whole.marks)
    ):
        raise InvalidInput(
            "staff.own_early", msg("工作人员填写以前合不出等次：要上调或下调，请等填写后再交。"),
            where=OVERALL_GRADE,
        )  # fmt: skip
    judge(rubric, whole)


def joined(rubric: Rubric, content: Content, staff: Mapping[str, Mark]) -> Content:
    """The expert's sheet with the staff marks in it; an expert's own mark of a staff item is refused."""
    items = staff_items(rubric)
    for code in content.marks:
        if code in items:
            raise InvalidInput(
                "staff.not_asked", msg("“%(item)s”由工作人员填写，专家不评。"), where=code,
                item=items[code].title.zh,
            )  # fmt: skip
    both = {**content.marks, **staff}
    ordered = {code: both[code] for code in rubric.by_item if code in both}
    return replace(content, marks=ordered)
