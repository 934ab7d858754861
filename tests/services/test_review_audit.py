"""Proving the audit log while others write to it."""

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db, transaction
from qualityeval.models import AuditHead
from qualityeval.services import audit
from tests.evidence import unguard
from tests.factories import NOW


def event(number: int) -> None:
    with transaction():
        audit.record(COMMAND_LINE, "tried", now=NOW, object_type="test", object_id=str(number))


def test_an_event_written_while_the_chain_is_read_is_no_alarm(session, monkeypatch) -> None:
    """READ COMMITTED: the head is read after the rows, so a writer may come between."""
    for number in range(3):
        event(number)
    walk = audit.walk

    def walk_then_another(links, **options):
        verdict = walk(links, **options)
        event(3)
        return verdict

    monkeypatch.setattr(audit, "walk", walk_then_another)
    verdict = audit.verify()
    assert (verdict.ok, verdict.events) == (True, 3)


def test_a_cut_tail_is_still_seen(session) -> None:
    for number in range(3):
        event(number)
    last = db.session.execute(db.select(AuditHead.seq)).scalar_one()
    with transaction() as inside:
        unguard(inside, "audit_event")
        inside.execute(db.text("DELETE FROM audit_event WHERE seq = :seq"), {"seq": last})
        audit_row_elsewhere = inside.execute(db.select(AuditHead.seq)).scalar_one()
    assert audit_row_elsewhere == last
    verdict = audit.verify()
    assert (verdict.ok, verdict.first_bad) == (False, last)


def test_a_head_set_back_is_seen(session) -> None:
    for number in range(3):
        event(number)
    seq, hash_ = db.session.execute(
        db.text("SELECT seq, hash FROM audit_event ORDER BY seq LIMIT 1 OFFSET 1")
    ).one()
    with transaction() as inside:
        inside.execute(db.text("UPDATE audit_head SET seq = :seq, hash = :hash"), {"seq": seq, "hash": hash_})
    verdict = audit.verify()
    assert not verdict.ok
