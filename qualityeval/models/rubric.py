"""Rubrics that bodies write themselves; what rounds use is copied to `rubric_version` at their freeze."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.institution import Institution


class OwnRubric(Row, Base):
    """One version of a body's own rubric as YAML text: editable, finished or not, until a round first uses it."""

    __tablename__ = "own_rubric"
    __table_args__ = (UniqueConstraint("code", "version"),)

    code: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column()
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    edits: Mapped[int] = mapped_column()

    institution: Mapped[Institution] = relationship()
    __mapper_args__ = {"version_id_col": edits}  # noqa: RUF012 -- SQLAlchemy's own spelling

    @property
    def key(self) -> str:
        """`code@version`."""
        return f"{self.code}@{self.version}"
