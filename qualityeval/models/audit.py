"""The audit log: rows that are only ever added, each sealed with the hash of the one before."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from qualityeval.database import Base, UTCDateTime


class AuditEvent(Base):
    """Who did what to which object, when. `detail` is canonical JSON, the exact text that was hashed."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_action", "action"),
        Index("ix_audit_event_object", "object_type", "object_id"),
        Index("ix_audit_event_actor", "actor"),
        Index("ix_audit_event_at", "at"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(120))
    detail: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """The one row that writers lock, so that the chain has no forks."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")


def _refuse(mapper: Mapper[Any], connection: object, target: AuditEvent) -> None:
    del mapper, connection
    raise RuntimeError(f"audit event {target.seq} can't be changed or deleted")


event.listen(AuditEvent, "before_update", _refuse)
event.listen(AuditEvent, "before_delete", _refuse)
