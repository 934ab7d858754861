"""The guard that every change is audited can't be got round: not in bulk, not in raw SQL, not late."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, text

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import Base, db, transaction
from qualityeval.models import Setting
from qualityeval.services import audit
from tests.audit_guard import UNGUARDED, Unaudited

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ROW = {"name": "x", "value": "1", "changed_at": NOW}


def _late(session):
    session.add(Setting(**ROW))


def _bulk(session):
    session.execute(insert(Setting), [ROW])


def _raw(session):
    session.execute(
        text("INSERT INTO setting (name, value, changed_at) VALUES ('x', '1', CURRENT_TIMESTAMP)")
    )


def _below_a_name(session):
    session.execute(
        text("WITH a AS (SELECT 'x' AS n) INSERT INTO setting SELECT n, '1', CURRENT_TIMESTAMP FROM a")
    )


@pytest.mark.parametrize("change", [_late, _bulk, _raw, _below_a_name])
def test_a_change_without_an_event_is_refused(session, change):
    with pytest.raises(Unaudited, match="setting"), transaction():
        change(session)
    assert session.execute(select(Setting)).first() is None


def test_a_change_with_its_event_is_kept(session):
    with transaction():
        session.add(Setting(**ROW))
        audit.record(COMMAND_LINE, "settings.change", now=NOW, object_type="setting", object_id="x")
    assert session.execute(select(Setting)).scalar_one().value == "1"


def test_an_event_of_an_earlier_commit_excuses_nothing(session):
    with transaction():
        audit.record(COMMAND_LINE, "earlier", now=NOW, object_type="setting")
    with pytest.raises(Unaudited), transaction():
        session.add(Setting(**ROW))


@pytest.mark.arranging
def test_a_marked_test_may_arrange_rows(session):
    with transaction():
        session.add(Setting(**ROW))
    assert db.session.execute(select(Setting)).scalar_one().value == "1"


def test_only_tables_that_exist_are_excused():
    assert set(UNGUARDED) - {"alembic_version", "sqlite_sequence"} <= set(Base.metadata.tables)
