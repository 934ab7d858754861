"""Grades in the reader's language: stored results name them in Chinese, the rubrics hold their English."""

from functools import cache

from flask_babel import gettext as _

from qualityeval.adapters.rubric_files import shipped
from qualityeval.core.distribution import MISSING
from qualityeval.core.rubric_parts import show_points
from qualityeval.web.locale import choose_locale
from qualityeval.words.result_lines import NOT_HANDED_IN


def grade_name(name: str) -> str:
    """The grade of that stored name for people; a name that no shipped rubric has stays as it is."""
    if name == MISSING:
        return NOT_HANDED_IN.text(choose_locale())
    return _english().get(name, name) if choose_locale() == "en" else name


def grade_order(name: str) -> int:
    """1 for the best grade to 4 for the worst, as shape and colour go; 0 for a name that no shipped rubric has.

    >>> grade_order("优秀"), grade_order("不合格"), grade_order("甲等")
    (1, 4, 0)
    """
    return _orders().get(name, 0)


def total_words(total: int | None) -> str:
    """A stored total in points, or that there is none: sheets that grade indicators have no marks."""
    return _("无分数") if total is None else show_points(total)


def total_in_points(total: int | None) -> str:
    """The same with its unit, as a heading says it."""
    return _("按指标定等，无分数") if total is None else _("%(total)s 分", total=show_points(total))


def figure_and_grade(total: int | None, grade: str) -> str:
    """What a sheet or a case comes to: its points, where it has any, and its grade."""
    parts = ([] if total is None else [show_points(total)]) + [grade_name(grade)]
    return " · ".join(parts)


@cache
def _orders() -> dict[str, int]:
    return {grade.name: min(grade.order + 1, 4) for rubric in shipped() for grade in rubric.grades}


@cache
def _english() -> dict[str, str]:
    return {grade.name: grade.name_en for rubric in shipped() for grade in rubric.grades if grade.name_en}
