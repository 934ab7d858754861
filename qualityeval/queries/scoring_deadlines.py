"""Until when the sheets of a round are due, and who still owes one."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import Account, Assignment, AuditEvent, Expert, Round
from qualityeval.queries import staff_parts

MARKING = ("assigned", "scoring", "arbitration")
URGED = "round.urged"


@dataclass(frozen=True)
class Due:
    """A round's day for sheets, and the days after it that aren't overdue yet."""

    day: date | None = None
    grace: int = 0


def due_of(round_: Round) -> Due:
    """What the frozen plan says; nothing before the freeze."""
    told = json.loads(round_.plan).get("deadlines", {}) if round_.plan else {}
    day = told.get("score")
    return Due(date.fromisoformat(day) if day else None, int(told.get("grace", 0)))


def days_of(round_ids: Collection[int]) -> dict[int, date]:
    """By round, where it has one, the day by which sheets are due."""
    rows = db.session.execute(select(Round).where(Round.id.in_(round_ids))).scalars()
    return {one.id: due.day for one in rows if (due := due_of(one)).day is not None}


def marking() -> list[Round]:
    """Rounds in which sheets are written."""
    return list(
        db.session.execute(select(Round).where(Round.state.in_(MARKING)).order_by(Round.id)).scalars()
    )


def owing(round_: Round) -> list[Account]:
    """Accounts of the experts with an open sheet of the round; one that waits for staff isn't theirs to mend."""
    codes = (
        select(Expert.code)
        .join(Assignment, Assignment.expert_id == Expert.id)
        .where(
            Assignment.round_id == round_.id, Assignment.state != "submitted",
            ~staff_parts.is_waiting(),
        )
    )  # fmt: skip
    query = select(Account).where(Account.role == Role.EXPERT, Account.active, Account.expert_code.in_(codes))
    return list(db.session.execute(query.order_by(Account.id)).scalars())


def is_urged(round_: Round, *, since: datetime) -> bool:
    """Whether experts of the round were urged since."""
    query = select(AuditEvent.seq).where(
        AuditEvent.action == URGED, AuditEvent.object_id == round_.code, AuditEvent.at >= since
    )
    return db.session.execute(query.limit(1)).first() is not None
