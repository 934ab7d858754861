"""Grades in the reader's language: stored results name them in Chinese, the rubrics hold their English."""

from functools import cache

from flask_babel import gettext as _

from qualityeval.adapters.rubric_files import shipped
from qualityeval.core.distribution import MISSING
from qualityeval.web.locale import choose_locale


def grade_name(name: str) -> str:
    """The grade of that stored name for people; a name that no shipped rubric has stays as it is."""
    if name == MISSING:
        return _("未提交案卷")
    return _english().get(name, name) if choose_locale() == "en" else name


@cache
def _english() -> dict[str, str]:
    return {grade.name: grade.name_en for rubric in shipped() for grade in rubric.grades if grade.name_en}
