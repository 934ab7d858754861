"""Guesses in parallel are all counted, and the right password among them opens nothing once the limit is reached. AU1."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import AuditEvent, SignInAttempt
from qualityeval.services import sessions
from tests.databases import application, close
from tests.factories import NOW, PASSWORD, create_account
from tests.quick_hashes import quick_hashes  # noqa: F401 -- holds for the whole module

THREADS = 20
ALLOWED = 5


@pytest.mark.proof("lockout")
def test_parallel_guesses_are_counted_exactly(live_database, proof_count):
    guesses = proof_count(200)
    app = application(live_database.url, home=live_database.home)
    try:
        with app.app_context():
            create_account(role=Role.EXPERT, name="target")
            create_account(role=Role.EXPERT, name="bystander")
        with ThreadPoolExecutor(THREADS) as pool:
            half = guesses // 2
            outcomes = list(pool.map(lambda _: guess(app, "wrong password"), range(half)))
            late = list(pool.map(lambda _: guess(app, PASSWORD), range(guesses - half)))
        with app.app_context():
            counted = db.session.execute(
                db.select(db.func.count()).select_from(SignInAttempt).filter_by(name="target")
            ).scalar_one()
            events = (
                db.session.execute(db.select(AuditEvent.object_id).filter_by(action="account.locked"))
                .scalars()
                .all()
            )
            attempt = tried("target")
            with pytest.raises(sessions.Locked):
                sessions.check_password(attempt=attempt, name="target", password=PASSWORD, now=NOW)
            other = sessions.check_password(
                attempt=tried("bystander"), name="bystander", password=PASSWORD, now=NOW
            )
            assert other.name == "bystander"
    finally:
        close(app)
    assert counted == guesses
    assert set(outcomes) <= {"refused", "locked"}
    assert outcomes.count("refused") <= ALLOWED, "no more passwords are looked at than the limit allows"
    assert set(late) == {"locked"}, "the right password opens nothing once the limit is reached"
    assert events == ["target"]


def tried(name):
    with transaction():
        return sessions.note_attempt(name=name, address="10.0.0.1", now=NOW)


def guess(app, password):
    """One try as the page does it: stored and committed before the password is looked at."""
    with app.app_context():
        attempt = tried("target")
        try:
            sessions.check_password(attempt=attempt, name="target", password=password, now=NOW)
        except sessions.Locked:
            with transaction():
                sessions.note_lockout(name="target", now=NOW)
            return "locked"
        except sessions.SignInRefused:
            return "refused"
        finally:
            db.session.rollback()
        return "in"
