"""Reads one workbook in a process of its own: a file that eats memory or crashes the parser ends here.

Started by adapters.workbooks as a plain script (standard library and python_calamine only):
    python -I workbook_child.py PATH SHEET MEGABYTES SECONDS
SHEET is a name, a 1-based number or empty (the first visible sheet that holds anything). It writes
marshalled objects, each after its length in four bytes: a dict about the sheet, then lists of rows
(number, [texts], {index: mark}), then None; or one dict with `refused`.
"""

import datetime
import marshal
import re
import struct
import sys
import zipfile
import zlib
from pathlib import PurePosixPath
from xml.parsers import expat

BATCH = 500
MAX_COLUMNS = 1_000
MAX_CELL = 32_767
MAX_CELLS = 12_000_000  # calamine holds a dense rectangle
EXACT = 10**15  # the first number of 16 digits: from here on Excel has changed digits
BLOCK = 1 << 20
SMALL_PART = 1 << 24

_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*[^/]>')
_ERROR = re.compile(rb'<(?:\w+:)?c\s[^>]*?\bt="e"[^>]*>')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')


def main() -> int:
    path, sheet, megabytes, seconds = sys.argv[1:5]
    _limit(int(megabytes), int(seconds))
    try:
        _read(path, sheet)
    except _Refused as refusal:
        _send({"refused": refusal.args[0], **refusal.args[1]})
    except MemoryError:
        _send({"refused": "workbook.too_big"})
    return 0


class _Refused(Exception):
    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)


