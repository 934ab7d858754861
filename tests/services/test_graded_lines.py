"""An indicator sheet as lines of a workbook or an import, and back: nothing is lost on the way."""

from qualityeval.core.offline_sheet import COLUMNS, is_blank, lines_of
from qualityeval.core.rubric import parse_rubric
from qualityeval.core.sheet import judge, read_content
from qualityeval.services.sheet_import import Gathered, take
from tests.core.rubric_samples import indicator_mapping

RUBRIC = parse_rubric(indicator_mapping())
CONTENT = {
    "marks": {
        "meeting": {"grade": "优秀", "page": "3"}, "reading": {"grade": "良好"}, "opinion": {"grade": "良好"},
        "hearing": {"na": True, "reason": "没有开庭"}, "notices": {"grade": "合格", "reason": "迟了"},
        "reports": {"grade": "良好"}, "archive": {"grade": "良好"},
    },
    "vetoes": {"late": "迟延十日"}, "bonus": {}, "overall": "尚可", "asks": False,
    "own": {"grade": "合格", "reason": "告知过迟"},
}  # fmt: skip


def back(lines):
    sheet = Gathered(2)
    for line in lines:
        cells = dict(zip(COLUMNS, line, strict=True))
        if not is_blank(cells):
            take(sheet, cells)
    return sheet.under(RUBRIC)


def test_a_sheet_comes_back_as_it_went():
    given = read_content(back(lines_of("f", 1, RUBRIC, CONTENT)), RUBRIC).as_json()
    assert given == read_content(CONTENT, RUBRIC).as_json()
    assert judge(RUBRIC, read_content(given, RUBRIC)).reached.name == "合格"


def test_a_blank_workbook_says_nothing_and_names_every_indicator():
    lines = list(lines_of("f", 0, RUBRIC, {}))
    assert [line[2] for line in lines] == [
        *(section.code for section in RUBRIC.sections), "overall-grade", "veto:absent", "veto:late", "overall",
    ]  # fmt: skip
    assert back(lines)["marks"] == {}


def test_a_grade_beside_the_opinion_is_that_of_the_whole():
    sheet = Gathered(2)
    take(sheet, {"item": "overall", "grade": "合格", "reason": "告知过迟"})
    assert (sheet.overall, sheet.own) == ("告知过迟", {"grade": "合格", "reason": "告知过迟"})
