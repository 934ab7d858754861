"""Answers that are saved, not shown: exact bytes under a name that every browser understands."""

import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flask import Response

from qualityeval.adapters.workbook_out import Cell, Sheet, csv_lines, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes, *, name: str, kind: str) -> Response:
    """These bytes as a download."""
    plain = name.encode("ascii", "ignore").decode().strip("-") or "file"
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return answer


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A table for spreadsheets: marked UTF-8, texts that can't run as formulas, numbers as they are."""
    return attachment("".join(csv_lines(header, rows)).encode(), name=name, kind="text/csv")


def workbook_file(name: str, sheets: Iterable[Sheet]) -> Response:
    """The sheets as a workbook."""
    buffer = io.BytesIO()
    write_workbook(buffer, sheets)
    return attachment(buffer.getvalue(), name=name, kind=XLSX)
