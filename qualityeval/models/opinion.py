"""The organ's opinion: a request with a one-time link, and the answer."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.case import Case, words
from qualityeval.models.one_time_link import OneTimeLink


class OrganOpinion(OneTimeLink, Row, Base):
    """One request.

    `letter_paper` is the public id of the paper in the case's file, where the answer came on paper.
    """

    __tablename__ = "organ_opinion"
    __table_args__ = (
        CheckConstraint("via IN ('link', 'letter')", name="via"),
        CheckConstraint("token_hash IS NULL OR length(token_hash) = 64", name="token_hash"),
        Index("ix_organ_opinion_case_id", "case_id"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    form: Mapped[str] = mapped_column(String(80))
    organ: Mapped[str] = words()
    officer: Mapped[str] = words()
    via: Mapped[str] = mapped_column(String(8), default="link")
    asked_by: Mapped[str] = words(100)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    entered_by: Mapped[str] = words(100)
    letter_paper: Mapped[str] = words(20)
    version: Mapped[int] = mapped_column()

    case: Mapped[Case] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling
