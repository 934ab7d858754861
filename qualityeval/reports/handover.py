"""The handover list of called-in files on paper: a sheet an institution, signed by who gives and who receives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from qualityeval.adapters.typesetting import pdf
from qualityeval.core.workflow import FileState
from qualityeval.queries.drawn_files import FileRow
from qualityeval.reports.certificate import day_zh
from qualityeval.words import call_in as words
from qualityeval.words.figures import digest_groups

TEMPLATE = Path(__file__).with_suffix(".typ")
DIGEST_SHOWN = 16


@dataclass(frozen=True)
class HandoverPaper:
    """What the paper says; `rows` by institution and number."""

    title: str
    code: str
    owner: str
    plan_digest: str
    deadline: date | None
    made_at: datetime
    rows: Sequence[FileRow]


@dataclass(frozen=True)
class Group:
    """An institution's files: replaced ones aren't handed over. `pages` are those of the files that came."""

    code: str
    name: str
    rows: tuple[FileRow, ...]
    pages: int


def by_institution(rows: Sequence[FileRow]) -> list[Group]:
    """The rows, which stand by institution, in groups."""
    kept = [row for row in rows if row.state is not FileState.REPLACED]
    groups = []
    for (code, name), of in groupby(kept, key=lambda row: (row.institution, row.institution_name)):
        found = tuple(of)
        groups.append(Group(code, name, found, sum(row.pages or 0 for row in found)))
    return groups


def handover_pdf(paper: HandoverPaper) -> bytes:
    """The PDF, a sheet an institution; the same list at the same moment gives the same bytes."""
    return pdf(TEMPLATE, values(paper), made_at=paper.made_at)


def values(paper: HandoverPaper) -> dict[str, Any]:
    """Everything the template prints, as text."""
    return {
        "title": paper.title,
        "code": paper.code,
        "institution": paper.owner,
        "plan_digest_short": " ".join(digest_groups(paper.plan_digest)[:2]),
        "deadline": day_zh(paper.deadline) if paper.deadline else "",
        "deadline_en": paper.deadline.isoformat() if paper.deadline else "",
        "groups": [
            {
                "name": group.name, "code": group.code, "files": f"{len(group.rows):,}",
                "pages": f"{group.pages:,}" if group.pages else "",
                "rows": [_line(number, row) for number, row in enumerate(group.rows, start=1)],
            }
            for group in by_institution(paper.rows)
        ],
    }  # fmt: skip


def _line(number: int, row: FileRow) -> dict[str, str]:
    return {
        "no": str(number),
        "number": row.number,
        "cause": row.cause,
        "pages": f"{row.pages:,}" if row.pages else "",
        "state": words.STATES[row.state].zh,
        "day": row.handed_in_on.isoformat() if row.handed_in_on else "",
        "digest": " ".join(digest_groups(row.digest[:DIGEST_SHOWN])) if row.digest else "",
        "note": row.note,
    }
