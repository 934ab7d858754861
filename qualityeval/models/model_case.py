"""Model cases (典型案例): told without names, for others to learn from."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.account import Account
from qualityeval.models.round import Round


class ModelCase(Row, Base):
    """A released case that one manager nominates and another lists or turns down."""

    __tablename__ = "model_case"
    __table_args__ = (
        CheckConstraint("state IN ('nominated', 'listed', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'nominated') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> nominated_by_id", name="second_person"),
        Index("ix_model_case_round_id_state", "round_id", "state"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sampled_case_id: Mapped[int] = mapped_column(ForeignKey("sampled_case.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="nominated")
    title: Mapped[str] = mapped_column(String(200))
    story: Mapped[str] = mapped_column(Text)
    merits: Mapped[str] = mapped_column(Text)
    nominated_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    nominated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decision: Mapped[str] = mapped_column(String(400), default="", server_default="")
    version: Mapped[int] = mapped_column()

    round: Mapped[Round] = relationship()
    nominated_by: Mapped[Account | None] = relationship(foreign_keys=nominated_by_id)
    decided_by: Mapped[Account | None] = relationship(foreign_keys=decided_by_id)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling
