"""The tree of institutions, the providers beside it, and the mapping each institution saved."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.core.codes import Level
from qualityeval.database import Base, Row, UTCDateTime


class Institution(Row, Base):
    """A legal-aid institution or a bureau above it. `path` holds the keys from the root: `/1/5/9/`."""

    __tablename__ = "institution"
    __table_args__ = (CheckConstraint("level IN ('province', 'city', 'county', 'station')", name="level"),)

    code: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(12), default=Level.COUNTY)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    path: Mapped[str] = mapped_column(String(200), index=True, default="/")
    active: Mapped[bool] = mapped_column(default=True)
    mapping: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column()

    parent: Mapped["Institution | None"] = relationship(remote_side="Institution.id")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling


class Provider(Row, Base):
    """A law firm or legal-service office: 承办单位."""

    __tablename__ = "provider"

    name: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Practitioner(Row, Base):
    """A lawyer or legal worker: 承办人. Not tied to one institution; the licence tells namesakes apart."""

    __tablename__ = "practitioner"
    __table_args__ = (UniqueConstraint("name", "licence", "provider_id"),)

    name: Mapped[str] = mapped_column(String(100), index=True)
    licence: Mapped[str] = mapped_column(String(40), default="")
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    provider: Mapped[Provider | None] = relationship()
