"""All that was written and decided about one drawn case: its sheets, its results step by step, its arbitration.

Not for experts: whoever calls has checked that the actor may see the sheets.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from qualityeval.database import db
from qualityeval.models import (
    ArbitrationNeed,
    Assignment,
    Case,
    CaseResult,
    Expert,
    FileEvent,
    FrameCase,
    Objection,
    Round,
    SampledCase,
    Sheet,
)


@dataclass(frozen=True)
class CaseReview:
    """Submitted sheets (slot, expert's code, last revision), results by step, what led to arbitration."""

    round_: Round
    sampled: SampledCase
    frame_case: FrameCase
    case: Case
    sheets: tuple[tuple[str, str, Sheet], ...]
    results: tuple[CaseResult, ...]
    reasons: tuple[str, ...]
    objection: Objection | None
    handed_in_on: date | None
    pages: int | None


def review_of(round_: Round, sampled: SampledCase) -> CaseReview:
    """The review as it stands now."""
    frame_case = db.session.get_one(FrameCase, sampled.frame_case_id)
    handed = _last_event(sampled)
    need = db.session.get(ArbitrationNeed, sampled.id)
    results = db.session.execute(
        select(CaseResult).where(CaseResult.sampled_case_id == sampled.id).order_by(CaseResult.id)
    ).scalars()
    objection = db.session.execute(
        select(Objection).where(Objection.sampled_case_id == sampled.id)
    ).scalar_one_or_none()
    return CaseReview(
        round_, sampled, frame_case, db.session.get_one(Case, frame_case.case_id), _sheets(sampled), tuple(results),
        tuple(need.reasons) if need else (), objection, handed.handed_in_on if handed else None,
        handed.pages if handed else None,
    )  # fmt: skip


def sampled_by_key(round_: Round, key: str) -> SampledCase | None:
    """The drawn case of this key, or None."""
    query = (
        select(SampledCase)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id, FrameCase.key == key)
    )
    return db.session.execute(query).scalar_one_or_none()


def has_result(sampled: SampledCase) -> bool:
    """Whether the case came to a result."""
    query = select(CaseResult.id).where(CaseResult.sampled_case_id == sampled.id).limit(1)
    return db.session.execute(query).first() is not None


def _sheets(sampled: SampledCase) -> tuple[tuple[str, str, Sheet], ...]:
    rows = db.session.execute(
        select(Assignment.slot, Expert.code, Sheet)
        .join(Sheet, Sheet.assignment_id == Assignment.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .where(Assignment.sampled_case_id == sampled.id, Assignment.state == "submitted")
        .order_by(Assignment.slot, Sheet.revision)
    )
    last = {slot: (slot, code, sheet) for slot, code, sheet in rows}
    return tuple(last.values())


def _last_event(sampled: SampledCase) -> FileEvent | None:
    query = (
        select(FileEvent)
        .where(FileEvent.sampled_case_id == sampled.id, FileEvent.handed_in_on.is_not(None))
        .order_by(FileEvent.id.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()
