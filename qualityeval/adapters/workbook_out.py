"""Tables for people to take away: XLSX and CSV in which no text can run as a formula.

    write_workbook(target, sheets)              target: a path or a binary stream; sheets: Sheet(name, header, rows)
    csv_lines(header, rows) -> Iterator[str]    with a byte-order mark, so that Excel and WPS open it right
    annotated_workbook(target, header, rows, title=, name=)  the user's own rows, what is wrong in a first column,
                                                faulty cells coloured; rows: AnnotatedRow(row, reasons, columns)

Numbers stay numbers (-3 too), texts are typed as text. CSV texts are guarded
(adapters.formula_guard), which adapters.tables undoes: a round trip gives the same text.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qualityeval.adapters.formula_guard import guarded
from qualityeval.core.table_row import TableRow

Cell = str | int | float | Decimal | date | datetime | bool | None
MAX_CELL = 32_767
MAX_ROWS = 1_048_576
EXACT_DIGITS = 10**15
WIDEST = 60
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Sheet:
    """One sheet to write."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class AnnotatedRow:
    """A row as it came, why it was refused ("" where it was not) and its faulty columns (0-based)."""

    row: TableRow
    reasons: str = ""
    columns: Collection[int] = ()


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Lines of a CSV file (UTF-8 with a mark when encoded), ready to be streamed."""
    yield "\ufeff" + _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[Cell]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([_csv_cell(cell) for cell in cells])
    return buffer.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return guarded(cell) if isinstance(cell, str) else str(cell)


class _Writer:
    """One workbook being written row by row."""

    def __init__(self, target: Path | str | BinaryIO) -> None:
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd",
        }  # fmt: skip
        self.book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
        # without a fixed creation date two files of the same rows would differ
        self.book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the file format has no zone
        self.bold = self.book.add_format(
            {"bold": True, "bg_color": "#E9EEF5", "border": 1, "text_wrap": True}
        )
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.text = self.book.add_format({"num_format": "@"})
        self.wrong = self.book.add_format({"num_format": "@", "bg_color": "#FBD5D5", "font_color": "#8A1C1C"})
        self.reason = self.book.add_format({"font_color": "#8A1C1C", "text_wrap": True, "valign": "top"})

    def sheet(self, name: str, header: Sequence[str], widths: Sequence[int]) -> Worksheet:
        """A sheet with its frozen header row."""
        title = _NO_SHEET_NAME.sub(" ", name)[:31].strip("' ") or "Sheet"
        sheet = self.book.add_worksheet(title)
        for index, width in enumerate(widths):
            sheet.set_column(index, index, width)
        sheet.freeze_panes(1, 0)
        for index, heading in enumerate(header):
            self.put_text(sheet, 0, index, heading, self.bold)
        return sheet

    def put(self, sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
        """One cell by its type; a number that a spreadsheet would round is written as text."""
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        elif isinstance(cell, datetime):
            self.put_text(sheet, row, column, cell.isoformat(" ", "seconds"), self.text)
        elif isinstance(cell, date):
            if cell.year < 1900:  # a spreadsheet knows no day before 1900
                self.put_text(sheet, row, column, cell.isoformat(), self.text)
            else:
                sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), self.day)  # noqa: DTZ001
        elif isinstance(cell, str):
            self.put_text(sheet, row, column, cell, self.text)
        elif isinstance(cell, int) and abs(cell) >= EXACT_DIGITS:
            self.put_text(sheet, row, column, str(cell), self.text)
        else:
            sheet.write_number(row, column, cell)

    @staticmethod
    def put_text(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
        """A cell typed as text, whatever it begins with."""
        if text:
            sheet.write_string(row, column, _NOT_XML.sub(" ", text)[:MAX_CELL], style)


def write_workbook(target: Path | str | BinaryIO, sheets: Iterable[Sheet]) -> int:
    """Write the sheets; the number of rows below the headers is given back.

    Rows are streamed. A sheet that would pass the format's 1,048,576 rows goes on in "name 2", "name 3" …
    """
    writer = _Writer(target)
    written = 0
    try:
        for sheet in sheets:
            written += _write(writer, sheet)
    finally:
        writer.book.close()
    return written


def _write(writer: _Writer, sheet: Sheet) -> int:
    widths = [min(WIDEST, max(10, 2 * len(heading) + 2)) for heading in sheet.header]
    place = writer.sheet(sheet.name, sheet.header, widths)
    total, line, part = 0, 1, 1
    for row in sheet.rows:
        if line == MAX_ROWS:
            part, line = part + 1, 1
            place = writer.sheet(f"{sheet.name[:27]} {part}", sheet.header, widths)
        for column, cell in enumerate(row):
            writer.put(place, line, column, cell)
        total, line = total + 1, line + 1
    return total


def annotated_workbook(
    target: Path | str | BinaryIO,
    *,
    header: Sequence[str],
    rows: Iterable[AnnotatedRow],
    title: str,
    name: str = "Sheet1",
) -> int:
    """The user's rows with the reasons in an added first column headed `title`; the number of faulty rows.

    Cells are text as they were read, so that nothing is lost on the way back. The added column can be left
    standing: a mapping by headings doesn't see it.
    """
    writer = _Writer(target)
    faulty = 0
    try:
        widths = [60, *(min(WIDEST, max(10, 2 * len(heading) + 2)) for heading in header)]
        sheet = writer.sheet(name, (title, *header), widths)
        for line, annotated in enumerate(rows, start=1):
            faulty += bool(annotated.reasons)
            writer.put_text(sheet, line, 0, annotated.reasons, writer.reason)
            for column, cell in enumerate(annotated.row.cells):
                style = writer.wrong if column in annotated.columns else writer.text
                if column in annotated.columns and not cell:
                    sheet.write_blank(line, column + 1, None, style)
                writer.put_text(sheet, line, column + 1, cell, style)
    finally:
        writer.book.close()
    return faulty
