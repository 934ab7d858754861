"""Keeping accounts: names, roles, the three administrators, access handed over once. AZ7, AU8, AU9."""

import pytest

from qualityeval.adapters.passwords import is_right
from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import ADMINISTRATORS, SECOND_FACTOR, WITH_INSTITUTION, Role
from qualityeval.core.errors import InvalidInput, NotAllowed, RuleViolation
from qualityeval.database import transaction
from qualityeval.queries.accounts import actor_of, by_name
from qualityeval.services import accounts, own_account
from tests.factories import NOW, PASSWORD, create_account, create_institution
from tests.personas import account_for
from tests.quick_hashes import quick_hashes  # noqa: F401 -- holds for the whole module


def made(name, role=None, **fields):
    with transaction():
        return accounts.create_account(actor=COMMAND_LINE, name=name, role=role, now=NOW, **fields)


def granted(name, role, *, actor=COMMAND_LINE):
    with transaction():
        return accounts.grant_role(actor=actor, account=by_name(name), role=role, now=NOW)


def test_the_one_time_password_fits_and_has_to_be_changed(session):
    new = made("newcomer")
    assert is_right(by_name("newcomer").password_hash, new.password)
    assert by_name("newcomer").must_change_password


@pytest.mark.parametrize("role", Role)
def test_a_role_gets_a_second_factor_exactly_where_it_is_due(session, role):
    create_institution(code="990100")
    new = made("someone", role, institution="990100" if role in WITH_INSTITUTION else None, expert="E9")
    assert (new.totp_secret is not None) == (role in SECOND_FACTOR)
    assert by_name("someone").totp_secret == new.totp_secret


def test_an_account_without_a_role_is_handed_its_secret_at_once(session):
    create_institution(code="990100")
    new = made("waits", institution="990100")
    assert new.totp_secret
    assert granted("waits", Role.MANAGER) is None, "the one that was handed over stays"
    assert by_name("waits").totp_secret == new.totp_secret


def test_a_role_that_newly_needs_a_secret_hands_it_over(session):
    create_account(
        role=Role.VIEWER, name="rises", institution=create_institution(code="990100"), totp_secret=None
    )
    secret = granted("rises", Role.MANAGER)
    assert secret
    assert by_name("rises").totp_secret == secret


def test_a_name_of_the_wrong_shape_is_refused(session):
    for name in ("", "ab", "-abc", "abc-", "a b c", "名字", "x" * 65, "a\nb", "a/b", "a'b", "<b>x</b>"):
        with pytest.raises(InvalidInput) as refusal:
            made(name)
        assert (refusal.value.code, refusal.value.where) == ("account.name", "name"), name


def test_names_are_one_whatever_their_case(session):
    made("Shen.Zhixing")
    assert by_name("SHEN.zhixing") is not None
    with pytest.raises(InvalidInput) as refusal:
        made("shen.ZHIXING ")
    assert refusal.value.code == "account.exists"


@pytest.mark.parametrize("first", sorted(ADMINISTRATORS))
@pytest.mark.parametrize("second", sorted(ADMINISTRATORS))
def test_nobody_holds_two_of_the_three(session, first, second):
    made("one", first, display_name="沈知行")
    made("two", display_name="沈知行")
    if first == second:
        granted("two", second)
        return
    with pytest.raises(InvalidInput) as refusal:
        granted("two", second)
    assert refusal.value.code == "role.two_of_three"
    with pytest.raises(InvalidInput):
        made("three", second, display_name="沈知行")


def test_a_disabled_account_is_no_second_role(session):
    made("one", Role.SYSTEM, display_name="沈知行")
    made("spare", Role.SYSTEM)
    with transaction():
        accounts.set_active(actor=COMMAND_LINE, account=by_name("one"), active=False, now=NOW)
    made("two", Role.AUDIT, display_name="沈知行")


def test_renaming_is_no_way_to_two_roles(session):
    made("one", Role.SYSTEM, display_name="沈知行")
    made("two", Role.AUDIT, display_name="郑书宁")
    with pytest.raises(InvalidInput) as refusal, transaction():
        accounts.change_account(
            actor=COMMAND_LINE,
            account=by_name("two"),
            display_name="沈知行",
            institution=None,
            expert=None,
            now=NOW,
        )
    assert refusal.value.code == "role.two_of_three"


def test_an_expert_s_code_belongs_to_one_account(session):
    made("one", Role.EXPERT, expert="E1")
    with pytest.raises(InvalidInput) as refusal:
        made("two", Role.EXPERT, expert="E1")
    assert refusal.value.code == "role.expert_twice"


