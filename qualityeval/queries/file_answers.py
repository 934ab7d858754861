"""What experts answered to the files dealt to them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.database import db
from qualityeval.models import Assignment, Expert, FileAnswer, FrameCase, Round, SampledCase, SheetDraft
from qualityeval.queries import staff_parts

ACCEPTED = "accepted"


@dataclass(frozen=True)
class AnswerRow:
    """A file that was given up or taken from its reader, for the owning body."""

    case: str
    expert: str
    expert_name: str
    slot: str
    answer: str
    reason: str
    answered_at: datetime


def gave_up(round_: Round) -> dict[int, set[int]]:
    """By drawn case the experts who gave it up, or from whom it was taken: they never get it again."""
    rows = db.session.execute(
        select(FileAnswer.sampled_case_id, FileAnswer.expert_id).where(
            FileAnswer.round_id == round_.id, FileAnswer.answer != ACCEPTED
        )
    )
    found: dict[int, set[int]] = defaultdict(set)
    for sampled, expert in rows:
        found[sampled].add(expert)
    return dict(found)


def given_up(actor: Actor, round_: Round, *, limit: int = 50) -> list[AnswerRow]:
    """The files of the round that changed their reader, the latest first."""
    require(actor, Permission.ROUND_ASSIGN, round_)
    rows = db.session.execute(
        select(
            FrameCase.key, Expert.code, Expert.name, FileAnswer.slot, FileAnswer.answer, FileAnswer.reason,
            FileAnswer.answered_at,
        )
        .join(SampledCase, FileAnswer.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Expert, FileAnswer.expert_id == Expert.id)
        .where(FileAnswer.round_id == round_.id, FileAnswer.answer != ACCEPTED)
        .order_by(FileAnswer.answered_at.desc(), FileAnswer.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [AnswerRow(*row) for row in rows]


def of_line(assignment: Assignment) -> FileAnswer | None:
    """What the reader of this file has answered."""
    return db.session.execute(
        select(FileAnswer).where(
            FileAnswer.sampled_case_id == assignment.sampled_case_id,
            FileAnswer.expert_id == assignment.expert_id,
        )
    ).scalar_one_or_none()


def idle(round_: Round) -> list[Assignment]:
    """Files of the round that nobody has begun or accepted, by the order in which they were dealt."""
    accepted = select(FileAnswer.id).where(
        FileAnswer.sampled_case_id == Assignment.sampled_case_id,
        FileAnswer.expert_id == Assignment.expert_id,
    )
    begun = select(SheetDraft.assignment_id).where(SheetDraft.assignment_id == Assignment.id)
    query = select(Assignment).where(
        Assignment.round_id == round_.id,
        staff_parts.standing() == "dealt",
        ~accepted.exists(),
        ~begun.exists(),
    )
    return list(db.session.execute(query.order_by(Assignment.id)).scalars())
