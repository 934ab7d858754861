"""The papers of a case's file, by volume and catalogue line."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, event, inspect
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.account import Account
from qualityeval.models.case import Case
from qualityeval.models.job import StoredFile


class CaseFile(Row, Base):
    """One paper as it was handed in. A removed or replaced one stays, marked; the next one names it."""

    __tablename__ = "case_file"
    __table_args__ = (
        CheckConstraint("volume IN ('institution', 'undertaker')", name="volume"),
        CheckConstraint("kind IN ('pdf', 'image')", name="kind"),
        Index("ix_case_file_case_id", "case_id"),
        Index("ix_case_file_sha256", "sha256"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    volume: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200), default="", server_default="")
    position: Mapped[int] = mapped_column()
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    pages: Mapped[int] = mapped_column()
    has_text_layer: Mapped[bool] = mapped_column(default=False)
    findings: Mapped[list[str]] = mapped_column(JSON, default=list)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    added_after_draw: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), unique=True)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    removed_because: Mapped[str] = mapped_column(String(200), default="", server_default="")

    case: Mapped[Case] = relationship()
    file: Mapped[StoredFile] = relationship()
    added_by: Mapped[Account | None] = relationship(foreign_keys=[added_by_id])
    removed_by: Mapped[Account | None] = relationship(foreign_keys=[removed_by_id])


_CHANGING = {"removed_at", "removed_by_id", "removed_because"}


def _keep(mapper: Mapper[Any], connection: object, target: CaseFile) -> None:
    del connection
    columns = {column.key for column in mapper.column_attrs}
    changed = {name for name in columns - _CHANGING if inspect(target).attrs[name].history.has_changes()}
    if changed:
        raise RuntimeError(f"a paper of a case keeps what was handed in: {sorted(changed)}")


def _refuse(mapper: Mapper[Any], connection: object, target: CaseFile) -> None:
    del mapper, connection, target
    raise RuntimeError("a paper of a case is marked as removed, never deleted")


event.listen(CaseFile, "before_update", _keep)
event.listen(CaseFile, "before_delete", _refuse)
