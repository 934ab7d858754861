"""Reading a case's file: its papers in filing order, what is missing, and one digest of it all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from qualityeval.adapters.catalogue_files import shipped_catalogues
from qualityeval.authz import Actor, scope
from qualityeval.core.catalogue import Catalogue
from qualityeval.core.digests import digest
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import Case, CaseFile


@dataclass(frozen=True)
class Paper:
    """One paper that is in the file. `number` counts the papers of one catalogue line from 1."""

    public_id: str
    volume: str
    code: str
    number: int
    title: str
    name: str
    size: int
    sha256: str
    pages: int
    has_text_layer: bool
    findings: tuple[str, ...]
    added_at: datetime
    added_by: str
    after_draw: bool


@dataclass(frozen=True)
class Digested:
    """What a hand-in puts its name to: papers, pages, and one digest over all of them."""

    papers: int
    pages: int
    digest: str


def papers_of(case: Case) -> list[Paper]:
    """The papers of the case in filing order: the catalogue's, later ones of a line after earlier ones.

    Papers that came after the draw stand last, so that the page numbers of the others don't move.
    """
    rows = current(case)
    numbers: dict[str, int] = {}
    found = []
    for row in rows:
        numbers[row.code] = numbers.get(row.code, 0) + 1
        found.append(_paper(row, numbers[row.code]))
    return found


def papers_digest(case: Case) -> Digested:
    """Number of papers and pages, and H("papers", volume, code, sha256, …) over the papers in filing order.

    H is SHA-256 as in DESIGN.md; an institution can reproduce it from the files alone. A case without papers
    has the digest of the one word.
    """
    rows = current(case)
    fields = [field for row in rows for field in (row.volume, row.code, row.sha256)]
    return Digested(len(rows), sum(row.pages for row in rows), digest("papers", *fields))


def current(case: Case) -> Sequence[CaseFile]:
    """The rows of the papers that are in the file, in filing order."""
    rows = db.session.execute(
        select(CaseFile)
        .options(joinedload(CaseFile.file), joinedload(CaseFile.added_by))
        .where(CaseFile.case_id == case.id, CaseFile.removed_at.is_(None))
    ).scalars()
    book = catalogue_of(case)
    return sorted(
        rows, key=lambda row: (row.added_after_draw, book.place(row.code), row.code, row.position, row.id)
    )


def removed_from(case: Case) -> Sequence[CaseFile]:
    """Papers that were taken out or replaced, the latest first."""
    return (
        db.session.execute(
            select(CaseFile)
            .options(joinedload(CaseFile.file), joinedload(CaseFile.removed_by))
            .where(CaseFile.case_id == case.id, CaseFile.removed_at.is_not(None))
            .order_by(CaseFile.removed_at.desc(), CaseFile.id.desc())
        )
        .scalars()
        .all()
    )


def catalogue_of(case: Any) -> Catalogue:
    """The catalogue of whatever has a case type, an aid form and a stage."""
    return shipped_catalogues().of(case_type=case.case_type, aid_form=case.aid_form, stage=case.stage)


def case_for(actor: Actor, public_id: str) -> Case:
    """A case whose papers this actor keeps; NotFound for any other."""
    row = db.session.execute(
        select(Case)
        .options(joinedload(Case.institution))
        .where(Case.public_id == public_id, scope.kept_cases(actor))
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def cases_numbered(actor: Actor, number: str, *, limit: int = 20) -> Sequence[Case]:
    """The cases of that number whose papers this actor keeps."""
    return (
        db.session.execute(
            select(Case)
            .options(joinedload(Case.institution))
            .where(Case.number == number, scope.kept_cases(actor))
            .order_by(Case.id)
            .limit(limit)
        )
        .scalars()
        .all()
    )


def paper_for(actor: Actor, public_id: str) -> CaseFile:
    """One paper of such a case."""
    row = db.session.execute(
        select(CaseFile)
        .join(Case, CaseFile.case_id == Case.id)
        .options(joinedload(CaseFile.case).joinedload(Case.institution), joinedload(CaseFile.file))
        .where(CaseFile.public_id == public_id, scope.kept_cases(actor))
    ).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def _paper(row: CaseFile, number: int) -> Paper:
    return Paper(
        row.public_id, row.volume, row.code, number, row.title, row.file.name, row.file.size, row.sha256, row.pages,
        row.has_text_layer, tuple(row.findings), row.added_at, row.added_by.display_name if row.added_by else "",
        row.added_after_draw,
    )  # fmt: skip