@pytest.mark.parametrize("role", sorted(WITH_INSTITUTION))
def test_a_role_with_a_place_needs_one(session, role):
    made("nowhere")
    with pytest.raises(InvalidInput) as refusal:
        granted("nowhere", role)
    assert refusal.value.code == "role.institution"


def test_nobody_changes_their_own_role_or_access(session):
    security, system = actor_of(account_for("security")), actor_of(account_for("system"))
    with pytest.raises(NotAllowed) as refusal:
        granted("security", Role.AUDIT, actor=security)
    assert refusal.value.code == "role.own"
    for act, code in (
        (lambda one: accounts.set_active(actor=system, account=one, active=False, now=NOW), "account.own"),
        (lambda one: accounts.reset_access(actor=system, account=one, now=NOW), "account.own_reset"),
    ):
        with pytest.raises(NotAllowed) as refusal, transaction():
            act(by_name("system"))
        assert refusal.value.code == code


@pytest.mark.parametrize("office", ["security", "audit"])
def test_the_system_administrator_is_handed_no_other_office(session, office):
    account_for(office)
    system = actor_of(account_for("system"))
    before = by_name(office).password_hash
    with pytest.raises(NotAllowed) as refusal, transaction():
        accounts.reset_access(actor=system, account=by_name(office), now=NOW)
    assert refusal.value.code == "account.other_office"
    assert by_name(office).password_hash == before
    with transaction():
        accounts.reset_access(actor=COMMAND_LINE, account=by_name(office), now=NOW)
    assert by_name(office).password_hash != before


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_the_last_administrator_of_a_kind_stays(session, role):
    made("last", role)
    with pytest.raises(NotAllowed) as refusal, transaction():
        accounts.set_active(actor=COMMAND_LINE, account=by_name("last"), active=False, now=NOW)
    assert refusal.value.code == "account.last"
    with pytest.raises(NotAllowed):
        granted("last", None)
    made("next", role)
    granted("last", None)


def test_a_reset_replaces_everything_that_was_known(session):
    account_for("manager")
    before = by_name("manager").totp_secret
    with transaction():
        new = accounts.reset_access(actor=COMMAND_LINE, account=by_name("manager"), now=NOW)
    account = by_name("manager")
    assert not is_right(account.password_hash, PASSWORD)
    assert is_right(account.password_hash, new.password)
    assert account.must_change_password
    assert account.totp_secret == new.totp_secret != before


WRITES = {
    "create": lambda actor: accounts.create_account(actor=actor, name="made", role=None, now=NOW),
    "grant": lambda actor: accounts.grant_role(actor=actor, account=by_name("expert"), role=None, now=NOW),
    "active": lambda actor: accounts.set_active(
        actor=actor, account=by_name("expert"), active=False, now=NOW
    ),
    "unlock": lambda actor: accounts.unlock(actor=actor, account=by_name("expert"), now=NOW),
    "reset": lambda actor: accounts.reset_access(actor=actor, account=by_name("expert"), now=NOW),
    "end": lambda actor: accounts.end_sessions(actor=actor, account=by_name("expert"), now=NOW),
    "export": lambda actor: accounts.note_export(actor=actor, rows=1, filters={}, now=NOW),
    "change": lambda actor: accounts.change_account(
        actor=actor, account=by_name("expert"), display_name="x", institution=None, expert="E1", now=NOW
    ),
}


@pytest.mark.parametrize("persona", ["system", "security", "audit", "manager", "expert", "no_role"])
def test_each_write_belongs_to_one_administrator(session, persona):
    actor = actor_of(account_for(persona))
    account_for("expert")
    for write, act in WRITES.items():
        if persona == ("security" if write == "grant" else "system"):
            with transaction():
                act(actor)
        else:
            with pytest.raises(NotAllowed), transaction():
                act(actor)


def test_changing_one_s_own_password(session):
    actor = actor_of(account_for("expert"))
    for old, new, code in (
        ("wrong", "another mulberry lantern", "password.wrong"),
        (PASSWORD, "short", "password.short"),
        (PASSWORD, PASSWORD, "password.same"),
        (PASSWORD, "password1234", "password.guessable"),
    ):
        with pytest.raises(RuleViolation) as refusal, transaction():
            own_account.change_password(actor=actor, old=old, new=new, now=NOW)
        assert refusal.value.code == code
    with transaction():
        own_account.change_password(actor=actor, old=PASSWORD, new="another mulberry lantern", now=NOW)
    assert is_right(by_name("expert").password_hash, "another mulberry lantern")
