"""Tokens of programs: nothing beyond the account's own rights, dead at once when they should be."""

from datetime import timedelta

import pytest

from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, NotFound
from qualityeval.database import db, transaction
from qualityeval.models import ApiToken, AuditEvent
from qualityeval.queries import api_tokens as queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import api_tokens as services
from qualityeval.services.one_time import digest_of
from tests.personas import account_for
from tests.structure.objects import NOW

pytestmark = pytest.mark.usefixtures("session")


def issued(persona="manager", scopes=("results",), days=30):
    actor = actor_of(account_for(persona))
    with transaction():
        row, text = services.issue(actor=actor, title="办案系统", scopes=scopes, days=days, now=NOW)
    return actor, row, text


def test_the_text_is_stored_nowhere_and_opens_until_its_day():
    _actor, row, text = issued()
    assert len(text) == 32  # 192 bits in base64
    assert row.token_hash == digest_of(text)
    details = [event.detail for event in db.session.execute(db.select(AuditEvent)).scalars()]
    assert not any(text in one or row.token_hash in one for one in details)
    assert queries.live(digest_of(text), now=NOW + timedelta(days=29)).id == row.id
    assert queries.live(digest_of(text), now=NOW + timedelta(days=30)) is None
    assert queries.live(digest_of("A" * 32), now=NOW) is None


def test_revoked_it_is_dead():
    actor, row, text = issued()
    with transaction():
        services.revoke(actor=actor, token=row, now=NOW)
    assert queries.live(digest_of(text), now=NOW) is None


@pytest.mark.parametrize("change", [{"active": False}, {"must_change_password": True}])
def test_with_its_account_closed_or_reset_it_is_dead(change):
    _actor, _row, text = issued()
    account = account_for("manager")
    for name, value in change.items():
        setattr(account, name, value)
    db.session.flush()
    assert queries.live(digest_of(text), now=NOW) is None


@pytest.mark.parametrize(("persona", "scope"), [("viewer", "registers"), ("expert", "results")])
def test_it_can_t_be_made_for_more_than_the_account_may(persona, scope):
    with pytest.raises(InvalidInput) as refusal:
        issued(persona, scopes=[scope])
    assert refusal.value.where == "scopes"
    assert db.session.execute(db.select(ApiToken)).first() is None


def test_its_day_of_use_is_noted_once_a_day():
    actor, row, _text = issued()
    for hours in (0, 1, 30):
        with transaction():
            services.note_use(actor=actor, token=row, now=NOW + timedelta(hours=hours))
    used = db.session.execute(db.select(AuditEvent).filter_by(action="api_token.used")).scalars().all()
    assert len(used) == 2


def test_another_s_is_not_there():
    _actor, row, _text = issued()
    with pytest.raises(NotFound):
        queries.get_own(actor_of(account_for(Role.VIEWER)), row.public_id)
