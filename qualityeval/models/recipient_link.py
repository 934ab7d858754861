"""A recipient's link to answer by themselves, and what people said about being asked at all."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.callback import Callback
from qualityeval.models.case import Case, words
from qualityeval.models.one_time_link import OneTimeLink


class RecipientLink(OneTimeLink, Row, Base):
    """One link for one callback."""

    __tablename__ = "recipient_link"
    __table_args__ = (
        CheckConstraint("way IN ('sms', 'letter')", name="way"),
        CheckConstraint("ended IN ('', 'answered', 'not_person', 'opted_out')", name="ended"),
        CheckConstraint("(ended = '') = (ended_at IS NULL)", name="ended_at"),
        Index("ix_recipient_link_callback_id", "callback_id"),
    )

    callback_id: Mapped[int] = mapped_column(ForeignKey("callback.id"))
    way: Mapped[str] = mapped_column(String(8), default="sms")
    guardian: Mapped[bool] = mapped_column(default=False)
    sent_by: Mapped[str] = words(100)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended: Mapped[str] = mapped_column(String(12), default="", server_default="")
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column()

    callback: Mapped[Callback] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling


class ContactChoice(Row, Base):
    """What a recipient said about being asked; the latest word of a person holds. Added, never changed."""

    __tablename__ = "contact_choice"
    __table_args__ = (
        CheckConstraint("choice IN ('opted_out', 'consented')", name="choice"),
        CheckConstraint("means IN ('phone', 'visit', 'letter', 'online')", name="means"),
        Index("ix_contact_choice_case_id", "case_id"),
        Index("ix_contact_choice_person_index", "person_index"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    person_index: Mapped[str | None] = mapped_column(String(64))
    choice: Mapped[str] = mapped_column(String(12))
    means: Mapped[str] = mapped_column(String(8))
    noted_by: Mapped[str] = words(100)
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    case: Mapped[Case] = relationship()
