"""An expert's workbook: open sheets out, filled ones back in as drafts. A sheet written elsewhere meanwhile stays.

lines_for(actor=)                        every open sheet of the expert, line by line
take_in(actor=, lines=, now=, dry_run=)  what would change, or the change; submission stays on the desk
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, NotFound, RuleViolation, Stale, msg
from qualityeval.core.offline_sheet import is_blank, lines_of
from qualityeval.core.rubric_parts import OVERALL, Rubric
from qualityeval.core.sheet import read_content
from qualityeval.core.table_row import Rejected
from qualityeval.queries import sheets as queries
from qualityeval.services import scoring
from qualityeval.services.sheet_import import Gathered, take

MOST = 400  # files in one workbook
CHANGED, SAME, STALE = "changed", "same", "stale"


@dataclass(frozen=True)
class FileReport:
    """One sheet: whether it changes, under which rubric, what stands on the desk and what it would be."""

    file: str
    code: str
    what: str
    rubric: Rubric
    stands: Mapping[str, Any]
    given: Mapping[str, Any]


@dataclass
class OfflineReport:
    """What came of a workbook. With a rejected line nothing was kept; stale sheets are left as they are."""

    rows: int = 0
    files: list[FileReport] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """Sheets that change."""
        return sum(one.what == CHANGED for one in self.files)


def lines_for(*, actor: Actor) -> Iterator[tuple[str, ...]]:
    """The lines of every open sheet of the expert; no name and no case number is in them."""
    require(actor, Permission.SHEET_WRITE)
    for row in queries.list_for(actor, state="open", limit=MOST):
        assignment = queries.get_for(actor, row.public_id)
        content, version = queries.written(assignment)
        yield from lines_of(row.public_id, version, scoring.rubric_of(assignment), content)


def take_in(
    *, actor: Actor, lines: Iterable[tuple[int, Mapping[str, str]]], now: datetime, dry_run: bool = False
) -> OfflineReport:
    """Keep what the workbook says as drafts; a sheet whose version moved on is told field by field and left alone.

    Lines without anything written change nothing, so a blank workbook empties no sheet. One line that can't be
    read keeps nothing at all.
    """
    require(actor, Permission.SHEET_WRITE)
    report, gathered = OfflineReport(), dict[str, tuple[int, Gathered]]()
    for row, cells in lines:
        report.rows += 1
        try:
            _gather(gathered, row, cells)
        except RuleViolation as refusal:
            report.rejected.append(Rejected.by(row, refusal))
    for file, (seen, written) in gathered.items():
        try:
            report.files.append(
                _compared(actor, file, seen, written, now=now, dry_run=dry_run or bool(report.rejected))
            )
        except Stale:
            raise
        except RuleViolation as refusal:
            report.rejected.append(Rejected(written.first_row, refusal.where or "item", refusal))
    if report.rejected and not dry_run:
        raise Unusable
    return report


class Unusable(InvalidInput):
    """A workbook with a line that can't be read is kept as a whole or not at all."""

    code = "offline.rejected"
    text = msg("表里有读不懂的行，一份也没有保存。请改好后重新上传。")


def _gather(gathered: dict[str, tuple[int, Gathered]], row: int, cells: Mapping[str, str]) -> None:
    file, version = cells.get("file", "").strip(), cells.get("version", "").strip()
    if not file or not cells.get("item", "").strip():
        raise InvalidInput("offline.empty", msg("派案和评分项两列不能空。"), where="file")
    if not (version.isascii() and version.isdigit() and len(version) < 9):
        raise InvalidInput(
            "offline.version", msg("版本这一列被改过。请重新下载工作簿再填。"), where="version"
        )
    seen, sheet = gathered.setdefault(file, (int(version), Gathered(row)))
    if seen != int(version):
        raise InvalidInput(
            "offline.version", msg("版本这一列被改过。请重新下载工作簿再填。"), where="version"
        )
    if is_blank(cells):
        return
    if cells["item"].strip() != OVERALL and cells.get("deduct", "").strip() not in ("", "0"):
        _cut(sheet, cells)
    else:
        take(sheet, cells)


def _cut(sheet: Gathered, cells: Mapping[str, str]) -> None:
    """A deduction keeps its own reason and pages."""
    take(sheet, {**cells, "reason": "", "page": ""})
    mark = sheet.marks[cells["item"].strip()]
    cut = {"text": cells.get("reason", "").strip(), "page": cells.get("page", "").strip()}
    mark["cuts"] = [*mark.get("cuts", []), cut]


def _compared(
    actor: Actor, file: str, seen: int, written: Gathered, *, now: datetime, dry_run: bool
) -> FileReport:
    try:
        assignment = queries.get_for(actor, file)
    except NotFound:
        raise InvalidInput("offline.unknown", msg("这一件没有派给您，或者已经收回。"), where="file") from None
    if assignment.state == scoring.SUBMITTED:
        raise InvalidInput("offline.submitted", msg("这一件已经提交，不能再改。"), where="file")
    content, version = queries.written(assignment)
    rubric = scoring.rubric_of(assignment)
    given = _given(written, rubric, content)
    what = CHANGED if version == seen else STALE
    if given == read_content(content, rubric).as_json():
        what = SAME
    elif what == CHANGED and not dry_run:
        scoring.save_draft(actor=actor, assignment=assignment, content=given, seen_version=seen, now=now)
    return FileReport(file, file[: queries.CODE_LENGTH].upper(), what, rubric, content, given)


def _given(written: Gathered, rubric: Rubric, content: Mapping[str, Any]) -> dict[str, Any]:
    """The sheet after the workbook: what it says, over what stands on the desk where it says nothing."""
    said = written.under(rubric)
    whole = {
        "marks": {**content.get("marks", {}), **said["marks"]},
        "bonus": {**content.get("bonus", {}), **said["bonus"]},
        "vetoes": {**content.get("vetoes", {}), **said["vetoes"]},
        "overall": said["overall"] or content.get("overall", ""), "asks": bool(content.get("asks")),
        "own": said.get("own") or content.get("own"),
    }  # fmt: skip
    return read_content(whole, rubric).as_json()
