"""What a practitioner may see of the own case behind a link: preliminary in the objection window, then what was released."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from qualityeval.clock import OFFICE
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import Case, CaseResult, FrameCase, PractitionerLink, Round, SampledCase
from qualityeval.queries import notified, objections
from qualityeval.queries.notified import RELEASED, Deductions


@dataclass(frozen=True)
class Feedback:
    """What a practitioner sees of the own case: nobody else's name, no expert, no other case."""

    round_title: str
    number: str
    cause: str
    total: int | None
    grade: str
    until: date | None  # a preliminary result: the first day on which it isn't shown any more
    sheets: tuple[Deductions, ...]
    earlier: tuple[PractitionerLink, ...]  # what was stated about the preliminary result


def may_be_told(round_: Round, *, now: datetime) -> bool:
    """Whether practitioners may see results of the round now: released ones, or preliminary ones in the window."""
    return round_.state in RELEASED or objections.is_open(round_, now=now)


def closes_at(round_: Round) -> datetime:
    """The moment at which a notified round's preliminary results are no longer shown: the window's end, office time."""
    until = objections.window_end(round_)
    if until is None:
        raise NotFound(where="round")
    return datetime.combine(until, time.min, OFFICE)


def feedback_of(link: PractitionerLink, *, now: datetime) -> Feedback:
    """The result of the link's case as its holder may see it now; NotFound where nothing may be seen (any more).

    In the objection window what was notified, never a later step; after the release what counts.
    """
    round_ = db.session.get_one(Round, link.sampled_case.round_id)
    if not may_be_told(round_, now=now):
        raise NotFound(where="link")
    return _feedback(link, is_released=round_.state in RELEASED)


def about(link: PractitionerLink) -> Feedback:
    """The result of the link's case as the owning body has it, whatever the day."""
    return _feedback(link, is_released=True)


def _feedback(link: PractitionerLink, *, is_released: bool) -> Feedback:
    round_ = db.session.get_one(Round, link.sampled_case.round_id)
    step = CaseResult.id == last_result() if is_released else CaseResult.step.in_(notified.PRELIMINARY)
    row = db.session.execute(
        drawn()
        .where(SampledCase.id == link.sampled_case_id, step)
        .with_only_columns(Round.title, Case.number, Case.cause, CaseResult.total, CaseResult.grade)
    ).one_or_none()
    if row is None:
        raise NotFound(where="link")
    earlier = select(PractitionerLink).where(
        PractitionerLink.sampled_case_id == link.sampled_case_id, PractitionerLink.id < link.id,
        PractitionerLink.stated_at.is_not(None),
    )  # fmt: skip
    return Feedback(
        *row, None if is_released else objections.window_end(round_),
        notified.sheets_of(link.sampled_case_id, is_released=is_released),
        tuple(db.session.execute(earlier.order_by(PractitionerLink.id)).scalars()),
    )  # fmt: skip


def last_result() -> Any:
    """The id of a drawn case's last result."""
    every = aliased(CaseResult)
    return select(func.max(every.id)).where(every.sampled_case_id == SampledCase.id).scalar_subquery()


def drawn() -> Select[Any]:
    """Drawn cases with every result of each."""
    return (
        select(SampledCase)
        .join(Round, SampledCase.round_id == Round.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(CaseResult, CaseResult.sampled_case_id == SampledCase.id)
    )


def results() -> Select[Any]:
    """Drawn cases with the last result of each."""
    return drawn().where(CaseResult.id == last_result())
