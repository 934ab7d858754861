"""Many rows at once: typed as ever, whole or not at all, and refused in SQLAlchemy's own words; both databases."""

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from qualityeval.adapters.bulk_rows import add_rows
from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db, new_public_ids, transaction
from qualityeval.models import RubricVersion
from qualityeval.services import audit
from tests.factories import NOW

BEIJING = timezone(timedelta(hours=8))


def store(codes, stored_at=NOW):
    columns = {"public_id": new_public_ids(len(codes)), "code": codes, "text": ["一\t二\n\\三"] * len(codes)}
    with transaction() as session:
        audit.record(COMMAND_LINE, "test.arranged", now=NOW, object_type="rubric")
        same = {"version": 1, "digest": "0" * 64, "stored_at": stored_at}
        add_rows(session.connection(), RubricVersion.__table__, columns, same=same)


def test_rows_come_back_as_they_were_given(session) -> None:
    eight = datetime(2026, 3, 4, 8, tzinfo=BEIJING)
    store(["甲", "乙"], stored_at=eight)
    rows = db.session.execute(select(RubricVersion).order_by(RubricVersion.id)).scalars().all()
    assert [(row.code, row.text, row.stored_at) for row in rows] == [
        (x, "一\t二\n\\三", eight) for x in "甲乙"
    ]


def test_nothing_is_nothing(session) -> None:
    store([])
    assert db.session.execute(select(RubricVersion)).all() == []


def test_what_the_database_refuses_is_an_error_as_ever_and_nothing_is_stored(session) -> None:
    with pytest.raises(IntegrityError):
        store(["甲", "甲"])
    db.session.rollback()
    assert db.session.execute(select(RubricVersion)).all() == []


def test_afterwards_statements_are_planned_as_before(session) -> None:
    """While rows come in, PostgreSQL is told to look them up by index; nothing of that stays."""
    store(["甲"])
    if session.get_bind().dialect.name == "postgresql":
        assert session.execute(text("SHOW enable_seqscan")).scalar() == "on"
