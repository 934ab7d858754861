"""The register: a row of somebody's table → a case, by a mapping; and what a second import changes.

    reader = RegisterReader(mapping, header, today=…, epoch_1904=…, id_problem=…)   InvalidInput: a heading is missing
    reader.read(row) -> CaseRecord | RejectedRow        never raises for what stands in a cell
    RepeatedKeys().problem(record) -> RowProblem | None       the same key twice in one file
    as_new(record) -> values of a case that isn't stored yet  (core.register_changes, like the next)
    compare(stored, record, update=, blank=, …) -> Comparison

A case's key is institution code `:` number. A record holds only the mapped fields; "" or None means that the
cell was empty. Notes are remarks on a row that is accepted: doubtful dates, a zero date, a failed check digit.
"""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from datetime import date

from qualityeval.core.dates import DateReader
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.mapping import Mapping
from qualityeval.core.register_columns import CellReader, Column, columns_of
from qualityeval.core.register_problems import (
    RowProblem,
    date_notes,
    problem_of,
    too_wide,
)
from qualityeval.core.register_values import Unreadable
from qualityeval.core.table_row import TableRow

Value = str | int | bool | date | None
NO_KEY = msg("“%(label)s”是空的。每件案件都要有。")
REPEATED = msg("与第 %(first)s 行的机构和案号相同（%(key)s）。同一案件只能出现一次。")
REMEMBERED = 4_096  # texts a column


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case as its row tells it."""

    row: int
    institution_code: str
    institution_name: str
    number: str
    values: MappingType[str, Value]  # by field name, without `number`
    extra: MappingType[str, str]
    defaulted: tuple[str, ...] = ()  # fields whose cell was empty and whose value is the mapping's default
    notes: tuple[RowProblem, ...] = ()

    @property
    def key(self) -> str:
        """The case key, as frames and certificates write it."""
        return f"{self.institution_code}:{self.number}"


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that can't be taken, with every reason found."""

    row: int
    problems: tuple[RowProblem, ...]


class RegisterReader:
    """Reads the rows of one table by one mapping. Made once per table: it looks the headings up."""

    def __init__(
        self,
        mapping: Mapping,
        header: Sequence[str],
        *,
        today: date | None = None,
        epoch_1904: bool = False,
        id_problem: Callable[[str], tuple[str, str] | None] | None = None,
    ) -> None:
        """`id_problem` tells what is wrong with an identity number (code, text); `today` dates the future."""
        self._width = len(header)
        self._today = today
        cells = CellReader(mapping, DateReader(mapping.dates, epoch_1904=epoch_1904))
        self._columns = columns_of(mapping, header, cells)
        self._fields = tuple(column for column in self._columns if not column.is_extra)
        self._required = tuple(column for column in self._fields if column.is_required)
        self._id_column = next(
            (column for column in self._fields if column.name == "recipient_id_number"), None
        )
        self._id_problem = id_problem
        self._plan = tuple(
            (column, column.index, dict[str, Value](), column.is_extra)
            for column in sorted(self._columns, key=lambda column: column.is_extra)
        )

    def read(self, row: TableRow) -> CaseRecord | RejectedRow:
        """The case of a row, or every reason why it has none."""
        draft = _Draft(row)
        cells, marks, width = row.cells, row.marks, len(row.cells)
        if width > self._width and any(cell.strip() for cell in cells[self._width :]):
            draft.problems.append(too_wide(row, self._width))
        for column, index, known, target in self._plan:
            text = cells[index] if 0 <= index < width else ""
            # registers repeat their texts: what a plain cell has been read as is remembered, column by column
            if text in known and (not marks or index not in marks):
                (draft.extra if target else draft.values)[column.name] = known[text]
            else:
                self._take(column, text, draft, known)
        self._require(draft)
        if draft.problems:
            return RejectedRow(row.number, tuple(draft.problems))
        return self._record(draft)

    def _take(self, column: Column, text: str, draft: "_Draft", known: dict[str, Value]) -> None:
        """One cell into the draft: its value, or a problem."""
        row = draft.row
        mark = row.marks.get(column.index)
        try:
            value = column.read(text, mark, draft.remarks)
        except Unreadable as error:
            draft.problems.append(problem_of(row, column, error))
            return
        if draft.remarks:
            draft.notes += [problem_of(row, column, remark) for remark in draft.remarks]
            draft.remarks.clear()
        elif mark is None and column.default is None and len(known) < REMEMBERED:
            known[text] = value
        if column.default is not None and value in ("", None):
            value = column.default
            draft.defaulted.append(column.name)
        target = draft.extra if column.is_extra else draft.values
        target[column.name] = value

    def _require(self, draft: "_Draft") -> None:
        """Number, institution, case type and aid form may not be empty."""
        for column in self._required:
            if draft.values.get(column.name) in ("", None):
                if any(problem.field == column.name for problem in draft.problems):
                    continue
                missing = Unreadable("cell.empty", NO_KEY, label=column.label)
                draft.problems.append(problem_of(draft.row, column, missing))

    def _record(self, draft: "_Draft") -> CaseRecord:
        values = draft.values
        code, name, number = (
            str(values.pop(part, "") or "") for part in ("institution", "institution_name", "number")
        )
        notes = [
            *draft.notes,
            *date_notes(draft.row, values, draft.defaulted, self._today),
            *self._identity(draft),
        ]
        extra = {key: str(value) for key, value in draft.extra.items()}
        return CaseRecord(
            draft.row.number, code, name or code, number, values, extra, tuple(draft.defaulted), tuple(notes)
        )

    def _identity(self, draft: "_Draft") -> list[RowProblem]:
        number = draft.values.get("recipient_id_number")
        if self._id_problem is None or self._id_column is None or not number:
            return []
        found = self._id_problem(str(number))
        return [problem_of(draft.row, self._id_column, Unreadable(*found))] if found else []


@dataclass(slots=True)
class _Draft:
    """What a row has given so far."""

    row: TableRow
    values: dict[str, Value] = field(default_factory=dict)
    extra: dict[str, Value] = field(default_factory=dict)
    defaulted: list[str] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[RowProblem] = field(default_factory=list)
    remarks: list[Unreadable] = field(default_factory=list)


class RepeatedKeys:
    """Finds the second row of a key; holds one entry per case."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}

    def problem(self, record: CaseRecord) -> RowProblem | None:
        """None for the first row of a key, else the problem naming that first row."""
        first = self._first.setdefault(record.key, record.row)
        if first == record.row:
            return None
        params = {"first": first, "key": record.key}
        return RowProblem(record.row, "", "number", "case.repeated", REPEATED, params)


__all__ = [
    "CaseRecord",
    "InvalidInput",
    "RegisterReader",
    "RejectedRow",
    "RepeatedKeys",
    "RowProblem",
    "Value",
]
