"""What is wrong, or worth a remark, in a row: named by row, column, value and remedy."""

import dataclasses
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Protocol

from qualityeval.core.case_fields import BY_NAME, Kind
from qualityeval.core.errors import msg
from qualityeval.core.register_values import Unreadable
from qualityeval.core.table_row import TableRow, column_name

TOO_WIDE = msg(
    "这一行比表头多出内容（%(column)s 列起：“%(value)s”）。可能是某一格里的分隔符没有加引号，整行错了位。"
)
ORDER = msg("“%(later)s”（%(later_day)s）早于“%(earlier)s”（%(earlier_day)s）。请核对。")
FUTURE = msg("“%(label)s”（%(day)s）在今天之后。请核对。")
# the order in which a case's days follow each other; each is compared with the nearest one before it that is known
SEQUENCE = ("recipient_born_on", "applied_on", "accepted_on", "assigned_on", "closed_on", "archived_on")
NONE: Mapping[str, object] = MappingProxyType({})
MAY_LIE_AHEAD = frozenset({"hearing_on", "subsidy_on"})


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One reason, for a list or an annotated workbook; `text` is Chinese with places for `params`."""

    row: int
    column: str  # the heading, "" where the whole row is meant
    field: str
    code: str
    text: str
    params: Mapping[str, object] = dataclasses.field(default_factory=lambda: NONE)

    @property
    def message(self) -> str:
        """The Chinese sentence with its places filled."""
        return self.text % self.params if self.params else self.text


class Named(Protocol):
    """A column as far as a problem needs it."""

    @property
    def name(self) -> str: ...
    @property
    def heading(self) -> str: ...


def problem_of(row: TableRow, column: Named, error: Unreadable) -> RowProblem:
    """A cell's fault as a problem of its row; of a secret only the beginning is repeated."""
    params = error.params
    if "value" in params and column.name in BY_NAME and BY_NAME[column.name].kind is Kind.SECRET:
        params = {**params, "value": f"{str(params['value'])[:3]}…"}
    return RowProblem(row.number, column.heading, column.name, error.code, error.text, params)


def too_wide(row: TableRow, width: int) -> RowProblem:
    """Content beyond the last heading: the cells have probably shifted."""
    index = next(index for index in range(width, len(row.cells)) if row.cells[index].strip())
    params = {"column": column_name(index), "value": row.cells[index].strip()[:20]}
    return RowProblem(row.number, column_name(index), "", "row.too_wide", TOO_WIDE, params)


def date_notes(
    row: TableRow, values: Mapping[str, object], defaulted: Collection[str], today: date | None
) -> Iterator[RowProblem]:
    """Remarks on dates out of order or in the future; dates that the mapping filled in don't count."""
    days = {
        name: value for name, value in values.items() if isinstance(value, date) and name not in defaulted
    }
    if not days:
        return
    for earlier, later in pairwise(name for name in SEQUENCE if name in days):
        if days[later] < days[earlier]:
            params = {
                "later": BY_NAME[later].label, "later_day": days[later].isoformat(),
                "earlier": BY_NAME[earlier].label, "earlier_day": days[earlier].isoformat(),
            }  # fmt: skip
            yield RowProblem(row.number, "", later, "date.order_of_events", ORDER, params)
    for name, day in days.items():
        if (
            today is not None
            and day > today
            and BY_NAME[name].kind is Kind.DATE
            and name not in MAY_LIE_AHEAD
        ):
            params = {"label": BY_NAME[name].label, "day": day.isoformat()}
            yield RowProblem(row.number, "", name, "date.future", FUTURE, params)
