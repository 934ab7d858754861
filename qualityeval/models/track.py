"""Beside the sample: targeted files of a round, and lists that the register is compared with."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from qualityeval.database import Base, Row, UTCDateTime


class TargetedCase(Base):
    """A case marked for review beside the sample, with the code of its rule; no rate ever reads this table."""

    __tablename__ = "targeted_case"
    __table_args__ = (
        UniqueConstraint("round_id", "case_id", "rule"),
        CheckConstraint("rule IN ('complaint', 'satisfaction', 'opinion', 'overdue', 'mass')", name="rule"),
        Index("ix_targeted_case_case_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    rule: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(400), default="", server_default="")
    marked_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TargetedTrack(Base):
    """The track of a round: its targeted files as a frame of their own, taken whole, dealt and scored alike."""

    __tablename__ = "targeted_track"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SubsidyList(Row, Base):
    """An uploaded list of paid cases, to compare the register of a body's subtree with."""

    __tablename__ = "subsidy_list"

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column()
    uploaded_by: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SubsidyLine(Base):
    """One payment of a list: institution code and case number as written there, whole cents (fen)."""

    __tablename__ = "subsidy_line"
    __table_args__ = (Index("ix_subsidy_line_list_id_number", "list_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("subsidy_list.id"))
    row: Mapped[int] = mapped_column()
    institution: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(120))
    amount: Mapped[int | None] = mapped_column(BigInteger)
