"""What keeps imports of the register and freezes of its rounds one after the other."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from qualityeval.database import db
from qualityeval.models import Institution, Round


def wait_for_imports() -> None:
    """Hold the roots of the tree until the commit (on SQLite every writer holds all anyway)."""
    db.session.execute(
        select(Institution.id)
        .where(Institution.parent_id.is_(None))
        .order_by(Institution.id)
        .with_for_update(key_share=True)
    )


def after_every_freeze(now: datetime) -> datetime:
    """The instant under which cases are registered: later than any freeze that couldn't see them.

    An import takes its time when it begins and may wait for a freeze; registered under that time its
    cases would be in no frame, and not late either.
    """
    latest = db.session.execute(select(func.max(Round.frozen_at))).scalar_one_or_none()
    return max(now, latest + timedelta(microseconds=1)) if latest else now
