"""Tables in text files: encoding, separator, and rows read strictly, so that a lost quote is told, not swallowed.

open_text(path, encoding=None) -> TextTable      .encoding, .delimiter, .rows() once, .close()
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from qualityeval.adapters import encodings
from qualityeval.adapters.formula_guard import unguarded
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.table_row import TableRow

DELIMITERS = (",", "\t", ";", "|")
MAX_COLUMNS, MAX_CELL = 1_000, 32_767
LOOK = 30

BROKEN = msg(
    "第 %(row)s 行附近的引号没有配对，后面的内容读不准。请检查该行的双引号（格内的双引号要写成两个）。"
)
TOO_WIDE = msg("第 %(row)s 行超过 %(limit)s 列。请检查分隔符，或删去多余的列。")
LONG_CELL = msg("第 %(row)s 行有一格超过 %(limit)s 个字，可能是引号没有配对。请检查该行。")
BINARY = msg("第 %(row)s 行有二进制内容，这不是文字表格。请另存为 xlsx 或 CSV 再导入。")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")


@dataclass
class TextTable:
    """A text file being read."""

    name: str
    encoding: str
    delimiter: str
    file: TextIO

    def close(self) -> None:
        """Let the file go."""
        self.file.close()

    def rows(self) -> Iterator[TableRow]:
        """Every record, numbered as a spreadsheet would; empty ones too."""
        reader = csv.reader(self.file, delimiter=self.delimiter, strict=True, skipinitialspace=True)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, UnicodeError):
                raise InvalidInput("table.quotes", BROKEN, where=self.name, row=number) from None
            yield TableRow(number, self._checked(cells, number))

    def _checked(self, cells: list[str], number: int) -> tuple[str, ...]:
        if len(cells) > MAX_COLUMNS:
            raise InvalidInput("table.too_wide", TOO_WIDE, where=self.name, row=number, limit=MAX_COLUMNS)
        whole = "".join(cells)
        if len(whole) <= MAX_CELL and "'" not in whole and whole.isprintable():
            return tuple(cells)  # nearly every row: nothing to take off, nothing to refuse
        for place, cell in enumerate(cells):
            if not cell:
                continue
            if cell[0] == "'":
                cells[place] = unguarded(cell)  # as our own exports guard it
            if len(cell) > MAX_CELL:
                raise InvalidInput("table.cell", LONG_CELL, where=self.name, row=number, limit=MAX_CELL)
            if not cell.isprintable() and _CONTROLS.search(cell):
                raise InvalidInput("table.binary", BINARY, where=self.name, row=number)
        return tuple(cells)


def open_text(path: Path, encoding: str | None = None) -> TextTable:
    """Open a text table in the given encoding, or in the one that is found."""
    wanted = (encoding or "auto").strip().lower()
    name = encodings.detect(path) if wanted == "auto" else encodings.checked(path, wanted)
    opened = _open(path, name)
    with opened:
        delimiter = _delimiter(opened)
    file = _open(path, name)
    return TextTable(path.name, name, delimiter, file)


def _open(path: Path, encoding: str) -> TextIO:
    """Without the byte-order mark, line ends untouched (csv reads those inside quotes)."""
    file = path.open(encoding=encoding, newline="")
    if file.read(1) != "\ufeff":
        file.seek(0)
    return file


def _delimiter(file: TextIO) -> str:
    """The separator that cuts the first lines into the most, and most evenly many, cells."""
    lines = list(islice(file, LOOK))
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = [_width(line, delimiter) for line in lines if line.strip()]
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        score = widths.count(usual) / len(widths) * min(usual, 50) if usual > 1 else 0.5
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _width(line: str, delimiter: str) -> int:
    """Cells of a line, not counting separators inside quotes."""
    outside = "".join(line.split('"')[::2])
    return outside.count(delimiter) + 1
