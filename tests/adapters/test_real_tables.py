"""Every file of the torture folder and real registers: read right or refused in plain words, in bounded time."""

import os
from datetime import date
from pathlib import Path

import pytest

from qualityeval.adapters.tables import open_table
from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.errors import InvalidInput
from qualityeval.core.mapping import parse_mapping
from qualityeval.core.register import RegisterReader, RejectedRow, RepeatedKeys
from qualityeval.core.table_row import Mark

REALDATA = Path(
    os.environ.get("QUALITYEVAL_REALDATA", Path(__file__).parents[2].parent / "shared" / "realdata")
)
TORTURE, REGISTERS = REALDATA / "import_torture", REALDATA / "registers"
pytestmark = pytest.mark.skipif(not TORTURE.is_dir(), reason="realdata is not beside the repository")

REFUSED = {
    "calamine__empty_sheet.xlsx": "table.empty",
    "calamine__errors.xlsx": "table.empty",  # one column of error values and nothing else
    "calamine__picture.xlsx": "table.empty",
    "calamine__vba.xlsm": "table.empty",
    "sheetjs__author_snowman.xlsx": "table.empty",
    "chardet__Big5__ude_1.txt": "encoding.unknown",
    "sheetjs__BlankSheetTypes.xlsm": "workbook.unreadable",
    "sheetjs__biff5_password_2002_40_xor.xls": "workbook.password",
    "sheetjs__dbf_d11.dbf": "encoding.binary",
}


@pytest.mark.parametrize("name", sorted(path.name for path in TORTURE.glob("*")) if TORTURE.is_dir() else [])
def test_each_file_is_read_or_refused_in_words(name):
    if name in REFUSED:
        with pytest.raises(InvalidInput) as caught:
            open_table(TORTURE / name)
        assert (caught.value.code, caught.value.where) == (REFUSED[name], name)
        assert caught.value.message.endswith("。")
        return
    with open_table(TORTURE / name) as table:
        numbers = [row.number for row in table.rows()]
    assert any(table.header)
    assert numbers == sorted(set(numbers))
    assert all(number > table.header_row for number in numbers)


def test_the_named_refusals_are_all_there():
    assert {name for name in REFUSED if (TORTURE / name).is_file()} == set(REFUSED)


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [
        ("derived__zhejiang_areas_gb18030_nobom.csv", "gb18030", ","),
        ("derived__zhejiang_areas_gbk_semicolon.csv", "gb18030", ";"),
        ("derived__zhejiang_areas_utf16le_tab.csv", "utf-16-le", "\t"),
        ("derived__zhejiang_areas_fullwidth_digits.csv", "utf-8", ","),
    ],
)
def test_one_county_list_in_four_transcodings_is_one_list(name, encoding, delimiter):
    """GB/T 2260: Zhejiang has 90 counties and districts, the first is 330102 上城区."""
    mapping = parse_mapping(load_text("""
columns: {number: code, institution: {code: code, name: name}, case_type: {value: civil}, aid_form: {value: representation}}
"""))  # fmt: skip
    with open_table(TORTURE / name) as table:
        assert (table.encoding, table.delimiter) == (encoding, delimiter)
        reader = RegisterReader(mapping, table.header)
        cases = [reader.read(row) for row in table.rows()]
    assert len(cases) == 90
    assert (cases[0].institution_code, cases[0].institution_name) == ("330102", "上城区")
    assert all(case.institution_code.isascii() for case in cases)


@pytest.mark.parametrize("name", ["sheetjs__1904_1904.xls", "sheetjs__1904_1904.xlsx"])
def test_a_1904_book_shows_its_own_dates(name):
    # columns C and D hold the same day as text, written by the spreadsheet itself
    with open_table(TORTURE / name) as table:
        assert table.epoch_1904
        for row in table.rows():
            assert row.cells[1] == row.cells[2] == row.cells[3]
            assert row.marks[1] is Mark.DATE


def test_headers_below_titles_and_far_claims():
    with open_table(TORTURE / "sheetjs__Attendance.xlsx") as table:
        assert (table.header_row, table.header[:2]) == (2, ("Date", "Ben Ashley"))
    with open_table(TORTURE / "calamine__header-row.xlsx") as table:
        assert (table.header_row, table.header[1]) == (9, "Column A")
    with open_table(TORTURE / "calamine__issue_174.xlsx") as table:  # claims 1,048,576 x 16,384 cells
        assert (table.header[0], len(list(table.rows()))) == ("Your Ref #", 1)
    with open_table(REGISTERS / "nycdb" / "421a_2021_brooklyn.xlsx") as table:
        assert (table.header_row, table.header[0]) == (5, "BOROUGH")
    with open_table(REGISTERS / "nycdb" / "dof_annual_sales_2015_manhattan.xls") as table:
        assert (table.header_row, table.header[0]) == (5, "BOROUGH")


