"""A row → a case or its reasons; a second import → what changes (buglog BL-013, 018, 019, 022-026, 055)."""

from dataclasses import replace
from datetime import date

import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.mapping import parse_mapping
from qualityeval.core.register import CaseRecord, RegisterReader, RejectedRow, RepeatedKeys
from qualityeval.core.register_changes import Outcome, as_new, compare
from qualityeval.core.register_values import Unreadable, money, plain, tags, yes_no
from qualityeval.core.table_row import Mark, TableRow, column_name

COLUMNS = {
    "number": "案号", "institution": {"code": "机构代码", "name": "机构"}, "case_type": "类型", "aid_form": "方式",
    "stage": "阶段", "closed_on": "结案", "accepted_on": "受理", "subsidy": "补贴", "hearing_held": "开庭",
    "recipient_tags": "类别", "recipient_id_number": "身份证", "cause": "案由",
}  # fmt: skip
HEADER = (
    "案号",
    "机构代码",
    "机构",
    "类型",
    "方式",
    "阶段",
    "结案",
    "受理",
    "补贴",
    "开庭",
    "类别",
    "身份证",
    "案由",
    "档次",
)
GOOD = {
    "案号": "（2025）浙援字第0001号", "机构代码": "330102", "机构": "上城区中心", "类型": "刑事", "方式": "辩护",
    "阶段": "一审", "结案": "2025-03-01", "受理": "2025年1月2日", "补贴": "1,200.50", "开庭": "是",
    "类别": "未成年人、残疾人", "身份证": "11010519491231002X", "案由": "盗窃罪", "档次": "A",
}  # fmt: skip
MAPPING = {"columns": COLUMNS, "extra": ["档次"]}


def reader(node=MAPPING, header=HEADER, **options):
    return RegisterReader(parse_mapping(node), header, today=date(2026, 1, 1), **options)


def row(number=2, marks=None, **changed):
    cells = {**GOOD, **changed}
    places = {HEADER.index(name): mark for name, mark in (marks or {}).items()}
    return TableRow(number, tuple(cells[name] for name in HEADER), places)


def problems(outcome):
    assert isinstance(outcome, RejectedRow)
    assert all(problem.message for problem in outcome.problems)
    return [(problem.column, problem.code) for problem in outcome.problems]


def test_a_whole_row():
    case = reader().read(row())
    assert case == CaseRecord(
        row=2,
        institution_code="330102",
        institution_name="上城区中心",
        number="（2025）浙援字第0001号",
        values={
            "case_type": "criminal", "aid_form": "defence", "stage": "trial", "recipient_tags": "未成年人;残疾人",
            "recipient_id_number": "11010519491231002X", "cause": "盗窃罪", "accepted_on": date(2025, 1, 2),
            "closed_on": date(2025, 3, 1), "hearing_held": True, "subsidy": 120050,
        },
        extra={"档次": "A"},
    )  # fmt: skip
    assert case.key == "330102:（2025）浙援字第0001号"


REJECTED = [
    ({"案号": " "}, {}, ("案号", "cell.empty")),
    ({"案号": "甲\t乙"}, {}, ("案号", "text.control")),
    ({"案号": "x" * 121}, {}, ("案号", "text.too_long")),
    ({"案号": "3.30102E+17"}, {}, ("案号", "cell.scientific")),
    ({"案号": "330102199003070000"}, {"案号": Mark.TOO_LONG}, ("案号", "cell.too_long")),
    ({"案号": "2025-06-15"}, {"案号": Mark.DATE}, ("案号", "cell.date_in_key")),
    ({"机构代码": ""}, {}, ("机构代码", "cell.empty")),
    ({"机构代码": "33:01"}, {}, ("机构代码", "institution.code")),
    ({"机构代码": "33|01"}, {}, ("机构代码", "institution.code")),
    ({"类型": ""}, {}, ("类型", "cell.empty")),
    ({"类型": "刑"}, {"类型": Mark.ERROR}, ("类型", "cell.error")),
    ({"方式": "法庭上"}, {}, ("方式", "code.unknown")),
    ({"结案": "15/10/2017 10:55:00 PM"}, {}, ("结案", "date.order")),
    ({"结案": "0013-06-30"}, {}, ("结案", "date.range")),
    ({"结案": ""}, {"结案": Mark.ERROR}, ("结案", "cell.error")),
    ({"补贴": "约1200"}, {}, ("补贴", "money.unreadable")),
    ({"补贴": "12.345"}, {}, ("补贴", "money.unreadable")),
    ({"开庭": "也许"}, {}, ("开庭", "yes_no.unreadable")),
    ({"身份证": "110105194912310000"}, {"身份证": Mark.TOO_LONG}, ("身份证", "cell.too_long")),
    ({"档次": "1234567890123456"}, {"档次": Mark.TOO_LONG}, ("档次", "cell.too_long")),
]


