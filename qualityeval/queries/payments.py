"""What a round's experts are paid: by the sheets that they handed in."""

from dataclasses import dataclass

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.database import db
from qualityeval.models import Assignment, Expert, Round, TargetedTrack
from qualityeval.queries import settings
from qualityeval.queries.assignments import FIRST_ROUND


@dataclass(frozen=True)
class Payment:
    """An expert's sheets by kind; `rate` and `amount` in whole yuan."""

    code: str
    name: str
    provider: str
    first: int
    arbitration: int
    objection: int
    rate: int

    @property
    def sheets(self) -> int:
        """All sheets."""
        return self.first + self.arbitration + self.objection

    @property
    def amount(self) -> int:
        """What is due."""
        return self.sheets * self.rate


def payments(actor: Actor, round_: Round) -> list[Payment]:
    """Every expert with a submitted sheet in the round, or in the targeted track beside it, by code.

    A sheet counts once however often it was returned and handed in again; one that is open, or returned and not
    yet handed in again, doesn't count. The rate is the setting as it holds now.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    beside = select(TargetedTrack.track_id).where(TargetedTrack.round_id == round_.id)
    rows = db.session.execute(
        select(
            Expert.code, Expert.name, Expert.provider,
            func.count().filter(Assignment.slot.in_(FIRST_ROUND)),
            func.count().filter(Assignment.slot == "arbitration"),
            func.count().filter(Assignment.slot.in_(("objection", "review"))),
        )
        .join(Expert, Assignment.expert_id == Expert.id)
        .where((Assignment.round_id == round_.id) | Assignment.round_id.in_(beside), Assignment.state == "submitted")
        .group_by(Expert.id, Expert.code, Expert.name, Expert.provider)
    )  # fmt: skip
    rate = settings.current().sheet_pay
    return sorted((Payment(*row, rate) for row in rows), key=lambda one: one.code.encode())
