"""Tables that people bring (CSV, TSV, TXT, XLSX, XLSM, XLS, ODS) as streams of text rows with their places.

    with open_table(path, sheet=None, encoding=None, header_row=None) as table:
        table.header          headings of the header row, trimmed; "" where a cell is empty
        table.header_row      1-based; found by itself unless given
        table.sheet, .sheets, .encoding, .delimiter, .epoch_1904, .kind ("text" or "workbook")
        table.row_estimate    rows below the header for a progress bar; None where only reading tells
        table.sample(n=20)    the first n rows below the header, without using them up
        table.rows()          every row below the header that isn't wholly empty, as core.table_row.TableRow; once
    sheet: name or 1-based number as text; encoding: "auto"/None finds out (adapters.encodings)

Every refusal is `InvalidInput` with the file's name in `where`: not a table, broken, password, bomb, too large.
In rows, cells of a merged block that is taller than one row all carry the block's text, as people see it.
The kind is told by the first bytes, never by the file's name.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from qualityeval.adapters import text_tables, workbooks
from qualityeval.adapters.closing import Closing
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.table_row import TableRow

MAX_BYTES = 1 << 30
PEEK = 60
LOOK_FOR_HEADER, LOOK_BELOW = 40, 25
_VALUE = re.compile(r"[0-9][0-9,]{4,}(?:\.[0-9]+)?|[0-9]{1,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}.*")
Merged = tuple[tuple[int, int, int, int], ...]

EMPTY = msg("文件是空的，没有可导入的内容。")
TOO_LARGE = msg("文件超过 1 GB。请分成几个文件导入。")
NO_HEADER = msg("第 %(row)s 行没有表头。请在映射文件的 header_row 里写明表头在第几行。")
FOREIGN = msg("这是%(kind)s，不是表格。请用 Excel/WPS 打开后另存为 xlsx 或 CSV，再导入。")
_FOREIGN = (
    (b"%PDF", msg("PDF 文件")), (b"\x89PNG", msg("图片")), (b"\xff\xd8\xff", msg("图片")), (b"GIF8", msg("图片")),
    (b"Rar!", msg("压缩包")), (b"7z\xbc\xaf", msg("压缩包")), (b"\x1f\x8b", msg("压缩包")),
    (b"{\\rtf", msg("RTF 文档")),
)  # fmt: skip
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"<body", b"<svg", b"<script")


@dataclass
class Table(Closing):
    """An open table; see the module."""

    kind: str
    header: tuple[str, ...]
    header_row: int
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    epoch_1904: bool = False
    row_estimate: int | None = None
    _peeked: list[TableRow] = field(default_factory=list, repr=False)
    _rest: Iterator[TableRow] = field(default_factory=lambda: iter(()), repr=False)
    _close: Callable[[], None] = field(default=lambda: None, repr=False)

    def close(self) -> None:
        """Let the file (and a workbook's process) go."""
        self._close()

    def sample(self, count: int = 20) -> tuple[TableRow, ...]:
        """The first rows below the header; `rows` still gives them."""
        while len(self._peeked) < count and (row := next(self._rest, None)) is not None:
            self._peeked.append(row)
        return tuple(self._peeked[:count])

    def rows(self) -> Iterator[TableRow]:
        """Every row below the header that holds anything."""
        peeked, self._peeked = self._peeked, []
        return chain(peeked, self._rest)

    def lines(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row's number and its cells by trimmed heading."""
        for row in self.rows():
            yield row.number, dict(zip(self.header, row.cells, strict=False))


def open_table(
    path: Path | str, *, sheet: str | None = None, encoding: str | None = None, header_row: int | None = None
) -> Table:
    """Open a table; nothing but its first rows is held in memory."""
    path = Path(path)
    size = path.stat().st_size
    if size == 0:
        raise InvalidInput("table.empty", EMPTY, where=path.name)
    if size > MAX_BYTES:
        raise InvalidInput("table.too_large", TOO_LARGE, where=path.name)
    if _is_workbook(path):
        return _workbook(path, sheet or "", header_row)
    return _text(path, encoding, header_row)


def _is_workbook(path: Path) -> bool:
    """By the first bytes; what is neither workbook nor text is refused by its name."""
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(
        (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x09\x08", b"\x09\x04", b"\x09\x02")
    ):
        return True
    for mark, kind in _FOREIGN:
        if start.startswith(mark):
            raise InvalidInput("table.foreign", FOREIGN, where=path.name, kind=kind)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        # many office systems "export Excel" as a web page named .xls
        raise InvalidInput("table.foreign", FOREIGN, where=path.name, kind=msg("网页或 XML 文件"))
    return False


def _workbook(path: Path, sheet: str, header_row: int | None) -> Table:
    book = workbooks.read_workbook(path, sheet)
    try:
        about = book.about
        rows = _filled(book.rows(), about.merged)
        peeked, place = _peek(rows, header_row, path, about.rows)
        return Table(
            kind="workbook",
            header=_headings(peeked[place]),
            header_row=peeked[place].number,
            sheet=about.sheet,
            sheets=about.sheets,
            epoch_1904=about.epoch_1904,
            row_estimate=max(0, about.rows - peeked[place].number),
            _peeked=[row for row in peeked[place + 1 :] if any(row.cells) or row.marks],
            _rest=(row for row in rows if any(row.cells) or row.marks),
            _close=book.close,
        )
    except BaseException:
        book.close()
        raise


def _text(path: Path, encoding: str | None, header_row: int | None) -> Table:
    source = text_tables.open_text(path, encoding)
    try:
        rows = source.rows()
        peeked, place = _peek(rows, header_row, path, None)
        return Table(
            kind="text",
            header=_headings(peeked[place]),
            header_row=peeked[place].number,
            encoding=source.encoding,
            delimiter=source.delimiter,
            _peeked=[row for row in peeked[place + 1 :] if any(row.cells) or row.marks],
            _rest=(row for row in rows if any(row.cells) or row.marks),
            _close=source.close,
        )
    except BaseException:
        source.close()
        raise


def _peek(
    rows: Iterator[TableRow], header_row: int | None, path: Path, total: int | None
) -> tuple[list[TableRow], int]:
    """The first rows and the header's place among them."""
    peeked = list(islice(rows, max(PEEK, (header_row or 0) + 1)))
    if total == 0 or not any(any(row.cells) for row in peeked):
        raise InvalidInput("table.empty", EMPTY, where=path.name)
    if header_row is None:
        return peeked, _find_header(peeked)
    place = next((index for index, row in enumerate(peeked) if row.number == header_row), None)
    if place is None or not any(peeked[place].cells):
        raise InvalidInput("table.no_header", NO_HEADER, where=path.name, row=header_row)
    return peeked, place


def _find_header(rows: Sequence[TableRow]) -> int:
    """The first row that looks like headings for what stands below it; else the first that holds anything.

    Headings are different texts, not numbers or dates, and about as many as the rows below are wide: so a
    title above the table, alone in its row or merged over it, isn't taken for one.
    """
    for index, row in enumerate(rows[:LOOK_FOR_HEADER]):
        names = [cell.strip() for cell in row.cells if cell.strip() and not cell.startswith("Unnamed: ")]
        below = max(
            (sum(map(bool, other.cells)) for other in rows[index + 1 : index + LOOK_BELOW]), default=0
        )
        if len(names) >= max(1, 0.6 * below) and _is_wordy(names) and len(row.marks) <= 0.1 * len(names):
            return index
    return next(index for index, row in enumerate(rows) if any(row.cells))


def _is_wordy(names: Sequence[str]) -> bool:
    """Mostly different, and without a long number or a date among them."""
    return len(set(names)) > 0.7 * len(names) and not any(map(_VALUE.fullmatch, names))


def _headings(row: TableRow) -> tuple[str, ...]:
    names = [" ".join(cell.replace("\ufeff", "").split()) for cell in row.cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _filled(rows: Iterable[TableRow], merged: Merged) -> Iterator[TableRow]:
    """Rows with the text of tall merged blocks carried down (and across, below their first row)."""
    if not merged:
        yield from rows
        return
    waiting = sorted(merged, reverse=True)
    open_blocks: list[tuple[int, int, int, str]] = []  # bottom, left, right, text
    for row in rows:
        place = row.number - 1
        open_blocks = [block for block in open_blocks if block[0] >= place]
        cells = list(row.cells)
        for _bottom, left, right, text in open_blocks:
            for column in range(left, min(right + 1, len(cells))):
                cells[column] = cells[column] or text
        while waiting and waiting[-1][0] <= place:
            _top, left, bottom, right = waiting.pop()
            if left < len(cells) and cells[left]:
                open_blocks.append((bottom, left, right, cells[left]))
        yield TableRow(row.number, tuple(cells), row.marks) if open_blocks else row
