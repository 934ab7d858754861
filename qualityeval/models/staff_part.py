"""The staff part of drawn cases, and sheets whose total waits for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.review import refuse_change


class StaffAnswer(Row, Base):
    """What staff marked of one drawn case; a correction is the next revision, with its reason."""

    __tablename__ = "staff_answer"
    __table_args__ = (UniqueConstraint("sampled_case_id", "revision"),)

    sampled_case_id: Mapped[int] = mapped_column(ForeignKey("sampled_case.id"))
    revision: Mapped[int] = mapped_column()
    marks: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(400), default="", server_default="")
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class WaitingSheet(Base):
    """An expert's complete part, handed in before staff had answered; it becomes a sheet when they do.

    Gone with the assignment, and once the expert changes the draft.
    """

    __tablename__ = "waiting_sheet"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), primary_key=True
    )
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    handed_in_at: Mapped[datetime] = mapped_column(UTCDateTime)


event.listen(StaffAnswer, "before_update", refuse_change)
event.listen(StaffAnswer, "before_delete", refuse_change)
