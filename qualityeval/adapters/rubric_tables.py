"""Rubrics between files and mappings: YAML, or the rows of a table (core.rubric_rows)."""

from pathlib import Path
from typing import Any

from qualityeval.adapters.tables import open_table
from qualityeval.adapters.workbook_out import Sheet
from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.rubric_rows import COLUMNS, NEEDED, check_rows, rows_of
from qualityeval.core.table_row import need_columns

YAML = (".yaml", ".yml")


def mapping_of(path: Path, name: str) -> dict[str, Any]:
    """The mapping of a rubric that somebody brought; `name` as it was called tells YAML from a table.

    Refuses what is neither, a table without the columns, and rows that make no rubric, by their number.
    """
    if name.lower().endswith(YAML):
        found = load_text(path.read_bytes())
        if not isinstance(found, dict):
            raise InvalidInput("rubric.shape", msg("这里应是一组“名称: 内容”。"), where="/")
        return found
    with open_table(path) as table:
        need_columns(table.header, NEEDED)
        return check_rows(table.lines())


def sheet_of(text: str, title: str) -> Sheet:
    """A rubric's YAML as a sheet to write."""
    return Sheet(title, COLUMNS, [[row[column] for column in COLUMNS] for row in rows_of(load_text(text))])
