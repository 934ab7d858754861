"""What is to be hidden in a case's papers: what the register knows, what people added, which pages were looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from qualityeval.core.pseudonyms import NUMBER, ORGAN, PERSON, PRACTITIONER, PROVIDER, RECIPIENT
from qualityeval.database import db
from qualityeval.models import (
    Account,
    Assignment,
    Case,
    CaseFile,
    Expert,
    Institution,
    MaskedName,
    MaskedPage,
    PageReading,
    Practitioner,
    Provider,
    StoredFile,
    Unmasking,
)


@dataclass(frozen=True)
class FiledPaper:
    """A paper that is or was in the file: id, digest, stored name, pages, whether it can be searched."""

    id: int
    sha256: str
    stored: str
    pages: int
    has_text: bool


@dataclass(frozen=True)
class Shown:
    """A page shown as it is to one reader: the paper's catalogue line, page, reader, reason, who, when."""

    code: str
    page: int
    expert: str
    reason: str
    who: str
    at: datetime


def register_names(case_id: int) -> list[tuple[str, str]]:
    """The parties that the register knows, in a fixed order: kind and text, empty ones too."""
    second, firm = aliased(Practitioner), aliased(Provider)
    case, practitioner, provider, institution, other, beside = db.session.execute(
        select(Case, Practitioner, Provider, Institution, second, firm)
        .outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(second, Case.second_practitioner_id == second.id)
        .outerjoin(firm, second.provider_id == firm.id)
        .join(Institution, Case.institution_id == Institution.id)
        .where(Case.id == case_id)
    ).one()
    return [
        (RECIPIENT, case.recipient_name),
        (PRACTITIONER, practitioner.name if practitioner else ""),
        (PROVIDER, provider.name if provider else ""),
        (PRACTITIONER, other.name if other else ""),
        (PROVIDER, beside.name if beside else ""),
        (NUMBER, other.licence if other else ""),
        (PERSON, case.officer),
        (NUMBER, practitioner.licence if practitioner else ""),
        (NUMBER, case.recipient_id_number or ""),
        (NUMBER, case.recipient_phone or ""),
        *(
            (ORGAN, text)
            for text in (institution.name, case.organ, case.station, case.court_number, case.number)
        ),
    ]


def added_names(case_id: int) -> Sequence[MaskedName]:
    """Names that people added or took out, in the order in which they did."""
    query = select(MaskedName).where(MaskedName.case_id == case_id).order_by(MaskedName.id)
    return db.session.execute(query).scalars().all()


def filed_papers(case_id: int) -> list[FiledPaper]:
    """Every paper ever filed, removed ones too, as they came: tokens don't shift when one is replaced."""
    rows = db.session.execute(
        select(CaseFile.id, CaseFile.sha256, StoredFile.public_id, CaseFile.pages, CaseFile.has_text_layer)
        .join(StoredFile, CaseFile.file_id == StoredFile.id)
        .where(CaseFile.case_id == case_id)
        .order_by(CaseFile.id)
    )
    return [FiledPaper(*row) for row in rows]


def looked_pages(case_id: int) -> dict[tuple[int, int], tuple[tuple[int, ...], ...]]:
    """Areas by paper and page, of the pages that a person looked at."""
    rows = db.session.execute(
        select(MaskedPage.case_file_id, MaskedPage.page, MaskedPage.areas)
        .join(CaseFile, MaskedPage.case_file_id == CaseFile.id)
        .where(CaseFile.case_id == case_id)
    )
    return {(paper, page): tuple(tuple(area) for area in areas) for paper, page, areas in rows}


def page_row(paper: CaseFile, page: int) -> MaskedPage | None:
    """What was kept of one page."""
    query = select(MaskedPage).where(MaskedPage.case_file_id == paper.id, MaskedPage.page == page)
    return db.session.execute(query).scalar_one_or_none()


def shown_pages(assignment_id: int) -> frozenset[tuple[int, int]]:
    """Paper and page of what one reader may see as it is."""
    query = select(Unmasking.case_file_id, Unmasking.page).where(Unmasking.assignment_id == assignment_id)
    return frozenset((row[0], row[1]) for row in db.session.execute(query))


def unmaskings_of(assignment: Assignment) -> list[Shown]:
    """What was shown to this reader as it is, the latest first."""
    rows = db.session.execute(
        select(
            CaseFile.code,
            Unmasking.page,
            Expert.code,
            Unmasking.reason,
            Account.display_name,
            Unmasking.shown_at,
        )
        .join(CaseFile, Unmasking.case_file_id == CaseFile.id)
        .join(Assignment, Unmasking.assignment_id == Assignment.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .outerjoin(Account, Unmasking.shown_by_id == Account.id)
        .where(Unmasking.assignment_id == assignment.id)
        .order_by(Unmasking.id.desc())
    )
    return [Shown(*row[:4], row[4] or "", row[5]) for row in rows]


def is_noted(assignment_id: int, paper_id: int, page: int, *, since: datetime) -> bool:
    """Whether the read log has this page since then."""
    row = db.session.get(
        PageReading, {"assignment_id": assignment_id, "case_file_id": paper_id, "page": page}
    )
    return row is not None and row.last_at >= since


@dataclass(frozen=True)
class Read:
    """One reader of a case: how many pages were opened, of how many papers, first and last."""

    slot: str
    expert: str
    pages: int
    papers: int
    first: datetime
    last: datetime


def readings_of(sampled_case_id: int) -> list[Read]:
    """Who opened which part of the file and when; for those who may see the sheets."""
    rows = db.session.execute(
        select(
            Assignment.slot, Expert.code, func.count(), func.count(PageReading.case_file_id.distinct()),
            func.min(PageReading.first_at), func.max(PageReading.last_at),
        )
        .join(Assignment, PageReading.assignment_id == Assignment.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .where(Assignment.sampled_case_id == sampled_case_id)
        .group_by(Assignment.slot, Expert.code)
        .order_by(Assignment.slot)
    )  # fmt: skip
    return [Read(*row) for row in rows]
