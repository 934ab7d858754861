"""Reading the audit log: filtered, newest first, for the audit administrator alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.audit_chain import Link
from qualityeval.database import db
from qualityeval.models import AuditEvent, AuditHead

BATCH = 1_000


@dataclass(frozen=True)
class AuditFilter:
    """What is asked for; empty means all. `since` is inside, `until` is the first instant outside."""

    actor: str = ""
    action: str = ""
    object: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Head:
    """The end of the chain: what to note elsewhere."""

    seq: int
    hash: str


def list_for(actor: Actor, asked: AuditFilter, *, limit: int = 50, offset: int = 0) -> list[Link]:
    """Events that fit, the newest first."""
    query = _filtered(actor, asked).order_by(AuditEvent.seq.desc()).limit(limit).offset(offset)
    return [link_of(event) for event in db.session.execute(query).scalars()]


def count_for(actor: Actor, asked: AuditFilter) -> int:
    """How many events fit."""
    query = _filtered(actor, asked).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def all_for(actor: Actor, asked: AuditFilter) -> Iterator[Link]:
    """Every event that fits, the newest first, read in batches."""
    query = _filtered(actor, asked).order_by(AuditEvent.seq.desc()).execution_options(yield_per=BATCH)
    for event in db.session.execute(query).scalars():
        yield link_of(event)


def head_for(actor: Actor) -> Head | None:
    """The last event's number and hash; None for an empty log."""
    require(actor, Permission.AUDIT_READ)
    row = db.session.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    return Head(row.seq, row.hash) if row else None


def actions_for(actor: Actor) -> list[str]:
    """The actions that occur, for the filter."""
    require(actor, Permission.AUDIT_READ)
    return list(
        db.session.execute(select(AuditEvent.action).distinct().order_by(AuditEvent.action)).scalars()
    )


def _filtered(actor: Actor, asked: AuditFilter) -> Select[Any]:
    require(actor, Permission.AUDIT_READ)
    query = select(AuditEvent)
    if asked.actor:
        query = query.where(AuditEvent.actor == asked.actor)
    if asked.action:
        query = query.where(AuditEvent.action == asked.action)
    if asked.object:
        query = query.where(AuditEvent.object_id.contains(asked.object, autoescape=True))
    if asked.since:
        query = query.where(AuditEvent.at >= asked.since)
    if asked.until:
        query = query.where(AuditEvent.at < asked.until)
    return query


def link_of(event: AuditEvent) -> Link:
    """The event as it was sealed."""
    return Link(
        seq=event.seq, at=event.at, actor=event.actor, action=event.action, object_type=event.object_type,
        object_id=event.object_id, detail=event.detail, previous=event.previous, hash=event.hash,
    )  # fmt: skip
