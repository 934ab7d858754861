"""A case's file as its expert reads it: one run of numbered pages, catalogue lines, and never a name.

File names, who brought a paper in and what the file carried besides its pages are not selected at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from qualityeval.authz import Actor
from qualityeval.core.catalogue import Line
from qualityeval.core.errors import NotFound
from qualityeval.core.plan import read_plan
from qualityeval.core.rubric_parts import Title
from qualityeval.database import db
from qualityeval.models import CalibrationSheet, Case, CaseFile, Round, StoredFile
from qualityeval.queries import sheets
from qualityeval.queries.case_files import catalogue_of

OPEN_LEVEL = "metadata"  # scans as they are; stronger levels show masked pages only


@dataclass(frozen=True)
class Leaf:
    """One paper of the run: its catalogue line, which of that line's papers it is, and its first page."""

    volume: str
    code: str
    title: Title
    number: int
    of: int
    first: int
    pages: int
    after_draw: bool
    sha256: str
    stored: str
    has_text: bool
    paper_id: int = 0

    @property
    def last(self) -> int:
        """Its last page in the run."""
        return self.first + self.pages - 1


@dataclass(frozen=True)
class DeskPapers:
    """The whole run, the round's level of blindness, and the case, and the assignment under which it is read (0: none)."""

    leaves: tuple[Leaf, ...] = ()
    level: str = OPEN_LEVEL
    case_id: int = 0
    assignment_id: int = 0

    @property
    def masked(self) -> bool:
        """Whether pages are shown with names painted over."""
        return self.level != OPEN_LEVEL

    @property
    def pages(self) -> int:
        """Pages of the run."""
        return self.leaves[-1].last if self.leaves else 0

    @property
    def all_late(self) -> bool:
        """Whether every paper came after the draw, so that one sentence says it for all."""
        return bool(self.leaves) and all(leaf.after_draw for leaf in self.leaves)

    @property
    def has_text(self) -> bool:
        """Whether there is anything to search."""
        return any(leaf.has_text for leaf in self.leaves)

    def at(self, page: int) -> Leaf:
        """The paper in which a page of the run lies; NotFound beyond its ends."""
        for leaf in self.leaves:
            if leaf.first <= page <= leaf.last:
                return leaf
        raise NotFound(where="page")


def papers_for(actor: Actor, public_id: str) -> DeskPapers:
    """The papers of a file dealt to this expert, while its round is being scored; NotFound for another's."""
    assignment = sheets.get_for(actor, public_id)
    state, plan = db.session.execute(
        select(Round.state, Round.plan).where(Round.id == assignment.round_id)
    ).one()
    if state not in sheets.ACTIVE and not is_reviewing(assignment):
        return DeskPapers()
    level = read_plan(plan).content.get("blind", OPEN_LEVEL) if plan else OPEN_LEVEL
    case_id = sheets.case_id_of(assignment)
    return DeskPapers(_leaves(case_id), level, case_id, _read_as(assignment))


def _read_as(line: sheets.OnDesk) -> int:
    """Under which assignment the read log stands: a file that came back is read as before, an anchor as none."""
    return (line.repeat_of_id or 0) if isinstance(line, CalibrationSheet) else line.id


def is_reviewing(assignment: sheets.OnDesk) -> bool:
    """Whether a released case is being read anew by this expert."""
    return assignment.slot == sheets.REVIEW and assignment.state != "submitted"


def _leaves(case_id: int) -> tuple[Leaf, ...]:
    rows = db.session.execute(
        select(
            Case.case_type, Case.aid_form, Case.stage, CaseFile.code, CaseFile.volume, CaseFile.position, CaseFile.id,
            CaseFile.pages, CaseFile.added_after_draw, CaseFile.sha256, CaseFile.has_text_layer, StoredFile.public_id,
        )
        .join(CaseFile, CaseFile.case_id == Case.id)
        .join(StoredFile, CaseFile.file_id == StoredFile.id)
        .where(Case.id == case_id, CaseFile.removed_at.is_(None))
    ).all()  # fmt: skip
    if not rows:
        return ()
    book = catalogue_of(rows[0])
    lines = {line.code: line for line in book.lines}
    rows = sorted(rows, key=lambda row: (row[8], book.place(row.code), row.code, row.position, row.id))
    return tuple(_numbered(rows, lines))


def _numbered(rows: Sequence[Any], lines: dict[str, Line]) -> list[Leaf]:
    found: list[Leaf] = []
    codes = [row.code for row in rows]
    first = 1
    for row in rows:
        *_kind, code, volume, _position, paper_id, pages, after, sha256, has_text, stored = row
        number = 1 + sum(leaf.code == code for leaf in found)
        title = lines[code].title if code in lines else Title(zh=code, en=code)
        found.append(
            Leaf(
                volume,
                code,
                title,
                number,
                codes.count(code),
                first,
                pages,
                after,
                sha256,
                stored,
                has_text,
                paper_id,
            )
        )
        first += pages
    return found
