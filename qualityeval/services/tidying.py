"""Housekeeping that loses nothing anyone can still ask for."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.database import db
from qualityeval.models import IdempotencyKey, StoredFile
from qualityeval.services import audit
from qualityeval.services.files import file_store
from qualityeval.services.paper_pages import page_cache

KEPT = timedelta(days=7)
DRAWN = timedelta(days=30)  # pages are drawn again when somebody asks
ORPHAN_AGE_SECONDS = 86_400


def tidy(*, actor: Actor, now: datetime) -> dict[str, Any]:
    """Forget answers to forms older than a week; remove stored bytes without a row that are a day old, and pages
    that were drawn a month ago.

    A younger file may belong to a transaction that isn't committed yet.
    """
    require(actor, Permission.SETTINGS_CHANGE)
    forgotten = cast(
        "CursorResult[Any]",
        db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now - KEPT)),
    ).rowcount
    store = file_store()
    orphans = [name for name in orphan_names() if store.age(name, now) > ORPHAN_AGE_SECONDS]
    for name in orphans:
        store.delete(name)
    pages = page_cache().tidy(now - DRAWN)
    audit.record(
        actor, "instance.tidied", now=now, object_type="instance", answers=forgotten, orphans=len(orphans),
        pages=pages,
    )  # fmt: skip
    return {"answers": forgotten, "orphans": len(orphans), "pages": pages}


def orphan_names() -> list[str]:
    """Stored bytes that no row knows: left by work that was rolled back."""
    known = set(db.session.execute(select(StoredFile.public_id)).scalars())
    return [name for name in file_store().names() if name not in known]
