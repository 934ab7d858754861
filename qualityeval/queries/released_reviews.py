"""Released cases that are read anew, the restatements that came of it, and the versions of the published figures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import NotFound
from qualityeval.core.objection import Outcome, Result, outcome
from qualityeval.database import db
from qualityeval.models import (
    Account,
    Assignment,
    Case,
    CaseResult,
    Expert,
    FrameCase,
    Institution,
    ReleasedReview,
    Restatement,
    ResultsVersion,
    Round,
    SampledCase,
)

REVIEW = "review"
MOST = 200


@dataclass(frozen=True)
class ReviewRow:
    """A review with the published result and what it came to, (total in hundredths, grade) each; None while open."""

    id: int
    public_id: str
    case: str
    cause: str
    institution: str
    basis: str
    reason: str
    state: str
    opened_at: datetime
    rescorer: str
    before: Result
    after: Result | None

    @property
    def outcome(self) -> Outcome | None:
        """What reading anew changed."""
        return outcome(self.before, self.after) if self.after else None


@dataclass(frozen=True)
class VersionRow:
    """A version of the published figures; the first has no reason: it is the release."""

    public_id: str
    number: int
    digest: str
    issued_at: datetime
    reason: str
    names: tuple[str, ...]


def of_case(sampled_id: int) -> ReleasedReview | None:
    """The review of a drawn case, or None."""
    query = select(ReleasedReview).where(ReleasedReview.sampled_case_id == sampled_id)
    return db.session.execute(query).scalar_one_or_none()


def published(sampled_id: int, *, before: ReleasedReview | None = None) -> Result | None:
    """Total and grade of a drawn case as they are published; `before` a review that is restated: as they were."""
    query = select(CaseResult.total, CaseResult.grade).where(CaseResult.sampled_case_id == sampled_id)
    if before is not None:
        query = query.where(CaseResult.step != "restated")
    row = db.session.execute(query.order_by(CaseResult.id.desc()).limit(1)).one_or_none()
    return None if row is None else (row.total, row.grade)


def list_for(actor: Actor, round_: Round) -> list[ReviewRow]:
    """The round's reviews, the latest first; for the owning body alone."""
    require(actor, Permission.OBJECTION_DECIDE, round_)
    rows = db.session.execute(
        _reviews().where(ReleasedReview.round_id == round_.id).order_by(ReleasedReview.id.desc()).limit(MOST)
    )
    return [_row(review, *cells) for review, *cells in rows]


def sampled_for(actor: Actor, round_: Round, key: str) -> SampledCase:
    """The drawn case of this key in a round of the actor's own body; NotFound where it wasn't drawn."""
    require(actor, Permission.OBJECTION_DECIDE, round_)
    found = db.session.execute(
        select(SampledCase)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id, FrameCase.key == key)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(where="case")
    return found


def to_restate(round_: Round) -> list[ReleasedReview]:
    """Reviews that changed something and aren't published yet, in the order of opening."""
    query = select(ReleasedReview).where(ReleasedReview.round_id == round_.id, ReleasedReview.state == "read")
    return list(db.session.execute(query.order_by(ReleasedReview.id)).scalars())


def open_proposal(round_: Round) -> Restatement | None:
    """The restatement that waits for the second manager."""
    query = select(Restatement).where(Restatement.round_id == round_.id, Restatement.issued_at.is_(None))
    return db.session.execute(query.options(joinedload(Restatement.proposed_by))).scalar_one_or_none()


def versions_of(actor: Actor, round_: Round) -> list[VersionRow]:
    """All versions of a released round's figures, the first one first; for whoever may read its whole results."""
    require(actor, Permission.ROUND_RESULTS, round_)
    first, second = Account.__table__.alias("first"), Account.__table__.alias("second")
    rows = db.session.execute(
        select(
            ResultsVersion.public_id, ResultsVersion.number, ResultsVersion.digest, ResultsVersion.issued_at,
            func.coalesce(Restatement.reason, ""), first.c.display_name, second.c.display_name,
        )
        .outerjoin(
            Restatement,
            (Restatement.round_id == ResultsVersion.round_id) & (Restatement.number == ResultsVersion.number),
        )
        .outerjoin(first, first.c.id == Restatement.proposed_by_id)
        .outerjoin(second, second.c.id == Restatement.seconded_by_id)
        .where(ResultsVersion.round_id == round_.id)
        .order_by(ResultsVersion.number)
    )  # fmt: skip
    return [
        VersionRow(public_id, number, digest, issued_at, reason, tuple(filter(None, names)))
        for public_id, number, digest, issued_at, reason, *names in rows
    ]


def version_for(actor: Actor, round_: Round, number: int) -> ResultsVersion:
    """One version, word for word; NotFound where there is none."""
    require(actor, Permission.ROUND_RESULTS, round_)
    found = db.session.execute(
        select(ResultsVersion).where(ResultsVersion.round_id == round_.id, ResultsVersion.number == number)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(where="version")
    return found


def last_version(round_: Round) -> ResultsVersion | None:
    """The version that counts."""
    query = select(ResultsVersion).where(ResultsVersion.round_id == round_.id)
    return db.session.execute(query.order_by(ResultsVersion.number.desc()).limit(1)).scalar_one_or_none()


def _reviews() -> Any:
    reader = (
        select(Expert.name)
        .join(Assignment, Assignment.expert_id == Expert.id)
        .where(Assignment.sampled_case_id == ReleasedReview.sampled_case_id, Assignment.slot == REVIEW)
        .scalar_subquery()
    )
    return (
        select(
            ReleasedReview, FrameCase.key, Case.cause, Institution.name,
            func.coalesce(reader, ""),
        )
        .join(SampledCase, ReleasedReview.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
    )  # fmt: skip


def _row(review: ReleasedReview, case: str, cause: str, institution: str, rescorer: str) -> ReviewRow:
    after = (review.total, review.grade) if review.grade is not None else None
    before = published(review.sampled_case_id, before=review)
    return ReviewRow(
        review.id, review.public_id, case, cause, institution, review.basis, review.reason, review.state,
        review.opened_at, rescorer, before or (0, ""), after,
    )  # fmt: skip
