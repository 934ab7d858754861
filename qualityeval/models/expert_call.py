"""Open calls for experts, and who applied."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Encrypted, Row, UTCDateTime
from qualityeval.models.expert import Expert
from qualityeval.models.institution import Institution


class ExpertCall(Row, Base):
    """A call that anybody may answer between two days, both included; closing it early moves the last day."""

    __tablename__ = "expert_call"
    __table_args__ = (
        CheckConstraint("opens_on <= closes_on", name="days"),
        Index("ix_expert_call_institution_id", "institution_id"),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    title: Mapped[str] = mapped_column(String(200))
    terms: Mapped[str] = mapped_column(Text)
    opens_on: Mapped[date] = mapped_column()
    closes_on: Mapped[date] = mapped_column()
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)

    institution: Mapped[Institution] = relationship()


class ExpertApplication(Row, Base):
    """What somebody wrote who wants to be an expert, and what a manager decided; an appointed one is in the pool."""

    __tablename__ = "expert_application"
    __table_args__ = (
        CheckConstraint("state IN ('sent', 'appointed', 'refused')", name="state"),
        CheckConstraint("(state = 'appointed') = (expert_id IS NOT NULL)", name="appointed"),
        Index("ix_expert_application_call_id", "call_id"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("expert_call.id"))
    name: Mapped[str] = mapped_column(String(100))
    provider: Mapped[str] = mapped_column(String(200), default="", server_default="")
    licence: Mapped[str] = mapped_column(String(40), default="", server_default="")
    id_number: Mapped[str | None] = mapped_column(Encrypted("expert_application.id_number"))
    phone: Mapped[str | None] = mapped_column(Encrypted("expert_application.phone"))
    email: Mapped[str] = mapped_column(String(200), default="", server_default="")
    practice_years: Mapped[int | None] = mapped_column()
    specialties: Mapped[list[str]] = mapped_column(JSON, default=list)
    statement: Mapped[str] = mapped_column(Text, default="", server_default="")
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(12), default="sent", server_default="sent")
    reason: Mapped[str] = mapped_column(String(400), default="", server_default="")
    decided_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("expert.id"))

    call: Mapped[ExpertCall] = relationship()
    expert: Mapped[Expert | None] = relationship()
