"""The log against six kinds of tampering, straight in the database. AL2: the last two need a head noted elsewhere.

A tail that was cut off shows against the stored head too, unless whoever cut it wrote that as well.
"""

import random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.audit_chain import GENESIS, canonical, seal
from qualityeval.database import db, transaction
from qualityeval.models import AuditEvent
from qualityeval.services import audit
from tests.evidence import unguard
from tests.factories import NOW
from tests.tampering import lift_guard

EVENTS = 12


@pytest.fixture
def log(session):
    """Twelve events; the hash of the seventh was noted elsewhere, and so was the last."""
    unguard(session, "audit_event")
    with transaction():
        for number in range(EVENTS):
            audit.record(
                COMMAND_LINE, "round.created", now=NOW, object_type="round", object_id=f"R{number}", n=number
            )
    lift_guard()
    return [row.hash for row in db.session.execute(db.select(AuditEvent).order_by(AuditEvent.seq)).scalars()]


def run(statement, **values):
    db.session.execute(text(statement), values)
    db.session.expire_all()


def rows():
    return db.session.execute(db.select(AuditEvent).order_by(AuditEvent.seq)).scalars().all()


def head_is(seq, hash_):
    run("UPDATE audit_head SET seq = :seq, hash = :hash", seq=seq, hash=hash_)


def reseal_all():
    """Whoever has the database can make a chain that holds together."""
    previous = GENESIS
    for row in rows():
        fresh = seal(
            seq=row.seq, at=row.at, actor=row.actor, action=row.action, object_type=row.object_type,
            object_id=row.object_id, detail=row.detail, previous=previous,
        )  # fmt: skip
        run("UPDATE audit_event SET previous = :p, hash = :h WHERE seq = :s", p=previous, h=fresh, s=row.seq)
        previous = fresh
    head_is(len(rows()), previous)


def test_an_untouched_log_is_whole(log):
    verdict = audit.verify()
    assert (verdict.ok, verdict.events, verdict.head, verdict.first_bad) == (True, EVENTS, log[-1], None)
    assert audit.verify(expected_head=log[6]).ok
    assert audit.head() == log[-1]


@pytest.mark.parametrize(
    "column", ["actor", "action", "object_type", "object_id", "detail", "previous", "hash"]
)
def test_any_edited_field_is_found_where_it_is(log, column):
    for seq in (1, 5, EVENTS):
        before = db.session.execute(text(f"SELECT {column} FROM audit_event WHERE seq = {seq}")).scalar_one()
        run(f"UPDATE audit_event SET {column} = :new WHERE seq = :seq", new=before[:-1] + "#", seq=seq)
        assert (audit.verify().ok, audit.verify().first_bad) == (False, seq)
        run(f"UPDATE audit_event SET {column} = :old WHERE seq = :seq", old=before, seq=seq)
    assert audit.verify().ok


def test_a_moved_instant_is_found(log):
    event = rows()[3]
    db.session.execute(
        db.update(AuditEvent).where(AuditEvent.seq == event.seq).values(at=NOW.replace(microsecond=1))
    )
    db.session.expire_all()
    assert audit.verify().first_bad == 4


@pytest.mark.parametrize("seq", [1, 6, EVENTS - 1])
def test_a_deleted_event_is_found(log, seq):
    run("DELETE FROM audit_event WHERE seq = :seq", seq=seq)
    assert audit.verify().first_bad == seq


def test_a_deleted_event_is_found_when_the_others_close_ranks(log):
    run("DELETE FROM audit_event WHERE seq = 6")
    for seq in range(7, EVENTS + 1):
        run("UPDATE audit_event SET seq = :new WHERE seq = :old", new=seq - 1, old=seq)
    head_is(EVENTS - 1, log[-1])
    assert audit.verify().first_bad == 6


def test_two_swapped_events_are_found(log):
    for old, new in ((4, 99), (5, 4), (99, 5)):
        run("UPDATE audit_event SET seq = :new WHERE seq = :old", new=new, old=old)
    assert audit.verify().first_bad == 4