def _limit(megabytes: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not on every system; the zip limits still hold
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _send(thing: object) -> None:
    block = marshal.dumps(thing)
    sys.stdout.buffer.write(struct.pack(">I", len(block)) + block)


def _read(path: str, wanted: str) -> None:
    import python_calamine as calamine

    try:
        scan = _Scan(path)
        book = calamine.load_workbook(path)
        name = _choose(book, wanted, calamine)
        scan.check(name)
        sheet = book.get_sheet_by_name(name)
        if not sheet.height:
            sheet, name = _first_filled(book, name, wanted, scan, calamine)
    except calamine.PasswordError:
        raise _Refused("workbook.password") from None
    except (
        calamine.CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        OSError,
        KeyError,
        EOFError,
    ) as error:
        raise _Refused("workbook.unreadable", detail=str(error)[:200]) from None
    _send_about(book, sheet, scan)
    _send_rows(sheet, scan.errors(name))


def _worksheets(book: object, calamine: object) -> list:
    sheets = [one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = [one.name for one in sheets if one.visible == calamine.SheetVisibleEnum.Visible]
    return visible or [one.name for one in sheets]


def _choose(book: object, wanted: str, calamine: object) -> str:
    names = book.sheet_names
    if wanted in names:
        return wanted
    if wanted.isdigit() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    if wanted:
        raise _Refused("workbook.no_sheet", value=wanted, names="、".join(names[:50]))
    usable = _worksheets(book, calamine)
    if not usable:
        raise _Refused("workbook.no_sheet", value="", names="")
    return usable[0]


def _first_filled(book: object, name: str, wanted: str, scan: "_Scan", calamine: object) -> tuple:
    """Without a wish, the first visible sheet that holds anything; else the empty one as it is."""
    for other in [] if wanted else _worksheets(book, calamine):
        scan.check(other)
        sheet = book.get_sheet_by_name(other)
        if sheet.height:
            return sheet, other
    return book.get_sheet_by_name(name), name


def _send_about(book: object, sheet: object, scan: "_Scan") -> None:
    _, first_column = sheet.start or (0, 0)
    height, width = sheet.height, first_column + sheet.width
    if width > MAX_COLUMNS:
        raise _Refused("workbook.too_wide", limit=MAX_COLUMNS)
    merged = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if bottom > top and right - left < MAX_COLUMNS and len(merged) < 100_000:
            merged.append((top, left, bottom, right))
    _send({
        "sheet": sheet.name, "sheets": list(book.sheet_names), "rows": (sheet.end or (0, 0))[0] + 1 if height else 0,
        "width": width, "merged": merged, "epoch_1904": scan.epoch_1904,
    })  # fmt: skip


def _send_rows(sheet: object, errors: set) -> None:
    """Rows count from the sheet's top; columns come from the first used one on, so they are shifted back."""
    shift = [""] * (sheet.start or (0, 0))[1]
    batch = []
    if sheet.height:
        for index, row in enumerate(sheet.iter_rows()):
            marks: dict = {}
            cells = shift + row
            for place, cell in enumerate(cells):
                if type(cell) is not str:
                    cells[place], marks[place] = _text(cell)
                elif len(cell) > MAX_CELL:
                    raise _Refused("workbook.cell", row=index + 1, limit=MAX_CELL)
                elif not cell and errors and (index, place) in errors:
                    marks[place] = "e"
            batch.append((index + 1, cells, marks))
            if len(batch) == BATCH:
                _send(batch)
                batch = []
    _send(batch)
    _send(None)


def _text(cell: object) -> tuple:
    """A typed cell as text and its mark."""
    if isinstance(cell, bool):
        return ("TRUE" if cell else "FALSE"), "b"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ", "seconds"), "d"
    if isinstance(cell, datetime.date):
        return cell.isoformat(), "d"
    if isinstance(cell, datetime.timedelta):
        return str(cell), "n"
    return str(cell), "n"


def _number(cell: float) -> tuple:
    if cell != cell or cell in (float("inf"), float("-inf")):
        return "", "e"
    if abs(cell) >= EXACT:
        return (format(int(cell), "d") if abs(cell) < 10**24 else repr(cell)), "x"
    if cell == int(cell):
        return str(int(cell)), "n"
    text = repr(cell)
    return (format(cell, "f").rstrip("0") if "e" in text else text), "n"


class _Scan:
    """What is read from the file itself because the parser doesn't tell: far corners, errors, the epoch."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.epoch_1904 = False
        self._parts: dict = {}
        self._errors: dict = {}
        with open(path, "rb") as file:
            start = file.read(8)
        self.is_zip = start.startswith(b"PK")
        if self.is_zip:
            with zipfile.ZipFile(path) as archive:
                self.is_xlsx = "[Content_Types].xml" in archive.namelist()
                if self.is_xlsx:
                    self._workbook(archive)
        else:
            self.is_xlsx = False
            with open(path, "rb") as file:  # DATEMODE follows HIDEOBJ in the globals of every BIFF8 book
                self.epoch_1904 = (
                    re.search(rb"\x8d\x00\x02\x00..\x22\x00\x02\x00\x01\x00", file.read(1 << 24), re.DOTALL)
                    is not None
                )

    def _workbook(self, archive: zipfile.ZipFile) -> None:
        """Sheet names → parts, from the two small files that say so."""
        part = next((name for name in archive.namelist() if re.fullmatch(r"xl/workbook\w*\.xml", name)), None)
        relations = f"xl/_rels/{PurePosixPath(part).name}.rels" if part else ""
        if part is None or relations not in archive.namelist():
            return
        if max(archive.getinfo(name).file_size for name in (part, relations)) > SMALL_PART:
            return
        targets = {one.get("Id"): one.get("Target", "") for _name, one in _elements(archive.read(relations))}
        for kind, attributes in _elements(archive.read(part)):
            if kind == "workbookPr":
                self.epoch_1904 = attributes.get("date1904", "0") in ("1", "true")
            elif kind == "sheet":
                relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
                target = targets.get(relation, "")
                self._parts[attributes.get("name")] = target[1:] if target.startswith("/") else f"xl/{target}"

    def errors(self, sheet: str) -> set:
        return self._errors.get(sheet, set())

    def check(self, sheet: str) -> None:
        """Refuse a rectangle that would not fit before the parser builds it; note the error cells."""
        part = self._parts.get(sheet)
        if part is None:
            return
        rows, columns, errors = 0, 0, set()
        with zipfile.ZipFile(self.path) as archive:
            if part not in archive.namelist():
                return
            with archive.open(part) as file:
                rest = b""
                while block := file.read(BLOCK):
                    block, rest = _whole_tags(rest + block)
                    found = _CELL.findall(block)
                    if found:
                        columns = max(columns, max(map(_column, {letters for letters, _row in found})))
                        rows = max(rows, int(found[-1][1]), int(found[0][1]))
                    if b't="e"' in block:
                        errors |= _places(block)
        if columns > MAX_COLUMNS:
            raise _Refused("workbook.too_wide", limit=MAX_COLUMNS)
        if rows * columns > MAX_CELLS:
            raise _Refused("workbook.too_big")
        self._errors[sheet] = errors


def _elements(content: bytes) -> list:
    """Local names and attributes of every element; a document type (hence any entity) is refused."""
    found: list = []

    def start(name: str, attributes: dict) -> None:
        found.append((name.rpartition(":")[2], attributes))

    def doctype(*_parts: object) -> None:
        raise _Refused("workbook.unreadable")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise _Refused("workbook.unreadable") from None
    return found


def _whole_tags(block: bytes) -> tuple:
    end = block.rfind(b"<")
    return (block[:end], block[end:]) if end > 0 else (block, b"")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _places(block: bytes) -> set:
    places = set()
    for tag in _ERROR.findall(block):
        if match := _PLACE.search(tag):
            places.add((int(match[2]) - 1, _column(match[1]) - 1))
    return places


if __name__ == "__main__":
    sys.exit(main())
