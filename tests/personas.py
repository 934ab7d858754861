"""Signed-in browsers, one a persona, on a small tree: a province, two cities, a county and its station.

    client = client_for(app, "manager")

The rows are made at the first call in a database and found again at the next. A test that needs the
account itself asks `account_for`. Every password is factories.PASSWORD.
"""

from dataclasses import dataclass

from flask import Flask, has_app_context
from flask.testing import FlaskClient

from qualityeval import clock
from qualityeval.core.codes import Level, Role
from qualityeval.database import db, transaction
from qualityeval.models import Account, Institution
from qualityeval.queries.accounts import by_name
from qualityeval.services import sessions
from qualityeval.web.sessions import TOKEN
from tests.factories import create_account, create_institution

PLACES = {  # code: (level, code above)
    "990000": (Level.PROVINCE, ""),
    "990100": (Level.CITY, "990000"),
    "990200": (Level.CITY, "990000"),
    "990102": (Level.COUNTY, "990100"),
    "990102-1": (Level.STATION, "990102"),
}


@dataclass(frozen=True)
class Persona:
    """A role at a place; no role for an account that waits for one."""

    role: Role | None
    place: str = ""
    expert: str | None = None


PERSONAS = {
    "manager": Persona(Role.MANAGER, "990100"),
    "other_manager": Persona(Role.MANAGER, "990100"),
    "outsider": Persona(Role.MANAGER, "990200"),
    "expert": Persona(Role.EXPERT, expert="E001"),
    "observer": Persona(Role.OBSERVER, "990100"),
    "caller": Persona(Role.CALLER, "990100"),
    "liaison": Persona(Role.LIAISON, "990102"),
    "viewer": Persona(Role.VIEWER, "990100"),
    "system": Persona(Role.SYSTEM),
    "security": Persona(Role.SECURITY),
    "audit": Persona(Role.AUDIT),
    "no_role": Persona(None),
}
ANONYMOUS = "anonymous"


def client_for(app: Flask, persona: str) -> FlaskClient:
    """A browser signed in as the persona (ANONYMOUS: not signed in)."""
    client = app.test_client()
    if persona == ANONYMOUS:
        return client
    if has_app_context():
        db.session.rollback()  # the test's own savepoint, ended later, would take this one with it
    with app.app_context():
        token = token_of(account_for(persona))
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client


def account_for(persona: str) -> Account:
    """The persona's account, made where it isn't there yet; inside an application context."""
    made = by_name(persona)
    if made is not None:
        return made
    who = PERSONAS[persona]
    place = institution_for(who.place) if who.place else None
    return create_account(role=who.role, name=persona, institution=place, expert_code=who.expert)


def institution_for(code: str) -> Institution:
    """One of PLACES with everything above it."""
    found = db.session.execute(db.select(Institution).filter_by(code=code)).scalar_one_or_none()
    if found is not None:
        return found
    level, above = PLACES[code]
    return create_institution(code=code, level=level, parent=institution_for(above) if above else None)


def token_of(account: Account) -> str:
    """A session as the sign-in page opens it, without the page; the token belongs into the cookie."""
    with transaction():
        attempt = sessions.note_attempt(name=account.name, address="127.0.0.1", now=clock.now())
        return sessions.open_session(
            attempt=attempt, account=account, now=clock.now(), limit=sessions.timedelta(hours=12)
        )
