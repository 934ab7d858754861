"""Lists as files: the rows that the filter shows, in full, as a workbook or as CSV."""

import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flask import Response, request

from qualityeval.adapters.workbook_out import Cell, Sheet, csv_lines, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def wanted_kind() -> str:
    """What the button asked for: a workbook unless CSV."""
    return "csv" if request.form.get("format") == "csv" else "xlsx"


def list_file(kind: str, *, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The rows as a download called `name`."""
    if kind == "csv":
        content, media = "".join(csv_lines(header, rows)).encode(), "text/csv; charset=utf-8"
    else:
        target = io.BytesIO()
        write_workbook(target, [Sheet(name, header, rows)])
        content, media = target.getvalue(), XLSX
    answer = Response(content, content_type=media)
    file_name = quote(f"{name}.{kind}", safe="")
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"list.{kind}\"; filename*=UTF-8''{file_name}"
    )
    return answer