def test_error_cells_are_marked():
    with open_table(TORTURE / "sheetjs__ErrorTypes.xlsx") as table:
        first = next(table.rows())
    assert first.marks[0] is first.marks[1] is Mark.ERROR


@pytest.mark.parametrize("name", ["sheetjs__merge_cells.xls", "sheetjs__merge_cells.xlsx"])
def test_merged_blocks_are_carried_down(name):
    with open_table(TORTURE / name, header_row=1) as table:
        first = next(table.rows())
    assert first.cells[:3] == ("A1:B2", "A1:B2", "C1:C2")


def read_all(path, mapping_text):
    mapping = parse_mapping(load_text(mapping_text))
    with open_table(path) as table:
        reader = RegisterReader(mapping, table.header, today=date(2026, 1, 1), epoch_1904=table.epoch_1904)
        return [reader.read(row) for row in table.rows()]


WISCONSIN = """
columns:
  number: caseNo
  institution: {code: countyNo, name: countyName}
  cause: maxChargeCrimeName
  closed_on: {column: maxChargePleaDate, default: 2016-12-31}
  case_type: {value: criminal}
  aid_form: {value: defence}
  stage: {value: trial}
  practitioner: {value: ""}
dates: [iso, mdy]
extra: [cost, numCharges]
"""


def test_the_wisconsin_register():
    """3,656 completed cases of 72 counties; a case number alone repeats, county and number don't."""
    cases = read_all(REGISTERS / "us_wisconsin_felony_2016_closed_deidentified.csv", WISCONSIN)
    assert len(cases) == 3656
    assert not [case for case in cases if isinstance(case, RejectedRow)]
    assert len({case.institution_code for case in cases}) == 72
    assert len({case.key for case in cases}) == 3656 > len({case.number for case in cases})
    seen = RepeatedKeys()
    assert not any(seen.problem(case) for case in cases)
    assert all(case.values["closed_on"] for case in cases)
    # the plea date is empty in the file's first case: defaulted and flagged
    assert (cases[0].values["closed_on"], cases[0].defaulted) == (date(2016, 12, 31), ("closed_on",))
    assert (cases[1].values["closed_on"], cases[1].defaulted) == (date(2016, 3, 3), ())
    assert cases[0].extra == {"cost": "783", "numCharges": "2"}


def test_the_new_york_housing_register():
    """100 disposed cases; ids of 64 hex digits, some all digits and an E, stay text."""
    cases = read_all(
        REGISTERS / "nycdb" / "oca_index.csv",
        """
columns:
  number: indexnumberid
  institution: {code: court, name: court}
  accepted_on: fileddate
  closed_on: disposeddate
  status: status
  case_type: {value: civil}
  aid_form: {value: representation}
extra: [classification, propertytype]
""",
    )
    assert len(cases) == 100
    assert not [case for case in cases if isinstance(case, RejectedRow)]
    assert {len(case.number) for case in cases} == {64}
    assert cases[0].institution_code == "Kings County Civil Court"
    assert cases[0].values["closed_on"] == date(2016, 5, 11)


@pytest.mark.parametrize(
    ("name", "number", "closed", "first"),
    [
        ("executed_evictions.csv", "Court Index Number", "Executed Date", ("306810/22K", date(2024, 2, 26))),
        ("marshal_evictions_17.csv", "courtindex", "executeddate", ("60479/17", date(2017, 8, 3))),
        ("marshal_evictions_18.csv", "COURT_INDEX_NUMBER", "EXECUTED_DATE", ("71219/18", date(2018, 12, 21))),
    ],
)
def test_one_subject_in_three_layouts(name, number, closed, first):
    cases = read_all(
        REGISTERS / "nycdb" / name,
        f"columns: {{number: {number}, institution: {{value: NY}}, closed_on: {closed}, "
        "case_type: {value: civil}, aid_form: {value: representation}}\ndates: [mdy]\n",
    )
    assert not [case for case in cases if isinstance(case, RejectedRow)]
    assert (cases[0].number, cases[0].values["closed_on"]) == first


def test_month_and_day_are_not_guessed():
    cases = read_all(
        REGISTERS / "nycdb" / "marshal_evictions_18.csv",
        "columns: {number: COURT_INDEX_NUMBER, institution: {value: NY}, closed_on: EXECUTED_DATE, "
        "case_type: {value: civil}, aid_form: {value: representation}}\n",
    )
    assert {problem.code for case in cases for problem in case.problems} == {"date.order"}