@pytest.mark.parametrize(("changed", "marks", "expected"), REJECTED)
def test_a_bad_cell_is_named(changed, marks, expected):
    assert problems(reader().read(row(7, marks, **changed))) == [expected]


def test_every_fault_of_a_row_is_listed():
    outcome = reader().read(row(9, 类型="怪", 结案="x", 补贴="y"))
    assert [problem.code for problem in outcome.problems] == [
        "code.unknown",
        "date.unreadable",
        "money.unreadable",
    ]
    assert {problem.row for problem in outcome.problems} == {9}


def test_cells_beyond_the_header_mean_that_the_row_has_shifted():
    good = row()
    assert problems(reader().read(TableRow(2, (*good.cells, "", "多"))))[0] == ("P", "row.too_wide")
    assert isinstance(reader().read(TableRow(2, (*good.cells, "", " "))), CaseRecord)


def test_a_short_row_lacks_only_its_last_cells():
    case = reader().read(TableRow(2, row().cells[:7]))
    assert (case.values["closed_on"], case.values["accepted_on"], case.values["cause"]) == (
        date(2025, 3, 1),
        None,
        "",
    )


def test_a_secret_is_not_repeated_in_a_problem():
    outcome = reader().read(row(2, {"身份证": Mark.TOO_LONG}, 身份证="110105194912310000"))
    assert "19491231" not in outcome.problems[0].message


@pytest.mark.parametrize("word", ["刑事", " 刑 事 ", "刑事案件", "CRIMINAL", "criminal", "０１"])
def test_common_words_of_a_code_are_known(word):
    assert reader().read(row(类型=word)).values["case_type"] == "criminal"


def test_the_mappings_own_words_win():
    node = {
        **MAPPING,
        "values": {
            "case_type": {"刑事": "civil"},
            "cause": {"盗窃罪": "盗窃"},
            "hearing_held": {"两次": "yes"},
        },
    }
    case = reader(node).read(row(开庭="两次"))
    assert (case.values["case_type"], case.values["cause"], case.values["hearing_held"]) == (
        "civil",
        "盗窃",
        True,
    )


def test_a_default_fills_an_empty_cell_and_is_flagged():
    node = {
        **MAPPING,
        "columns": {**COLUMNS, "closed_on": {"column": "结案", "default": "2016-12-31"}},
        "dates": ["mdy"],
    }
    case = reader(node).read(row(结案="", 受理=""))
    assert (case.values["closed_on"], case.defaulted) == (date(2016, 12, 31), ("closed_on",))
    given = reader(node).read(row(结案="3/1/2025", 受理=""))
    assert (given.values["closed_on"], given.defaulted) == (date(2025, 3, 1), ())


def notes(**changed):
    return [(note.field, note.code) for note in reader().read(row(**changed)).notes]


def test_doubtful_dates_are_remarked_on_not_refused():
    assert notes(结案="0000-00-00") == [("closed_on", "date.zero")]
    assert notes(结案="2025-01-01") == [("closed_on", "date.order_of_events")]
    assert notes(结案="2026-01-02") == [("closed_on", "date.future")]
    assert notes(结案="2026-01-01") == []


