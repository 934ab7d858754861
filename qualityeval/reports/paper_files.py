"""The circular as a file: Word from a template that an office may edit, PDF/A, and Excel annexes."""

import io
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from qualityeval.adapters.typesetting import pdf, pictures
from qualityeval.adapters.word_files import Picture, filled
from qualityeval.adapters.workbook_out import Sheet, write_workbook
from qualityeval.reports.paper import Bars, Paper

TYPESET = Path(__file__).with_name("circular.typ")
CHART = Path(__file__).with_name("chart.typ")
PICTURE_WIDTH, PICTURE_DPI = 150, 200  # millimetres
WORD = Path(__file__).with_name("circular.docx")
KINDS = ("docx", "pdf", "xlsx")


def paper_file(paper: Paper, *, kind: str, made_at: datetime, template: Path | None = None) -> bytes:
    """`docx`, `pdf` or `xlsx`; `template` is the office's own Word template where it has one."""
    if kind == "docx":
        return filled(template or WORD, _with_pictures(paper))
    if kind == "pdf":
        return pdf(TYPESET, asdict(paper), made_at=made_at)
    return _annexes(paper)


def _with_pictures(paper: Paper) -> dict[str, Any]:
    """The values for Word: its charts are pictures."""
    parts = [{**asdict(part), "bars": [_picture(chart) for chart in part.bars]} for part in paper.parts]
    return {**asdict(paper), "parts": parts}


def _picture(chart: Bars) -> Picture:
    (content,) = pictures(CHART, asdict(chart), dots_per_inch=PICTURE_DPI)
    return Picture(content, PICTURE_WIDTH)


def _annexes(paper: Paper) -> bytes:
    """One sheet a table, figures as numbers, and the digests."""
    tables = [table for part in paper.parts for table in part.tables]
    sheets = [
        Sheet(
            table.title.partition("（")[0],
            table.columns,
            [[_cell(text) for text in row] for row in table.rows],
        )
        for table in tables
    ]
    digests = [*paper.digests, ("公开核验页", paper.address)]
    buffer = io.BytesIO()
    write_workbook(buffer, [*sheets, Sheet("核验信息", ("项目", "内容"), digests)])
    return buffer.getvalue()


def _cell(text: str) -> Any:
    """A count is a number for whoever adds up; everything else stays as it is printed."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
