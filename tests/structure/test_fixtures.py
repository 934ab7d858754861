"""The fixtures keep what they promise: isolation, one server, a guard that bites."""

import socket
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import g
from sqlalchemy import create_engine, select, text

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db, transaction
from qualityeval.models import AuditEvent, SignInAttempt
from qualityeval.services import audit
from tests import postgres

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def _fail_after_an_event():
    audit.record(COMMAND_LINE, "second", now=NOW, object_type="test")
    raise ZeroDivisionError


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_commits_is_not_there_for_the_next(session, turn):
    assert session.execute(select(AuditEvent)).first() is None
    with transaction():
        audit.record(COMMAND_LINE, "test.turn", now=NOW, object_type="test", turn=turn)
    session.expire_all()
    assert len(session.execute(select(AuditEvent)).all()) == 1


def test_a_rolled_back_block_leaves_what_was_committed_before(session):
    with transaction():
        audit.record(COMMAND_LINE, "first", now=NOW, object_type="test")
    with pytest.raises(ZeroDivisionError), transaction():
        _fail_after_an_event()
    assert session.execute(select(AuditEvent.action)).scalars().all() == ["first"]


def test_the_engine_is_the_one_that_was_asked_for(session, engine_name):
    assert db.session.connection().dialect.name == engine_name


def test_one_request_leaves_nothing_for_the_next_or_for_the_test(session, client):
    g.actor = "left by the test"
    for _ in range(2):
        answer = client.get("/account")
        assert answer.status_code == HTTPStatus.FOUND, (
            "the test's actor must not be taken for a signed-in one"
        )
    assert g.actor == "left by the test"


def test_what_a_request_commits_outlives_the_tests_own_rollback(session, client):
    assert session.execute(select(SignInAttempt)).first() is None  # a savepoint of the test is open now
    client.post("/sign-in", data={"name": "nobody", "password": "not the password"})
    session.rollback()
    assert session.execute(select(SignInAttempt)).first() is not None


def test_a_live_database_is_at_head_and_empty(live_database, engine_name):
    engine = create_engine(live_database.url)
    with engine.connect() as connection:
        assert connection.dialect.name == engine_name
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
        assert connection.execute(select(AuditEvent)).first() is None
    engine.dispose()
    assert (live_database.home / "keys.json").is_file()


def test_no_server_is_a_failure_and_says_what_to_do(monkeypatch):
    monkeypatch.setattr(postgres, "sources", lambda: [("nowhere", Path("/nonexistent/bin"))])
    with pytest.raises(postgres.NoServer, match="make setup"), postgres.running():
        pass


def test_the_network_is_out_of_reach():
    with socket.socket() as outside, pytest.raises(AssertionError, match="network"):
        outside.connect(("192.0.2.1", 80))  # an address reserved for documentation