def test_a_text_that_excel_took_for_a_date_is_remarked_on():
    case = reader().read(row(2, {"案由": Mark.DATE}, 案由="2025-06-15 00:00:00"))
    assert case.values["cause"] == "2025-06-15"
    assert [(note.column, note.code) for note in case.notes] == [("案由", "cell.date_in_text")]


def test_an_identity_number_is_checked_by_what_is_passed_in():
    checked = reader(id_problem=lambda text: ("id.check_digit", "错") if text.endswith("1") else None)
    assert checked.read(row()).notes == ()
    wrong = checked.read(row(身份证="110105194912310021"))
    assert [(note.column, note.code) for note in wrong.notes] == [("身份证", "id.check_digit")]


def test_keys_are_written_alike():
    case = reader().read(row(机构代码="３３０１０２", 案号="\u200bＡ-００１ "))
    assert case.key == "330102:A-001"
    # full-width brackets belong to Chinese case numbers and stay
    assert reader().read(row()).number.startswith("（2025）")
    assert reader().read(row(案号="0000123456789012345")).number == "0000123456789012345"


def test_the_same_key_twice_names_both_rows():
    seen = RepeatedKeys()
    first, second = reader().read(row(2)), reader().read(row(5))
    other = reader().read(row(6, 机构代码="330103"))
    assert seen.problem(first) is None
    assert seen.problem(other) is None
    repeated = seen.problem(second)
    assert (repeated.row, repeated.code, repeated.params["first"]) == (5, "case.repeated", 2)


def test_headings_are_looked_for_and_all_missing_ones_named():
    with pytest.raises(InvalidInput) as refusal:
        reader(header=("案号", "机构代码", "机构", "类型", "方式"))
    assert refusal.value.code == "mapping.no_heading"
    assert set(refusal.value.params["names"].split("、")) == set(HEADER[5:])
    loose = tuple(name + " " for name in HEADER)
    assert reader(header=loose).read(row()).values["cause"] == "盗窃罪"


def test_a_heading_that_stands_twice_must_be_numbered():
    header = ("姓名", "案号", "姓名")
    node = {"columns": {"number": "案号", "institution": {"value": "1"}, "case_type": {"value": "civil"},
                        "aid_form": {"value": "representation"}, "recipient_name": "姓名"}}  # fmt: skip
    with pytest.raises(InvalidInput) as refusal:
        RegisterReader(parse_mapping(node), header)
    assert refusal.value.code == "mapping.twice"
    node["columns"] |= {"recipient_name": "姓名#1", "practitioner": "姓名#2"}
    case = RegisterReader(parse_mapping(node), header).read(TableRow(2, ("甲", "1", "乙")))
    assert (case.values["recipient_name"], case.values["practitioner"]) == ("甲", "乙")


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1234.5", 123450), ("￥1,234.56", 123456), ("¥ 12", 1200), ("1.2万元", 1200000), ("0.07", 7), (".5", 50),
        ("4000.00", 400000), ("１２.３", 1230), ("", None), ("-", None), ("0", 0), ("100圆", 10000), ("1.2300", 123),
    ],
)  # fmt: skip
def test_money_is_whole_cents(text, cents):
    assert money(text) == cents


@pytest.mark.parametrize(
    "text", ["12.345", "-5", "1,23", "abc", ".", "1e5", "12元5角", "99999999999999999", "1 2 x"]
)
def test_what_is_no_sum_is_refused(text):
    with pytest.raises(Unreadable):
        money(text)


def test_the_dust_of_a_workbooks_number_is_taken_off():
    # 0.1 + 0.2 as a spreadsheet stores it
    assert money("0.30000000000000004", is_number=True) == 30
    with pytest.raises(Unreadable):
        money("0.30000000000000004")
    with pytest.raises(Unreadable):
        money("0.305", is_number=True)


