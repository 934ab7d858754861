"""Grades in the reader's language, from the names that results are stored under."""

import pytest
from flask_babel import force_locale

from qualityeval.adapters.rubric_files import shipped
from qualityeval.core.distribution import MISSING
from qualityeval.web import grades


@pytest.mark.parametrize(
    ("locale", "said"), [("zh", ["优秀", "未提交案卷"]), ("en", ["Excellent", "Files not handed in"])]
)
def test_a_stored_name_is_said_in_the_readers_language(shared_app, monkeypatch, locale, said):
    monkeypatch.setattr(grades, "choose_locale", lambda: locale)
    with shared_app.test_request_context("/"), force_locale(locale):
        assert [grades.grade_name("优秀"), grades.grade_name(MISSING)] == said
        assert grades.grade_name("自定等次") == "自定等次", "a grade of no shipped rubric keeps its name"


def test_no_shipped_rubric_leaves_a_grade_without_english_or_says_it_otherwise_than_another():
    said = {(grade.name, grade.name_en) for rubric in shipped() for grade in rubric.grades}
    assert all(english for _, english in said)
    assert len({name for name, _ in said}) == len(said)
