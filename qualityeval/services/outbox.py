"""Messages: written in the transaction that causes them, sent by the worker afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, and_, or_, select, update

from qualityeval.database import db
from qualityeval.models import Outbox

LEASE = timedelta(minutes=2)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))


@dataclass(frozen=True)
class Message:
    """A message in the hands of one sender."""

    id: int
    channel: str
    recipient: str
    body: dict[str, Any]
    key: str
    attempt: int


def post(*, key: str, channel: str, recipient: str, body: dict[str, Any], now: datetime) -> bool:
    """Leave a message in the caller's transaction; False where `key` was posted before.

    The key names the cause (`round.released:R1:liaison7`), so that a repeated cause sends nothing twice.
    """
    known = db.session.execute(select(Outbox.id).where(Outbox.key == key)).scalar_one_or_none()
    if known is not None:
        return False
    db.session.add(Outbox(key=key, channel=channel, recipient=recipient, body=body, created_at=now))
    db.session.flush()
    return True


def waiting(*, now: datetime, held: Collection[str] = (), limit: int = 50) -> list[int]:
    """Keys of messages that are due, the oldest first; those of the `held` channels wait without an attempt."""
    due = or_(Outbox.lease_until.is_(None), Outbox.lease_until < now)
    return list(
        db.session.execute(
            select(Outbox.id)
            .where(Outbox.sent_at.is_(None), Outbox.attempts <= len(PAUSES), due, Outbox.channel.not_in(held))
            .order_by(Outbox.id)
            .limit(limit)
        ).scalars()
    )


def take(*, message: int, now: datetime) -> Message | None:
    """Take one due message for sending; of many senders one gets it."""
    row = db.session.get(Outbox, message, populate_existing=True)
    if row is None:
        return None
    condition = and_(
        Outbox.id == message, Outbox.sent_at.is_(None), Outbox.attempts == row.attempts,
        or_(Outbox.lease_until.is_(None), Outbox.lease_until < now),
    )  # fmt: skip
    taken = Message(row.id, row.channel, row.recipient, dict(row.body), row.key, row.attempts + 1)
    if not _change(condition, attempts=taken.attempt, lease_until=now + LEASE):
        return None
    return taken


def sent(*, message: Message, now: datetime) -> None:
    """The gateway has accepted it."""
    _change(Outbox.id == message.id, sent_at=now, lease_until=None, last_error=None)


def put_off(*, message: Message, reason: str, now: datetime) -> None:
    """It couldn't be sent: later again, with growing pauses; after the last the row keeps its reason."""
    pause = PAUSES[min(message.attempt, len(PAUSES)) - 1]
    _change(Outbox.id == message.id, lease_until=now + pause, last_error=reason[:500])


def _change(condition: Any, **values: Any) -> bool:
    statement = update(Outbox).where(condition).values(**values)
    outcome = db.session.execute(statement, execution_options={"synchronize_session": "fetch"})
    return cast("CursorResult[Any]", outcome).rowcount == 1
