"""Standing in for whoever has the database itself: the guard on the audit log lifted, for one test.

Both databases take it back with the test's transaction.
"""

from sqlalchemy import text

from qualityeval.database import db


def lift_guard() -> None:
    """Drop the triggers that refuse to change or delete events."""
    on = "" if db.session.connection().dialect.name == "sqlite" else " ON audit_event"
    for kind in ("update", "delete"):
        db.session.execute(text(f"DROP TRIGGER evidence_audit_event_{kind}{on}"))
