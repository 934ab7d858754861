"""Taking the guard off one table, for tests that tamper on purpose; the test's rollback puts it back."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def triggers_of(session: Session) -> set[str]:
    """Names of all triggers that guard evidence."""
    if session.get_bind().dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return {name for name in session.execute(text(query)).scalars() if name.startswith("evidence_")}


def unguard(session: Session, table: str) -> None:
    """Drop the triggers of this table, as somebody with the whole database in their hands would."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    place = "" if on_sqlite else f" ON {table}"
    kinds = ("update", "delete", "insert", "truncate", "reserve", "missing")
    names = triggers_of(session) & {f"evidence_{table}_{kind}" for kind in kinds}
    assert names, f"{table} has no guard"
    for name in sorted(names):
        session.execute(text(f"DROP TRIGGER {name}{place}"))
