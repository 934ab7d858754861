"""One row of somebody's table as text, with its place and with what the file said about odd cells.

    TableRow(number, cells, marks)     number: 1-based, as a spreadsheet program counts; marks: index → Mark
    column_name(index)                 0 → "A", 26 → "AA"
    need_columns(header, columns)      refuses a table without them, naming those it lacks
    Rejected(row, column, refusal)     a row that can't be taken

`adapters.tables` makes rows, `core.register` reads them; neither needs to know of the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from qualityeval.core.errors import InvalidInput, RuleViolation, msg

NO_MARKS: Mapping[int, "Mark"] = MappingProxyType({})


class Mark(StrEnum):
    """What a workbook said about a cell beside its text; a text file never marks."""

    NUMBER = "n"
    TOO_LONG = "x"  # a number beyond 15 digits: the last digits are no longer those that were typed
    DATE = "d"  # the text is then an ISO date or date and time
    ERROR = "e"  # #N/A, #REF! and the like
    LOGICAL = "b"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: cells as text, from column A on."""

    number: int
    cells: tuple[str, ...]
    marks: Mapping[int, Mark] = field(default_factory=lambda: NO_MARKS)


def column_name(index: int) -> str:
    """The letters of a 0-based column: 0 is A, 25 Z, 26 AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def need_columns(header: Sequence[str], columns: Iterable[str], *, where: str = "file") -> None:
    """`InvalidInput` names every column that the table lacks, in the order of `columns`."""
    lacking = [name for name in dict.fromkeys(columns) if name not in header]
    if lacking:
        raise InvalidInput(
            "table.columns", msg("表头里缺这些列：%(columns)s。"), where=where, columns="、".join(lacking)
        )


@dataclass(frozen=True)
class Rejected:
    """A row that can't be taken: its number in the file, the column, and the refusal."""

    row: int
    column: str
    refusal: RuleViolation

    @classmethod
    def by(cls, row: int, refusal: RuleViolation) -> Self:
        """The refusal names the column itself."""
        return cls(row, refusal.where, refusal)