def test_an_inserted_event_is_found(log):
    for seq in range(EVENTS, 5, -1):
        run("UPDATE audit_event SET seq = :new WHERE seq = :old", new=seq + 1, old=seq)
    forged = {
        "actor": "x",
        "action": "round.created",
        "object_type": "round",
        "object_id": "R",
        "detail": "{}",
    }
    fresh = seal(seq=6, at=NOW, previous=log[4], **forged)
    db.session.execute(db.insert(AuditEvent).values(seq=6, at=NOW, previous=log[4], hash=fresh, **forged))
    head_is(EVENTS + 1, log[-1])
    assert audit.verify().first_bad == 7


def test_a_cut_tail_shows_against_the_stored_head(log):
    run("DELETE FROM audit_event WHERE seq > 9")
    assert not audit.verify().ok


def test_a_cut_tail_with_its_head_shows_only_against_a_noted_one(log):
    run("DELETE FROM audit_event WHERE seq > 9")
    head_is(9, log[8])
    assert audit.verify().ok, "nobody can see it from inside"
    assert audit.verify(expected_head=log[6]).ok
    assert not audit.verify(expected_head=log[-1]).ok


def test_a_rewritten_log_shows_only_against_a_noted_head(log):
    run("UPDATE audit_event SET actor = 'somebody else' WHERE seq = 3")
    reseal_all()
    assert audit.verify().ok, "nobody can see it from inside"
    assert not audit.verify(expected_head=log[6]).ok
    assert audit.verify(expected_head=log[1]).ok, "what was noted before the change still holds"


@pytest.mark.proof("audit-tampering")
def test_tampering_at_random_is_never_missed(log, proof_count):
    """Six kinds, each at a random place, against the head that was noted at the end."""
    chance = random.Random(20261125)
    acts = {
        "edit": lambda seq: run("UPDATE audit_event SET detail = '{}' WHERE seq = :seq", seq=seq),
        "delete": lambda seq: run("DELETE FROM audit_event WHERE seq = :seq", seq=seq),
        "cut": lambda seq: (run("DELETE FROM audit_event WHERE seq >= :seq", seq=seq), head_is(seq - 1, log[seq - 2] if seq > 1 else GENESIS)),
        "rewrite": lambda seq: (run("UPDATE audit_event SET actor = 'x' WHERE seq = :seq", seq=seq), reseal_all()),
        "swap": lambda seq: [run("UPDATE audit_event SET seq = :new WHERE seq = :old", new=n, old=o) for o, n in ((seq, 99), (seq % EVENTS + 1, seq), (99, seq % EVENTS + 1))],
        "forge": lambda seq: run("UPDATE audit_event SET hash = :h WHERE seq = :seq", h=canonical({"x": 1}).ljust(64, "0"), seq=seq),
    }  # fmt: skip
    connection = db.session.connection()
    missed = []
    for _ in range(proof_count(200)):
        kind, seq = chance.choice(sorted(acts)), chance.randint(1, EVENTS)
        savepoint = connection.begin_nested()
        acts[kind](seq)
        if audit.verify(expected_head=log[-1]).ok:
            missed.append((kind, seq))
        savepoint.rollback()
        db.session.expire_all()
    assert missed == []
    assert audit.verify(expected_head=log[-1]).ok


def test_the_orm_refuses_to_change_or_delete_an_event(log):
    event = rows()[2]
    event.actor = "somebody else"
    with pytest.raises(RuntimeError, match="can't be changed"):
        db.session.flush()
    db.session.rollback()
    db.session.delete(rows()[2])
    with pytest.raises(RuntimeError, match="can't be changed"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET actor = 'x' WHERE seq = 1", "DELETE FROM audit_event WHERE seq = 1"]
)
def test_the_database_refuses_too(session, statement):
    """Without lifting its guard, as anybody with the application's own connection."""
    with transaction():
        audit.record(COMMAND_LINE, "round.created", now=NOW, object_type="round", object_id="R")
    with pytest.raises(IntegrityError):
        run(statement)
    db.session.rollback()
    assert audit.verify().ok
