"""Calibration 统一尺度: anchors with their reference answers, and sheets that no result is made of.

They lie in tables of their own on purpose: whatever counts assignments and sheets can't meet them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.case import Case
from qualityeval.models.expert import Expert
from qualityeval.models.review import Assignment


class Calibration(Base):
    """A round's rate of hidden repeats, as a fraction in text, and the days that lie before a file comes back."""

    __tablename__ = "calibration"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    rate: Mapped[str] = mapped_column(String(40))
    days: Mapped[int] = mapped_column()


class Anchor(Row, Base):
    """A case that every expert of a round scores first, and, once it is set, the reference answer with its grounds."""

    __tablename__ = "anchor"
    __table_args__ = (
        UniqueConstraint("round_id", "case_id"),
        CheckConstraint("source IN ('', 'panel', 'manager')", name="source"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    rubric: Mapped[str] = mapped_column(String(80))
    chosen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reference: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    source: Mapped[str] = mapped_column(String(12), default="", server_default="")
    reason: Mapped[str] = mapped_column(String(400), default="", server_default="")
    set_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    case: Mapped[Case] = relationship()


class CalibrationSheet(Row, Base):
    """One expert's sheet of an anchor, or of an own file that came back (`repeat_of`); never part of a result.

    On the desk it stands where an assignment stands; `slot` is what the expert may read of its kind.
    """

    __tablename__ = "calibration_sheet"
    __table_args__ = (
        UniqueConstraint("anchor_id", "expert_id"),
        CheckConstraint("state IN ('dealt', 'submitted')", name="state"),
        CheckConstraint("(anchor_id IS NULL) <> (repeat_of_id IS NULL)", name="kind"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    anchor_id: Mapped[int | None] = mapped_column(ForeignKey("anchor.id"))
    repeat_of_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), unique=True)
    rubric: Mapped[str] = mapped_column(String(80))
    slot: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="dealt")
    dealt_at: Mapped[datetime] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    drafted: Mapped[int] = mapped_column(default=0, server_default="0")
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    total: Mapped[int | None] = mapped_column()
    grade: Mapped[str] = mapped_column(String(40), default="", server_default="")
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # given up by the expert

    expert: Mapped[Expert] = relationship()
    anchor: Mapped[Anchor | None] = relationship()
    repeat_of: Mapped[Assignment | None] = relationship()

    returned_because, revision = "", 1  # such a sheet is never given back
