"""Reads one workbook in a process of its own: a file that eats memory or crashes the parser ends here.

Started by adapters.workbooks; needs the standard library and python_calamine only:
    workbook_child.main(PATH, SHEET, MEGABYTES, SECONDS)
SHEET is a name, a 1-based number or empty (the first visible sheet that holds anything). It writes
marshalled objects, each after its length in four bytes: a dict about the sheet, then lists of rows
(number, [texts], {index: mark}), then None; or one dict with `refused`.
"""

import marshal
import math
import struct
import sys
import zipfile
import zlib
from datetime import date, datetime, timedelta
from typing import Any

from qualityeval.adapters.workbook_scan import MAX_COLUMNS, Refused, Scan

BATCH = 500
MAX_CELL = 32_767
EXACT = 10**15  # the first number of 16 digits: from here on Excel has changed digits
LARGEST = 10**24

Row = tuple[int, list[str], dict[int, str]]


def main(path: str, sheet: str, megabytes: str, seconds: str) -> None:
    """Read one sheet and write what it holds, or one refusal, to standard output."""
    _limit(int(megabytes), int(seconds))
    try:
        _read(path, sheet)
    except Refused as refusal:
        _send({"refused": refusal.code, **refusal.params})
    except MemoryError:
        _send({"refused": "workbook.too_big"})


def _limit(megabytes: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not on every system; the zip limits still hold
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _send(thing: Any) -> None:
    block = marshal.dumps(thing)
    sys.stdout.buffer.write(struct.pack(">I", len(block)) + block)


def _read(path: str, wanted: str) -> None:
    import python_calamine as calamine

    try:
        scan = Scan(path)
        book = calamine.load_workbook(path)
        name = _choose(book, wanted, calamine)
        scan.check(name)
        sheet = book.get_sheet_by_name(name)
        if not sheet.height:
            sheet, name = _first_filled(book, name, wanted, scan, calamine)
    except calamine.PasswordError:
        raise Refused("workbook.password") from None
    except (
        calamine.CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        OSError,
        KeyError,
        EOFError,
    ) as error:
        too_big = "limit exceeded" in str(error)  # the parser's own bound on repeated cells
        raise Refused("workbook.too_big" if too_big else "workbook.unreadable") from None
    _send_about(book, sheet, scan)
    _send_rows(sheet, scan.errors(name))


def _worksheets(book: Any, calamine: Any) -> list[str]:
    sheets = [one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = [one.name for one in sheets if one.visible == calamine.SheetVisibleEnum.Visible]
    return visible or [one.name for one in sheets]


def _choose(book: Any, wanted: str, calamine: Any) -> str:
    names = book.sheet_names
    if wanted in names:
        return wanted
    if wanted.isdigit() and 1 <= int(wanted) <= len(names):
        return str(names[int(wanted) - 1])
    if wanted:
        raise Refused("workbook.no_sheet", value=wanted, names="、".join(names[:50]))
    usable = _worksheets(book, calamine)
    if not usable:
        raise Refused("workbook.no_sheet", value="", names="")
    return str(usable[0])


def _first_filled(book: Any, name: str, wanted: str, scan: Scan, calamine: Any) -> tuple[Any, str]:
    """Without a wish, the first visible sheet that holds anything; else the empty one as it is."""
    for other in [] if wanted else _worksheets(book, calamine):
        scan.check(other)
        sheet = book.get_sheet_by_name(other)
        if sheet.height:
            return sheet, other
    return book.get_sheet_by_name(name), name


def _send_about(book: Any, sheet: Any, scan: Scan) -> None:
    _, first_column = sheet.start or (0, 0)
    height, width = sheet.height, first_column + sheet.width
    if width > MAX_COLUMNS:
        raise Refused("workbook.too_wide", limit=MAX_COLUMNS)
    merged: list[tuple[int, int, int, int]] = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if bottom > top and right - left < MAX_COLUMNS and len(merged) < 100_000:
            merged.append((top, left, bottom, right))
    _send({
        "sheet": sheet.name, "sheets": list(book.sheet_names), "rows": (sheet.end or (0, 0))[0] + 1 if height else 0,
        "width": width, "merged": merged, "epoch_1904": scan.epoch_1904,
    })  # fmt: skip


def _send_rows(sheet: Any, errors: set[tuple[int, int]]) -> None:
    """Rows count from the sheet's top; columns come from the first used one on, so they are shifted back."""
    shift = [""] * (sheet.start or (0, 0))[1]
    batch: list[Row] = []
    if sheet.height:
        for index, row in enumerate(sheet.iter_rows()):
            marks: dict[int, str] = {}
            cells = shift + row
            for place, cell in enumerate(cells):
                if type(cell) is not str:
                    cells[place], marks[place] = _text(cell)
                elif len(cell) > MAX_CELL:
                    raise Refused("workbook.cell", row=index + 1, limit=MAX_CELL)
                elif not cell and errors and (index, place) in errors:
                    marks[place] = "e"
            batch.append((index + 1, cells, marks))
            if len(batch) == BATCH:
                _send(batch)
                batch = []
    _send(batch)
    _send(None)


def _text(cell: object) -> tuple[str, str]:
    """A typed cell as text and its mark."""
    if isinstance(cell, bool):
        return ("TRUE" if cell else "FALSE"), "b"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds"), "d"
    if isinstance(cell, date):
        return cell.isoformat(), "d"
    if isinstance(cell, timedelta):
        return str(cell), "n"
    return str(cell), "n"


def _number(cell: float) -> tuple[str, str]:
    if not math.isfinite(cell):
        return "", "e"
    if abs(cell) >= EXACT:
        return (format(int(cell), "d") if abs(cell) < LARGEST else repr(cell)), "x"
    if cell == int(cell):
        return str(int(cell)), "n"
    text = repr(cell)
    return (format(cell, "f").rstrip("0") if "e" in text else text), "n"
