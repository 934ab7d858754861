"""The register as a table to take away: exactly the rows of the list, sealed numbers left out."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from qualityeval.adapters.workbook_out import Cell
from qualityeval.core.case_fields import Field, Kind
from qualityeval.words.cases import CODES, YES_NO

Row = tuple[str, str, tuple[Any, ...]]


def cells(rows: Iterable[Row], fields: Iterable[Field], locale: str) -> Iterator[list[Cell]]:
    """Each row as cells: words for codes, yuan for cents, dates as dates."""
    listed = tuple(fields)
    for code, name, values in rows:
        yield [
            code,
            name,
            *(_cell(field, value, locale) for field, value in zip(listed, values, strict=True)),
        ]


def _cell(field: Field, value: Any, locale: str) -> Cell:
    if value is None or value == "":
        return None
    if field.kind is Kind.CODE:
        label = CODES[field.name].get(value)
        return label.text(locale) if label else str(value)
    if field.kind is Kind.MONEY:
        return int(value) // 100 if value % 100 == 0 else round(value / 100, 2)
    if field.kind is Kind.YES_NO:
        return YES_NO[bool(value)].text(locale)
    return value if isinstance(value, date) else str(value)
