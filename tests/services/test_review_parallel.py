"""Two at the same moment: nobody meets a crash, and nothing is stored twice.

The other writer is imitated on the same connection by a bare SQL statement between our read and our
write, which is what READ COMMITTED lets through.
"""

import pytest
from sqlalchemy import event, text

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.errors import InvalidInput
from qualityeval.database import db, transaction
from qualityeval.models import Account
from qualityeval.queries.accounts import actor_of, by_name
from qualityeval.services import accounts, audit, own_account, rounds, sessions
from tests import factories
from tests.evidence import unguard
from tests.factories import NOW
from tests.services import stories


def touched_elsewhere(account: Account) -> None:
    db.session.execute(text("UPDATE account SET version = version + 1 WHERE id = :id"), {"id": account.id})


def before_our_write(statement: str) -> None:
    """Run the statement after our reads and before our first write."""

    def other(session, *_) -> None:
        session.execute(text(statement))

    event.listen(db.session(), "before_flush", other, once=True)


def test_a_doubled_sign_in_opens_two_sessions(session) -> None:
    factories.create_account(name="doubled")
    with transaction():
        attempt = sessions.note_attempt(name="doubled", address="", now=NOW)
        account = by_name("doubled")
        touched_elsewhere(account)
        sessions.open_session(attempt=attempt, account=account, now=NOW, limit=sessions.timedelta(hours=12))
    assert by_name("doubled").last_signed_in_at == NOW


def test_an_outdated_hash_is_renewed_beside_another_sign_in(session) -> None:
    factories.create_account(name="doubled")
    with transaction():
        attempt = sessions.note_attempt(name="doubled", address="", now=NOW)
        account = by_name("doubled")
        touched_elsewhere(account)
        sessions.accept_password(attempt=attempt, account=account, password=factories.PASSWORD, now=NOW)
    assert by_name("doubled").password_hash != factories.CHEAP_HASH


def test_two_presses_of_the_language_button_both_count(session) -> None:
    account = factories.create_account(name="doubled")
    actor = actor_of(account)
    with transaction():
        touched_elsewhere(db.session.get_one(Account, account.id))
        own_account.choose_display(actor=actor, now=NOW, locale="en")
    assert by_name("doubled").locale == "en"


def test_the_same_account_name_at_once_is_refused_in_words(session) -> None:
    factories.create_account(name="other")
    with pytest.raises(InvalidInput) as refusal, transaction():
        before_our_write("UPDATE account SET name = 'taken' WHERE name = 'other'")
        accounts.create_account(actor=COMMAND_LINE, name="taken", role=None, now=NOW)
    assert refusal.value.code == "account.exists"


def test_the_same_round_code_at_once_is_refused_in_words(session) -> None:
    root, _ = stories.bureau(cases=())
    first, second = stories.managers(root)
    stories.draft(first, stories.spec(root.code, code="OTHER"))
    with pytest.raises(InvalidInput) as refusal, transaction():
        before_our_write("UPDATE round SET code = 'R2026' WHERE code = 'OTHER'")
        rounds.create_round(actor=second, spec_text=stories.spec(root.code), now=NOW)
    assert refusal.value.code == "round.exists"


def test_two_bodies_that_first_freeze_with_one_rubric_share_its_row(session) -> None:
    root, _ = stories.bureau(cases=(3,))
    manager, _ = stories.managers(root)
    stories.frozen(manager, stories.spec(root.code))
    with transaction() as inside:
        unguard(inside, "rubric_version")
        audit.record(COMMAND_LINE, "test.unguarded", now=NOW, object_type="rubric")
    before_our_write("UPDATE rubric_version SET code = 'not yet committed'")
    other, _ = stories.bureau(cases=(3,))
    neighbour, _ = stories.managers(other)
    came = []

    def other_commits(state) -> None:
        if state.is_insert and not came:
            came.append(True)
            db.session.execute(text("UPDATE rubric_version SET code = 'criminal-trial'"))

    event.listen(db.session(), "do_orm_execute", other_commits)
    assert stories.frozen(neighbour, stories.spec(other.code, code="R2")).state == "frozen"
    assert came
    count = db.session.execute(text("SELECT count(*) FROM rubric_version")).scalar_one()
    assert count == 1
