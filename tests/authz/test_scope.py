"""Which rows an actor sees: scopes as SQL against the tree, and the same answer as the policy on every row."""

from itertools import product

import pytest
from sqlalchemy import select

from qualityeval.authz import COMMAND_LINE, Permission, may, scope
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Case, Institution, Job, Round
from qualityeval.queries.accounts import actor_of
from tests.factories import NOW, create_case, create_round
from tests.personas import PERSONAS, PLACES, account_for, institution_for


@pytest.fixture
def tree(session):
    """A case and a round at every place of the personas' tree."""
    for code in PLACES:
        place = institution_for(code)
        create_case(institution=place, number=f"case-{code}")
        create_round(institution=institution_for(code), code=f"round-{code}")


def seen(model, column, condition):
    return set(db.session.execute(select(column).select_from(model).where(condition)).scalars())


def below(code):
    return {place for place in PLACES if place == code or above(place, code)}


def above(place, code):
    _level, parent = PLACES[place]
    return parent == code or (parent != "" and above(parent, code))


@pytest.mark.parametrize("persona", PERSONAS)
def test_registers_are_of_the_own_subtree_and_rounds_of_the_own_body(tree, persona):
    who = PERSONAS[persona]
    actor = actor_of(account_for(persona))
    places = below(who.place) if who.role is Role.MANAGER else set()
    assert seen(Institution, Institution.code, scope.institutions(actor)) == places
    assert seen(Case, Case.number, scope.cases(actor)) == {f"case-{code}" for code in places}
    owned = {who.place} if who.role is Role.MANAGER else set()
    assert seen(Round, Round.code, scope.rounds(actor)) == {f"round-{code}" for code in owned}


def test_the_command_line_sees_all(tree):
    assert seen(Case, Case.number, scope.cases(COMMAND_LINE)) == {f"case-{code}" for code in PLACES}
    assert seen(Round, Round.code, scope.rounds(COMMAND_LINE)) == {f"round-{code}" for code in PLACES}


def test_scope_and_policy_never_disagree(tree):
    """Two ways of saying one rule: a list may show exactly what a lookup would give."""
    actors = [actor_of(account_for(persona)) for persona in PERSONAS]
    cases = db.session.execute(select(Case)).scalars().all()
    rounds = db.session.execute(select(Round)).scalars().all()
    for actor, case in product(actors, cases):
        listed = case.number in seen(Case, Case.number, scope.cases(actor))
        assert listed == may(actor, Permission.REGISTER_READ, case), (actor.name, case.number)
    for actor, round_ in product(actors, rounds):
        listed = round_.code in seen(Round, Round.code, scope.rounds(actor))
        assert listed == may(actor, Permission.ROUND_READ, round_), (actor.name, round_.code)


@pytest.mark.arranging
def test_jobs_are_one_s_own(session):
    mine, other = account_for("manager"), account_for("other_manager")
    with transaction() as changes:
        for title, owner in (("mine", mine.id), ("other", other.id), ("system", None)):
            changes.add(Job(kind="report", title=title, account_id=owner, created_at=NOW))
    assert seen(Job, Job.title, scope.jobs(actor_of(account_for("manager")))) == {"mine"}
    assert seen(Job, Job.title, scope.jobs(COMMAND_LINE)) == {"mine", "other", "system"}


def test_a_percent_sign_in_a_path_is_no_wildcard(tree):
    actor = actor_of(account_for("manager"))
    assert (
        db.session.execute(
            select(Institution.code).where(
                scope.institutions(type(actor)(**{**actor.__dict__, "institution_path": "/%/"}))
            )
        )
        .scalars()
        .all()
        == []
    )
