"""What a workbook's file says that its parser doesn't tell: far corners, error cells, the epoch of its dates.

    Scan(path)            .epoch_1904, .check(sheet), .errors(sheet); raises Refused

Part of the child process (adapters.workbook_child): standard library only.
"""

import re
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path, PurePosixPath
from xml.parsers import expat

BLOCK = 1 << 20
SMALL_PART = 1 << 24
MAX_COLUMNS = 1_000
MAX_CELLS = 12_000_000  # the parser holds a dense rectangle

_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*[^/]>')
_ERROR = re.compile(rb'<(?:\w+:)?c\s[^>]*?\bt="e"[^>]*>')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_DATEMODE = re.compile(rb"\x8d\x00\x02\x00..\x22\x00\x02\x00\x01\x00", re.DOTALL)


class Refused(Exception):
    """A refusal with its code; the parent process words it."""

    def __init__(self, code: str, **params: object) -> None:
        self.code, self.params = code, params
        super().__init__(code)


class Scan:
    """One workbook's file. Only XLSX is looked into; a BIFF book only tells its epoch."""

    def __init__(self, path: str) -> None:
        self.epoch_1904 = False
        self._path = Path(path)
        self._parts: dict[str, str] = {}
        self._errors: dict[str, set[tuple[int, int]]] = {}
        with self._path.open("rb") as file:
            start = file.read(1 << 24)
        if not start.startswith(b"PK"):
            # DATEMODE follows HIDEOBJ in the globals of every BIFF8 book
            self.epoch_1904 = _DATEMODE.search(start) is not None
            return
        with zipfile.ZipFile(self._path) as archive:
            if "[Content_Types].xml" in archive.namelist():
                self._workbook(archive)

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
                self.epoch_1904 |= attributes.get("date1904") in ("1", "true")
            elif kind == "sheet":
                relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
                target = targets.get(relation, "")
                self._parts[attributes.get("name", "")] = (
                    target[1:] if target.startswith("/") else f"xl/{target}"
                )

    def errors(self, sheet: str) -> set[tuple[int, int]]:
        """Row and column (0-based) of the error cells of a checked sheet."""
        return self._errors.get(sheet, set())

    def check(self, sheet: str) -> None:
        """Refuse a rectangle that would not fit before the parser builds it; note the error cells."""
        rows, columns = 0, 0
        errors: set[tuple[int, int]] = set()
        for block in self._blocks(self._parts.get(sheet, "")):
            if found := _CELL.findall(block):
                columns = max(
                    columns, *(_column(letters) for letters in {letters for letters, _row in found})
                )
                rows = max(rows, int(found[0][1]), int(found[-1][1]))
            if b't="e"' in block:
                errors |= _places(block)
        if columns > MAX_COLUMNS:
            raise Refused("workbook.too_wide", limit=MAX_COLUMNS)
        if rows * columns > MAX_CELLS:
            raise Refused("workbook.too_big")
        self._errors[sheet] = errors

    def _blocks(self, part: str) -> Iterator[bytes]:
        """A part's content, cut between tags."""
        with zipfile.ZipFile(self._path) if part else nullcontext() as archive:
            if archive is None or part not in archive.namelist():
                return
            with archive.open(part) as file:
                rest = b""
                while block := file.read(BLOCK):
                    whole, rest = _whole_tags(rest + block)
                    yield whole
                yield rest


def _elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Local names and attributes of every element; a document type (hence any entity) is refused."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((name.rpartition(":")[2], attributes))

    def doctype(*_parts: object) -> None:
        raise Refused("workbook.unreadable")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise Refused("workbook.unreadable") from None
    return found


def _whole_tags(block: bytes) -> tuple[bytes, bytes]:
    end = block.rfind(b"<")
    return (block[:end], block[end:]) if end > 0 else (block, b"")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _places(block: bytes) -> set[tuple[int, int]]:
    places: set[tuple[int, int]] = set()
    for tag in _ERROR.findall(block):
        if match := _PLACE.search(tag):
            places.add((int(match[2]) - 1, _column(match[1]) - 1))
    return places
