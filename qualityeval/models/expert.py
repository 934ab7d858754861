"""The pool of experts."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Encrypted, Row, UTCDateTime
from qualityeval.models.institution import Institution


class Expert(Row, Base):
    """A person who scores files. `institution` is the region of work; `cap` a ceiling, `quota` a target."""

    __tablename__ = "expert"
    __table_args__ = (
        CheckConstraint("cap IS NULL OR cap >= 0", name="cap"),
        CheckConstraint("quota IS NULL OR quota >= 0", name="quota"),
    )

    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    provider: Mapped[str] = mapped_column(String(200), default="")
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    specialties: Mapped[list[str]] = mapped_column(JSON, default=list)
    practice_years: Mapped[int | None] = mapped_column()
    cap: Mapped[int | None] = mapped_column()
    quota: Mapped[int | None] = mapped_column()
    email: Mapped[str] = mapped_column(String(200), default="")
    licence: Mapped[str] = mapped_column(String(40), default="")
    id_number: Mapped[str | None] = mapped_column(Encrypted("expert.id_number"))
    id_index: Mapped[str | None] = mapped_column(String(64), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column()

    institution: Mapped[Institution | None] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling
