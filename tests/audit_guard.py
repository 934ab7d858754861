"""Every committed change carries an audit event: watched while the tests run, where nothing can be hidden.

The watch reads the statements that really reach the database, so bulk statements and raw SQL count as
much as the ORM's own. It judges at the commit of `transaction()`: rows of a guarded table changed and no
row added to audit_event means the commit is refused. Only test arrangement is excused (ARRANGING, or the
mark `arranging`), recognised by the file that holds the `with transaction()` block.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from qualityeval.database import WRITING, db

TESTS = Path(__file__).resolve().parent
PACKAGE = TESTS.parent / "qualityeval"
ARRANGING = ("factories.py", "personas.py", "models/")
CHANGE = re.compile(r'\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)
AUDIT = "audit_event"
UNGUARDED = {
    "audit_event": "is the event",
    "audit_head": "the end of the chain itself",
    "account_session": "touched once a minute; sign-in and sign-out are events of the account",
    "sign_in_attempt": "the count behind the lockout; the lockout itself is an event",
    "idempotency_key": "remembers an answer, changes nothing that is evidence",
    "outbox": "follows an event; sending is a job's work",
    "job": "heartbeat and progress of work whose cause is the event",
    "kept_result": "counted from guarded rows, and void as soon as one of them is added",
    "page_reading": "is the read log itself: who opened which page, shown to managers",
    "alembic_version": "the migrations' own",
    "sqlite_sequence": "SQLite's own",
}


class Unaudited(AssertionError):
    """Rows were changed and committed without an audit event."""


def _note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
    del cursor, parameters, context, many
    changed = connection.info.setdefault("changed", set())
    changed.update(name.lower() for name in CHANGE.findall(statement) if name.lower() != "set")


def _forget(session: Session, transaction: Any, connection: Any) -> None:
    del session
    if not transaction.nested:  # a savepoint is a part of the block, judged with it
        connection.info["changed"] = set()


def _mark(connection: Any, name: str) -> None:
    """What was changed before a savepoint, for the case that it is rolled back."""
    marks = connection.info.setdefault("marks", {})
    marks[name] = set(connection.info.get("changed", ()))


def _undo(connection: Any, name: str, context: Any) -> None:
    """What a rolled-back savepoint held was never changed."""
    del context
    connection.info["changed"] = connection.info.get("marks", {}).get(name, set())


WATCHED = (("before_cursor_execute", _note), ("savepoint", _mark), ("rollback_savepoint", _undo))


def _judge(session: Session) -> None:
    if not session.info.get(WRITING) or session.in_nested_transaction():
        return
    session.flush()
    changed = session.connection().info.get("changed", set())
    guarded = changed - set(UNGUARDED)
    if guarded and AUDIT not in changed and not _is_arrangement():
        raise Unaudited(
            f"changed {', '.join(sorted(guarded))} and recorded nothing: call services.audit.record"
        )


def _is_arrangement() -> bool:
    """Whether the block being committed stands in a file that only arranges rows for tests."""
    frame = sys._getframe(1)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if PACKAGE in path.parents and path != PACKAGE / "database.py":
            return False
        if TESTS in path.parents and path != Path(__file__):
            return path.relative_to(TESTS).as_posix().startswith(ARRANGING)
        frame = frame.f_back
    return False


@contextmanager
def watched(*, judging: bool = True) -> Iterator[None]:
    """Watch every commit inside the block."""
    for name, listener in WATCHED:
        event.listen(Engine, name, listener)
    event.listen(db.session, "after_begin", _forget)
    if judging:
        event.listen(db.session, "before_commit", _judge)
    try:
        yield
    finally:
        for name, listener in WATCHED:
            event.remove(Engine, name, listener)
        event.remove(db.session, "after_begin", _forget)
        if judging:
            event.remove(db.session, "before_commit", _judge)
