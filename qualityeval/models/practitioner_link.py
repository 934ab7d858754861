"""A practitioner's link: the released result of an own case, and the statement (陈述申辩) about it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.case import words
from qualityeval.models.round import SampledCase


class PractitionerLink(Row, Base):
    """One link about one drawn case. Of its token and of its session only hashes are stored."""

    __tablename__ = "practitioner_link"
    __table_args__ = (
        CheckConstraint("(statement = '') = (stated_at IS NULL)", name="stated"),
        CheckConstraint("(reply = '') = (replied_at IS NULL)", name="replied"),
    )

    sampled_case_id: Mapped[int] = mapped_column(ForeignKey("sampled_case.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    session_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    session_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_by: Mapped[str] = words(100)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    statement: Mapped[str] = mapped_column(Text, default="", server_default="")
    stated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reply: Mapped[str] = mapped_column(Text, default="", server_default="")
    replied_by: Mapped[str] = words(100)
    replied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    from_address: Mapped[str | None] = mapped_column(String(64))
    from_device: Mapped[str | None] = mapped_column(String(64))
    version: Mapped[int] = mapped_column()

    sampled_case: Mapped[SampledCase] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling
