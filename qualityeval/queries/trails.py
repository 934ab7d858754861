"""What happened to a thing, from the log: when, who by the name that colleagues know, what."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from qualityeval.database import db
from qualityeval.models import Account, AuditEvent


@dataclass(frozen=True)
class TrailRow:
    """One event."""

    at: datetime
    who: str
    action: str
    detail: dict[str, Any]


def trail(*conditions: ColumnElement[bool], limit: int) -> list[TrailRow]:
    """The events that meet the conditions, the latest first. Who may read them is the caller's to have asked."""
    rows = db.session.execute(
        select(AuditEvent, Account.display_name)
        .outerjoin(Account, Account.name == AuditEvent.actor)
        .where(*conditions)
        .order_by(AuditEvent.seq.desc())
        .limit(limit)
    )
    return [
        TrailRow(event.at, display or event.actor, event.action, json.loads(event.detail))
        for event, display in rows
    ]
