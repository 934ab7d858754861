"""A browser for an actor, and a page as text."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from qualityeval.authz import Actor
from qualityeval.database import db
from qualityeval.models import Account
from tests.web.signed_in import browser_of


def client_of(app: Flask, actor: Actor, *, locale: str = "zh") -> FlaskClient:
    """A browser in which this actor is signed in, with the language chosen on the account."""
    account = db.session.execute(db.select(Account).filter_by(name=actor.name)).scalar_one()
    if account.locale != locale:
        client = browser_of(app, account)
        client.post("/language", data={"locale": locale})
    return browser_of(app, account)


def text_of(answer: Any) -> str:
    """The page as text."""
    return str(answer.get_data(as_text=True))