def test_yes_and_no_in_their_usual_forms():
    assert [yes_no(text) for text in ("是", "是 ", "Y", "yes", "TRUE", "√", "1")] == [True] * 7
    assert [yes_no(text) for text in ("否", "N", "no", "FALSE", "×", "0", "未开庭")] == [False] * 7
    assert [yes_no(text) for text in ("", " ", "/", "-")] == [None] * 4


def test_text_is_stored_clean():
    assert plain("  甲\u200b乙\r\n丙\x00 ") == "甲乙 丙"
    assert plain("e\u0301") == "\u00e9"
    assert tags("recipient_tags", "残疾人；残疾人, 老年人") == "残疾人;老年人"


def test_column_letters():
    assert [column_name(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


# --- a second import


def stored(case):
    return as_new(case)


def test_the_same_row_again_changes_nothing():
    case = reader().read(row())
    again = compare(stored(case), case, update=True, blank=True, stored_extra=case.extra)
    assert (again.outcome, again.changes) == (Outcome.UNCHANGED, ())


def test_an_empty_value_of_the_store_is_filled_without_asking():
    before = reader().read(row(结案="", 档次=""))
    after = reader().read(row())
    change = compare(stored(before), after, stored_extra=before.extra)
    assert change.outcome is Outcome.UPDATED
    assert [(part.name, part.new) for part in change.changes] == [
        ("closed_on", date(2025, 3, 1)),
        ("档次", "A"),
    ]


def test_a_filled_value_is_blanked_only_when_asked():
    case, emptied = reader().read(row()), reader().read(row(案由="", 档次="", 阶段=""))
    assert compare(stored(case), emptied, update=True, stored_extra=case.extra).outcome is Outcome.UNCHANGED
    blanked = compare(stored(case), emptied, update=True, blank=True, stored_extra=case.extra)
    assert sorted(part.name for part in blanked.changes) == ["cause", "stage", "档次"]
    assert compare(stored(case), emptied, blank=True, stored_extra=case.extra).outcome is Outcome.EXISTS


def test_a_differing_case_is_refused_unless_updating():
    case, other = reader().read(row()), reader().read(row(4, 案由="诈骗罪", 身份证="110105194912310021"))
    refused = compare(stored(case), other)
    assert refused.outcome is Outcome.EXISTS
    problem = refused.problem(other)
    assert (problem.row, problem.code) == (4, "exists")
    assert "诈骗罪" in problem.message
    assert "1949" not in problem.message
    assert compare(stored(case), other, update=True).outcome is Outcome.UPDATED


def test_a_default_fills_but_never_overwrites_and_gives_way_to_the_real_date():
    real = replace(reader().read(row()), extra={})
    guess = replace(real, values={**real.values, "closed_on": date(2016, 12, 31)}, defaulted=("closed_on",))
    assert compare(stored(real), guess, update=True).outcome is Outcome.UNCHANGED
    later = compare(stored(guess), real, stored_defaulted=("closed_on",))
    assert (later.outcome, later.defaulted) == (Outcome.UPDATED, ())
    same = compare(stored(guess), guess, stored_defaulted=("closed_on",))
    assert (same.outcome, same.defaulted) == (Outcome.UNCHANGED, ("closed_on",))
    empty = replace(reader().read(row(结案="")), extra={})
    filled = compare(stored(empty), guess)
    assert (filled.outcome, filled.defaulted) == (Outcome.UPDATED, ("closed_on",))


def test_a_new_case_has_no_hole_where_the_store_allows_none():
    node = {**MAPPING, "columns": {**COLUMNS, "sealed": "档次"}, "extra": []}
    case = reader(node).read(row(阶段="", 档次=""))
    assert (as_new(case)["stage"], as_new(case)["sealed"]) == ("none", False)
    assert compare(as_new(case), case, update=True, blank=True).outcome is Outcome.UNCHANGED
