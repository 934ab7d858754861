"""Hearing observations: one row a case and observer, planned first, handed in once."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.account import Account
from qualityeval.models.case import Case, words


class Observation(Row, Base):
    """A hearing that an observer attends. `score` is in hundredths, None with `score_reason`."""

    __tablename__ = "observation"
    __table_args__ = (
        UniqueConstraint("case_id", "observer_id", "hearing_on"),
        CheckConstraint("state IN ('planned', 'submitted', 'closed_hearing')", name="state"),
        CheckConstraint("mode IN ('on_site', 'live', 'recording')", name="mode"),
        CheckConstraint("score IS NULL OR (score >= 0 AND score <= 10000)", name="score"),
        CheckConstraint("(state = 'planned') = (submitted_at IS NULL)", name="submitted"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    observer_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    form: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16), default="planned")
    hearing_on: Mapped[date] = mapped_column()
    court: Mapped[str] = words()
    why: Mapped[str] = mapped_column(String(12), default="chosen", server_default="chosen")
    mode: Mapped[str] = mapped_column(String(12), default="on_site")
    closed_reason: Mapped[str] = words(20)
    arrived_at: Mapped[time | None] = mapped_column()
    left_at: Mapped[time | None] = mapped_column()
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    notes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    score: Mapped[int | None] = mapped_column()
    score_reason: Mapped[str] = words(20)
    planned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column()

    case: Mapped[Case] = relationship()
    observer: Mapped[Account] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling
