"""What is hidden in a case's papers from experts of blind rounds, and what was shown after all; who read which page."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.account import Account
from qualityeval.models.case_file import CaseFile


class MaskedName(Row, Base):
    """A name that somebody adds to what the rules find in a case, or (`kept`) takes out again."""

    __tablename__ = "masked_name"
    __table_args__ = (
        UniqueConstraint("case_id", "text"),
        CheckConstraint(
            "kind IN ('recipient', 'practitioner', 'provider', 'person', 'organ', 'kept')", name="kind"
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(100))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class MaskedPage(Row, Base):
    """A page that a person looked at: `areas` are painted over (left, top, width, height in thousandths)."""

    __tablename__ = "masked_page"
    __table_args__ = (UniqueConstraint("case_file_id", "page"), CheckConstraint("page > 0", name="page"))

    case_file_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    page: Mapped[int] = mapped_column()
    areas: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    looked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column()

    paper: Mapped[CaseFile] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling


class Unmasking(Row, Base):
    """A page shown to one reader as it is, with the reason; kept for ever."""

    __tablename__ = "unmasking"
    __table_args__ = (UniqueConstraint("assignment_id", "case_file_id", "page"),)

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    case_file_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    page: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(String(200))
    shown_at: Mapped[datetime] = mapped_column(UTCDateTime)
    shown_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    shown_by: Mapped[Account | None] = relationship()


class PageReading(Base):
    """The read log: when an expert first and last opened a page of a paper."""

    __tablename__ = "page_reading"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    case_file_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True, index=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)


def _refuse(mapper: Mapper[Any], connection: object, target: object) -> None:
    del mapper, connection, target
    raise RuntimeError("what was shown to a reader is added, never changed or deleted")


event.listen(Unmasking, "before_update", _refuse)
event.listen(Unmasking, "before_delete", _refuse)
