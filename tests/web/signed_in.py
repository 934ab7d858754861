"""Signed-in browsers for tests that hold a database session of their own beside the requests."""

from flask import Flask
from flask.testing import FlaskClient

from qualityeval.models import Account
from tests import personas
from tests.structure.objects import sign_in


def browser_for(app: Flask, persona: str) -> FlaskClient:
    """A browser signed in as the persona, from inside the test's application context."""
    return browser_of(app, personas.account_for(persona))


def browser_of(app: Flask, account: Account) -> FlaskClient:
    """A browser signed in as the account."""
    client = app.test_client()
    sign_in(client, personas.token_of(account))
    return client
