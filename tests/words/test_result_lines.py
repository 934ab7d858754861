"""A results table's cells: the same for pages and papers, in both languages."""

from qualityeval.core.rubric_parts import Grade
from qualityeval.words import result_lines as words

WHOLE = {
    "N": 40, "n": 8, "grades": {"优秀": 2, "良好": 5, "不合格": 0, "未提交案卷": 1}, "good_rate": 0.875,
    "interval": [0.529, 0.978], "reason": None,
}  # fmt: skip
SMALL = {"N": 9, "n": 3, "grades": None, "good_rate": None, "interval": None, "reason": "suppressed"}


def test_columns_are_the_grades_and_missing_files_only_where_there_are_any():
    assert words.counted(WHOLE) == ["优秀", "良好", "不合格", "未提交案卷"]
    assert words.counted({"grades": {"优秀": 0, "未提交案卷": 0}}) == ["优秀"]
    assert words.counted(SMALL) == []


def test_a_line_and_one_that_is_withheld():
    grades = words.counted(WHOLE)
    line = words.result_line(WHOLE, grades, "zh", name="全部")
    assert line == words.ResultLine("全部", 40, 8, ("2", "5", "0", "1"), "87.5%", "52.9—97.8", "")
    small = words.result_line(SMALL, grades, "en", name="Civil")
    assert (small.counts, small.rate, small.interval) == (("—",) * 4, "—", "")
    assert small.reason == "Fewer than 5 cases, not shown"


def test_names_for_people():
    civil = {"code": "civil", "name": "civil"}
    assert [words.group_name("case_type", civil, locale) for locale in ("zh", "en")] == ["民事", "Civil"]
    assert words.group_name("institution", civil, "zh") == "civil", "a body may be called anything"
    assert words.group_name("provider", {"code": "", "name": ""}, "en") == "Provider not stated"
    grades = [Grade("优秀", "Excellent", 9000, 0, good=True), Grade("良好", "", 8000, 1, good=True)]
    assert words.grade_words(grades, "en") == {
        "优秀": "Excellent",
        "良好": "良好",
        "未提交案卷": "Files not handed in",
    }
    assert words.grade_words(grades, "zh")["优秀"] == "优秀"
