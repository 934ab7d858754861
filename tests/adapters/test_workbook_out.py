"""What leaves the product runs nowhere, and comes back as it was (security.md IN4, buglog BL-082)."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
import python_calamine

from qualityeval.adapters.formula_guard import guarded, unguarded
from qualityeval.adapters.tables import open_table
from qualityeval.adapters.workbook_out import (
    AnnotatedRow,
    Sheet,
    annotated_workbook,
    csv_lines,
    write_workbook,
)
from qualityeval.core.table_row import TableRow

TEXTS = [
    '=HYPERLINK("http://x")', "+1+1", "-", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", " =1",
    "'=1", "''=1", "' =1", "'abc", "abc", "", "=", "-3", "+3.5", "-5%", "1-2", "a=b", "-.", "'-3", "0012",
]  # fmt: skip
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("text", TEXTS)
def test_a_guarded_cell_comes_back_exactly(text):
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_that_a_spreadsheet_runs_is_left_bare(text):
    cell = guarded(text)
    runs = cell.lstrip(" ").startswith(STARTS)
    assert not runs or cell in {"-3", "+3.5", "-5%"}


def test_csv_goes_out_and_comes_in_the_same(tmp_path):
    path = tmp_path / "out.csv"
    texts = [text for text in TEXTS if text]
    path.write_text(
        "".join(csv_lines(("文本", "数"), ([text, -3] for text in texts))), encoding="utf-8", newline=""
    )
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with open_table(path) as table:
        back = [row.cells for row in table.rows()]
    assert [cells[1] for cells in back] == ["-3"] * len(texts)
    assert [cells[0] for cells in back] == texts


def test_csv_values_by_type():
    cells = [
        None,
        True,
        -3,
        Decimal("1.50"),
        date(2024, 3, 1),
        datetime(2024, 3, 1, 9, 30, tzinfo=UTC),
        "=1",
        0.1,
    ]
    line = list(csv_lines(("h",), [cells]))[1]
    assert next(csv.reader(io.StringIO(line))) == [
        "", "TRUE", "-3", "1.50", "2024-03-01", "2024-03-01 09:30:00+00:00", "'=1", "0.1"
    ]  # fmt: skip


def cells_of(stream, sheet=0):
    stream.seek(0)
    return python_calamine.load_workbook(stream).get_sheet_by_index(sheet).to_python()


def test_a_workbook_keeps_types_and_has_no_formula():
    stream = io.BytesIO()
    rows = [[text, -3, 12.5, date(2024, 3, 1), date(1899, 12, 31), 10**18, True] for text in TEXTS if text]
    assert write_workbook(stream, [Sheet("结果: [1]", ("a", "b", "c", "d", "e", "f", "g"), rows)]) == len(
        rows
    )
    back = cells_of(stream)
    assert [row[0] for row in back[1:]] == [row[0] for row in rows]
    assert back[1][1:] == [-3.0, 12.5, date(2024, 3, 1), "1899-12-31", str(10**18), True]
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_the_same_rows_give_the_same_bytes():
    first, second = io.BytesIO(), io.BytesIO()
    for stream in (first, second):
        write_workbook(stream, [Sheet("甲", ("a",), [["b"]])])
    assert first.getvalue() == second.getvalue()


def test_an_annotated_workbook_shows_what_is_wrong_and_keeps_the_rest(tmp_path):
    path = tmp_path / "annotated.xlsx"
    rows = [
        AnnotatedRow(TableRow(2, ("0001", "=1", "刑事"))),
        AnnotatedRow(TableRow(3, ("0002", "", "怪")), "类型：“怪”不知道是哪一种", {1, 2}),
        AnnotatedRow(TableRow(4, ("x\x01y", "1234567890123456789"))),
    ]
    assert annotated_workbook(path, header=("案号", "备注", "类型"), rows=rows, title="问题") == 1
    back = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    assert back == [
        ["问题", "案号", "备注", "类型"],
        ["", "0001", "=1", "刑事"],
        ["类型：“怪”不知道是哪一种", "0002", "", "怪"],
        ["", "x y", "1234567890123456789", ""],
    ]
    sheet = openpyxl.load_workbook(path).active
    assert sheet["C3"].fill.fgColor.rgb == sheet["D3"].fill.fgColor.rgb == "FFFBD5D5"
    assert sheet["B3"].fill.fgColor.rgb != "FFFBD5D5"
    with open_table(path) as table:  # and it can be imported as it is
        assert table.header == ("问题", "案号", "备注", "类型")
