"""What an institution holds against a notified preliminary grade, and what was decided."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import String

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.account import Account
from qualityeval.models.round import SampledCase


class Objection(Row, Base):
    """One a case. `open` waits for the owning body, `accepted` for the re-scorer's sheet; the others are done.

    `ground` says by a code why it wasn't admitted; `ruling` is what the owning body tells the institution at the end.
    """

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'accepted', 'rejected', 'settled')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name="settled"),
        CheckConstraint("(ruled_at IS NULL) = (ruling = '')", name="ruled"),
        Index("ix_objection_round_id_state", "round_id", "state"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sampled_case_id: Mapped[int] = mapped_column(ForeignKey("sampled_case.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="open")
    reason: Mapped[str] = mapped_column(Text)
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ground: Mapped[str] = mapped_column(String(12), default="", server_default="")
    ruling: Mapped[str] = mapped_column(Text, default="", server_default="")
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ruled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column()

    sampled_case: Mapped[SampledCase] = relationship()
    raised_by: Mapped[Account | None] = relationship(foreign_keys=raised_by_id)
    decided_by: Mapped[Account | None] = relationship(foreign_keys=decided_by_id)
    ruled_by: Mapped[Account | None] = relationship(foreign_keys=ruled_by_id)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling
