"""Signing in: the lockout counted by the database, codes that work once, limits to the second. AU1, AU3, AU5, AU6."""

from datetime import timedelta

import pytest

from qualityeval.adapters.second_factor import code_at
from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.core.settings import Settings
from qualityeval.database import db, transaction
from qualityeval.models import AccountSession, AuditEvent
from qualityeval.queries.accounts import by_name, session_of, sessions_of
from qualityeval.services import accounts, own_account, sessions
from qualityeval.services import settings as settings_service
from tests.factories import NOW, PASSWORD, TOTP_SECRET, create_account
from tests.personas import account_for
from tests.quick_hashes import quick_hashes  # noqa: F401 -- holds for the whole module

SECOND = timedelta(seconds=1)


def tried(name, *, now, address="10.0.0.1"):
    with transaction():
        return sessions.note_attempt(name=name, address=address, now=now)


def wrong(name, times, *, now):
    for _ in range(times):
        with pytest.raises(sessions.SignInRefused):
            sessions.check_password(attempt=tried(name, now=now), name=name, password="wrong", now=now)


def right(name, *, now):
    return sessions.check_password(attempt=tried(name, now=now), name=name, password=PASSWORD, now=now)


def opened(account, *, now=NOW):
    attempt = tried(account.name, now=now)
    with transaction():
        return sessions.open_session(attempt=attempt, account=by_name(account.name), now=now)


def test_the_fifth_failure_locks_and_the_right_password_is_refused(session):
    create_account(role=Role.EXPERT, name="locked-out")
    create_account(role=Role.EXPERT, name="neighbour")
    wrong("locked-out", 4, now=NOW)
    assert right("locked-out", now=NOW).name == "locked-out"
    wrong("locked-out", 0, now=NOW)
    with pytest.raises(
        sessions.Locked
    ) as refusal:  # the try above was right but led to no session: it counts
        right("locked-out", now=NOW)
    assert "5" in refusal.value.message
    assert right("neighbour", now=NOW).name == "neighbour"


def test_the_lock_ends_with_its_window_to_the_second(session):
    create_account(role=Role.EXPERT, name="waits")
    wrong("waits", 5, now=NOW)
    with pytest.raises(sessions.Locked):
        right("waits", now=NOW + timedelta(minutes=15) - SECOND)
    assert right("waits", now=NOW + timedelta(minutes=16)).name == "waits"


def test_a_success_forgives_what_was_before(session):
    account = create_account(role=Role.EXPERT, name="forgiven")
    wrong("forgiven", 4, now=NOW)
    opened(account, now=NOW + SECOND)
    wrong("forgiven", 4, now=NOW + 2 * SECOND)
    assert right("forgiven", now=NOW + 3 * SECOND).name == "forgiven"


def test_an_administrator_unlocks(session):
    account = create_account(role=Role.EXPERT, name="unlocked")
    wrong("unlocked", 5, now=NOW)
    assert sessions.is_locked(account, now=NOW + SECOND)
    with transaction():
        accounts.unlock(actor=COMMAND_LINE, account=by_name("unlocked"), now=NOW + SECOND)
    assert not sessions.is_locked(by_name("unlocked"), now=NOW + 2 * SECOND)
    assert right("unlocked", now=NOW + 2 * SECOND).name == "unlocked"


def test_the_number_of_failures_is_a_setting(session):
    create_account(role=Role.EXPERT, name="strict")
    with transaction():
        settings_service.change_settings(actor=COMMAND_LINE, values={"lockout_failures": "3"}, now=NOW)
    wrong("strict", 3, now=NOW)
    with pytest.raises(sessions.Locked):
        right("strict", now=NOW)


def test_a_lockout_is_one_event_and_an_unknown_name_none(session):
    create_account(role=Role.EXPERT, name="watched")
    wrong("watched", 5, now=NOW)
    wrong("nobody-here", 5, now=NOW)
    with transaction():
        said = [sessions.note_lockout(name=name, now=NOW) for name in ("watched", "watched", "nobody-here")]
        db.session.flush()
    assert said == [True, False, False]
    events = db.session.execute(db.select(AuditEvent).filter_by(action="account.locked")).scalars().all()
    assert [(event.object_id, event.actor) for event in events] == [("watched", "sign-in page")]


def test_unknown_wrong_and_disabled_are_told_alike(session):
    create_account(role=Role.EXPERT, name="known")
    create_account(role=Role.EXPERT, name="asleep", active=False)
    said = set()
    for name, password in (("known", "wrong"), ("nobody", PASSWORD), ("asleep", PASSWORD)):
        with pytest.raises(sessions.SignInRefused) as refusal:
            sessions.check_password(attempt=tried(name, now=NOW), name=name, password=password, now=NOW)
        said.add((refusal.value.code, refusal.value.message, refusal.value.where))
    assert len(said) == 1


def code_given(name, code, *, now=NOW):
    """As the page does it: the code is taken and the session opened in one transaction."""
    attempt = tried(name, now=now)
    with transaction():
        sessions.check_code(attempt=attempt, account=by_name(name), code=code, now=now)
        return sessions.open_session(attempt=attempt, account=by_name(name), now=now)


@pytest.mark.parametrize(
    ("drift", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_code_may_be_one_step_off(session, drift, accepted):
    account_for("manager")
    code = code_at(TOTP_SECRET, NOW + timedelta(seconds=drift))
    if accepted:
        assert code_given("manager", code)
    else:
        with pytest.raises(sessions.CodeRefused):
            code_given("manager", code)


def test_a_code_works_once_and_none_before_it_afterwards(session):
    account_for("manager")
    assert code_given("manager", code_at(TOTP_SECRET, NOW))
    for back in (timedelta(0), 30 * SECOND):
        with pytest.raises(sessions.CodeRefused):
            code_given("manager", code_at(TOTP_SECRET, NOW - back))
    assert code_given("manager", code_at(TOTP_SECRET, NOW + 30 * SECOND))


def test_a_code_of_another_account_is_refused(session):
    create_account(role=Role.MANAGER, name="mine", totp_secret="KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU")
    with pytest.raises(sessions.CodeRefused):
        sessions.check_code(
            attempt=tried("mine", now=NOW), account=by_name("mine"), code=code_at(TOTP_SECRET, NOW), now=NOW
        )


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "١٢٣٤٥٦", "1" * 400, "\x00\x00\x00\x00\x00\x00"])
def test_no_other_text_is_a_code(session, code):
    account_for("manager")
    with pytest.raises(sessions.CodeRefused):
        sessions.check_code(attempt=tried("manager", now=NOW), account=by_name("manager"), code=code, now=NOW)


def test_five_wrong_codes_lock(session):
    account_for("manager")
    for _ in range(5):
        with pytest.raises(sessions.CodeRefused):
            sessions.check_code(
                attempt=tried("manager", now=NOW), account=by_name("manager"), code="000000", now=NOW
            )
    with pytest.raises(sessions.Locked):
        sessions.check_code(
            attempt=tried("manager", now=NOW),
            account=by_name("manager"),
            code=code_at(TOTP_SECRET, NOW),
            now=NOW,
        )


def test_only_the_hash_of_a_token_is_stored(session):
    token = opened(account_for("expert"))
    stored = db.session.execute(db.select(AccountSession)).scalars().all()
    assert token not in {value for row in stored for value in vars(row).values()}
    assert session_of(sessions.token_hash(token)) is not None


def held(token, now, **rules):
    return sessions.is_live(session_of(sessions.token_hash(token)), now=now, rules=Settings(**rules))


def test_idle_and_absolute_limits_hold_to_the_second(session):
    token = opened(account_for("expert"))
    assert held(token, NOW + timedelta(minutes=60) - SECOND)
    assert not held(token, NOW + timedelta(minutes=60))
    for minutes in range(30, 12 * 60, 30):
        with transaction():
            sessions.touch(session_of(sessions.token_hash(token)).id, now=NOW + timedelta(minutes=minutes))
        db.session.expire_all()
    assert held(token, NOW + timedelta(hours=12) - SECOND)
    assert not held(token, NOW + timedelta(hours=12))


def test_shorter_limits_reach_open_sessions_and_longer_ones_revive_none(session):
    token = opened(account_for("expert"))
    later = NOW + timedelta(minutes=20)
    assert held(token, later)
    assert not held(token, later, session_idle_minutes=15)
    with transaction():
        sessions.touch(session_of(sessions.token_hash(token)).id, now=NOW + timedelta(hours=11, minutes=30))
    db.session.expire_all()
    assert not held(token, NOW + timedelta(hours=11, minutes=31), session_hours=1)
    assert not held(token, NOW + timedelta(hours=12), session_hours=12)


@pytest.mark.parametrize("cause", ["disabled", "role", "reset", "password", "administrator", "place"])
def test_a_change_of_rights_ends_the_sessions(session, cause):
    from qualityeval.queries.accounts import actor_of

    account = account_for("expert")
    token = opened(account)
    acts = {
        "disabled": lambda one: accounts.set_active(actor=COMMAND_LINE, account=one, active=False, now=NOW),
        "role": lambda one: accounts.grant_role(actor=COMMAND_LINE, account=one, role=None, now=NOW),
        "reset": lambda one: accounts.reset_access(actor=COMMAND_LINE, account=one, now=NOW),
        "password": lambda one: own_account.change_password(
            actor=actor_of(one), old=PASSWORD, new="another mulberry lantern", now=NOW
        ),
        "administrator": lambda one: accounts.end_sessions(actor=COMMAND_LINE, account=one, now=NOW),
        "place": lambda one: accounts.change_account(
            actor=COMMAND_LINE, account=one, display_name="x", institution=None, expert="E2", now=NOW
        ),
    }
    with transaction():
        acts[cause](by_name(account.name))
    ended = session_of(sessions.token_hash(token))
    assert (ended.ended_at, ended.ended_because) == (NOW, cause)
    assert sessions_of(by_name(account.name), now=NOW + SECOND) == []
