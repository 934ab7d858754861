"""The register: one row per case of one institution."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Encrypted, Row, UTCDateTime
from qualityeval.models.institution import Institution, Practitioner, Provider


def words(length: int = 200) -> Mapped[str]:
    """A text column in which "nothing" is the empty string."""
    return mapped_column(String(length), default="", server_default="")


class Case(Row, Base):
    """A legal-aid case as registered. Its key everywhere outside is institution code `:` number."""

    __tablename__ = "legal_case"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        CheckConstraint("case_type IN ('criminal', 'civil', 'administrative')", name="case_type"),
        Index("ix_legal_case_closed_on", "closed_on"),
        Index("ix_legal_case_institution_id_closed_on", "institution_id", "closed_on"),
        Index("ix_legal_case_series", "series"),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str] = mapped_column(String(120))
    case_type: Mapped[str] = mapped_column(String(20))
    aid_form: Mapped[str] = mapped_column(String(20))
    stage: Mapped[str] = mapped_column(String(20), default="none")
    status: Mapped[str] = words(40)
    source: Mapped[str] = words(80)
    notice_number: Mapped[str] = words(120)
    series: Mapped[str] = words(120)
    station: Mapped[str] = words()
    sealed: Mapped[bool] = mapped_column(default=False)
    recipient_name: Mapped[str] = words()
    recipient_sex: Mapped[str] = words(20)
    recipient_born_on: Mapped[date | None] = mapped_column()
    recipient_tags: Mapped[str] = words(400)
    recipient_id_number: Mapped[str | None] = mapped_column(Encrypted("case.recipient_id_number"))
    recipient_id_index: Mapped[str | None] = mapped_column(String(64), index=True)
    recipient_phone: Mapped[str | None] = mapped_column(Encrypted("case.recipient_phone"))
    recipient_phone_index: Mapped[str | None] = mapped_column(String(64), index=True)
    cause: Mapped[str] = words(400)
    position: Mapped[str] = words(80)
    organ: Mapped[str] = words()
    officer: Mapped[str] = words()
    court_number: Mapped[str] = words(120)
    risk: Mapped[str] = words(40)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"), index=True)
    second_practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"), index=True)
    assigned_by: Mapped[str] = words(80)
    applied_on: Mapped[date | None] = mapped_column()
    accepted_on: Mapped[date | None] = mapped_column()
    decided_on: Mapped[date | None] = mapped_column()
    noticed_on: Mapped[date | None] = mapped_column()
    assigned_on: Mapped[date | None] = mapped_column()
    named_on: Mapped[date | None] = mapped_column()
    engaged_on: Mapped[date | None] = mapped_column()
    met_on: Mapped[date | None] = mapped_column()
    files_read_on: Mapped[date | None] = mapped_column()
    hearing_on: Mapped[date | None] = mapped_column()
    closed_on: Mapped[date | None] = mapped_column()
    closing_paper_on: Mapped[date | None] = mapped_column()
    submitted_on: Mapped[date | None] = mapped_column()
    archived_on: Mapped[date | None] = mapped_column()
    closing_method: Mapped[str] = words(80)
    effect: Mapped[str] = words()
    opinion_adopted: Mapped[str] = words(80)
    hearing_held: Mapped[bool | None] = mapped_column()
    loss_recovered: Mapped[int | None] = mapped_column(BigInteger)
    subsidy: Mapped[int | None] = mapped_column(BigInteger)
    subsidy_on: Mapped[date | None] = mapped_column()
    extra: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    defaulted: Mapped[list[str]] = mapped_column(JSON, default=list)
    search_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    institution: Mapped[Institution] = relationship()
    provider: Mapped[Provider | None] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship(foreign_keys=practitioner_id)
    second_practitioner: Mapped[Practitioner | None] = relationship(foreign_keys=second_practitioner_id)
