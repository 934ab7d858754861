"""Two entries that may be one person; persons put on a watch list. Proposed by one, decided by another."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.expert import Expert
from qualityeval.models.institution import Practitioner


class IdentityProposal(Row, Base):
    """Two experts of the pool who may be one person; nothing is dealt to either until somebody decides."""

    __tablename__ = "identity_proposal"
    __table_args__ = (
        UniqueConstraint("expert_id", "other_id"),
        CheckConstraint("expert_id < other_id", name="order"),
        CheckConstraint("ground IN ('id_number', 'licence', 'name')", name="ground"),
        CheckConstraint("state IN ('open', 'same', 'different')", name="state"),
        Index("ix_identity_proposal_state", "state"),
    )

    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), index=True)
    ground: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="open", server_default="open")
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(String(400), default="", server_default="")

    expert: Mapped[Expert] = relationship(foreign_keys=[expert_id])
    other: Mapped[Expert] = relationship(foreign_keys=[other_id])


class WatchProposal(Row, Base):
    """A proposal to admit, warn or withdraw an expert or a practitioner; it counts once a second person agrees."""

    __tablename__ = "watch_proposal"
    __table_args__ = (
        CheckConstraint("(expert_id IS NULL) <> (practitioner_id IS NULL)", name="subject"),
        CheckConstraint("act IN ('admit', 'warn', 'withdraw')", name="act"),
        CheckConstraint("state IN ('open', 'agreed', 'refused')", name="state"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="two_people"),
        Index("ix_watch_proposal_expert_id", "expert_id"),
        Index("ix_watch_proposal_practitioner_id", "practitioner_id"),
    )

    expert_id: Mapped[int | None] = mapped_column(ForeignKey("expert.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    act: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(400))
    state: Mapped[str] = mapped_column(String(12), default="open", server_default="open")
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decision: Mapped[str] = mapped_column(String(400), default="", server_default="")

    expert: Mapped[Expert | None] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()
