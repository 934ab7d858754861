"""Peer review: who reads what, what they wrote, what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.expert import Expert
from qualityeval.models.round import SampledCase


class Assignment(Row, Base):
    """One file for one expert. `slot` is 1…k, `arbitration`, `objection` or `review`; the public id is all an expert sees."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("sampled_case_id", "expert_id"),
        UniqueConstraint("sampled_case_id", "slot"),
        CheckConstraint("state IN ('dealt', 'submitted', 'returned')", name="state"),
        Index("ix_assignment_round_id_expert_id", "round_id", "expert_id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sampled_case_id: Mapped[int] = mapped_column(ForeignKey("sampled_case.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), index=True)
    slot: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="dealt")
    dealt_at: Mapped[datetime] = mapped_column(UTCDateTime)
    returned_because: Mapped[str] = mapped_column(String(400), default="", server_default="")

    expert: Mapped[Expert] = relationship()
    sampled_case: Mapped[SampledCase] = relationship()


class SheetDraft(Base):
    """What an expert has written so far; replaced at every save, by the version the page saw."""

    __tablename__ = "sheet_draft"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column()

    assignment: Mapped[Assignment] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling


class Sheet(Row, Base):
    """A submitted sheet as it was submitted. A returned one stays; the next has the next revision.

    `total` is None under an indicator rubric: its sheets have grades and no points.
    """

    __tablename__ = "sheet"
    __table_args__ = (UniqueConstraint("assignment_id", "revision"),)

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    revision: Mapped[int] = mapped_column()
    rubric: Mapped[str] = mapped_column(String(80))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    total: Mapped[int | None] = mapped_column()
    grade: Mapped[str] = mapped_column(String(40))
    vetoes: Mapped[list[str]] = mapped_column(JSON, default=list)
    asks: Mapped[bool] = mapped_column(default=False)
    overall: Mapped[str] = mapped_column(Text, default="", server_default="")
    by_proxy: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime)

    assignment: Mapped[Assignment] = relationship()


class CaseResult(Row, Base):
    """What a case came to. A later step (arbitration, objection, restatement) adds a row; the earlier ones stay.

    Under an indicator rubric `total` is None and `marks` holds the agreed grades by indicator.
    """

    __tablename__ = "case_result"
    __table_args__ = (
        UniqueConstraint("sampled_case_id", "step"),
        CheckConstraint("step IN ('first', 'arbitrated', 'objected', 'restated')", name="step"),
        Index("ix_case_result_round_id", "round_id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sampled_case_id: Mapped[int] = mapped_column(ForeignKey("sampled_case.id"))
    step: Mapped[str] = mapped_column(String(12))
    total: Mapped[int | None] = mapped_column()
    grade: Mapped[str] = mapped_column(String(40))
    vetoes: Mapped[list[str]] = mapped_column(JSON, default=list)
    marks: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    by: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class ArbitrationNeed(Base):
    """A case whose sheets don't settle it, with the codes of the reasons."""

    __tablename__ = "arbitration_need"

    sampled_case_id: Mapped[int] = mapped_column(ForeignKey("sampled_case.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    reasons: Mapped[list[str]] = mapped_column(JSON)
    arisen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def refuse_change(mapper: Mapper[Any], connection: object, target: object) -> None:
    """For the events of tables that are evidence."""
    del mapper, connection
    raise RuntimeError(f"{type(target).__name__} is evidence: it is added, never changed or deleted")


for _evidence in (Sheet, CaseResult):
    event.listen(_evidence, "before_update", refuse_change)
    event.listen(_evidence, "before_delete", refuse_change)
del _evidence
