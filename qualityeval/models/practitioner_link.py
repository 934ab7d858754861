"""A practitioner's link: the released result of an own case, and the statement (陈述申辩) about it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.case import words
from qualityeval.models.one_time_link import OneTimeLink
from qualityeval.models.round import SampledCase


class PractitionerLink(OneTimeLink, Row, Base):
    """One link about one drawn case."""

    __tablename__ = "practitioner_link"
    __table_args__ = (
        CheckConstraint("(statement = '') = (stated_at IS NULL)", name="stated"),
        CheckConstraint("(reply = '') = (replied_at IS NULL)", name="replied"),
    )

    sampled_case_id: Mapped[int] = mapped_column(ForeignKey("sampled_case.id"), index=True)
    sent_by: Mapped[str] = words(100)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    statement: Mapped[str] = mapped_column(Text, default="", server_default="")
    stated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reply: Mapped[str] = mapped_column(Text, default="", server_default="")
    replied_by: Mapped[str] = words(100)
    replied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column()

    sampled_case: Mapped[SampledCase] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling
