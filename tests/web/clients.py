"""Clients that are signed in without the pages of signing in."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from qualityeval.authz import Actor
from qualityeval.database import db
from qualityeval.models import Account
from tests.structure.objects import sign_in, token_of


def client_of(app: Flask, actor: Actor, *, locale: str = "zh") -> FlaskClient:
    """A browser in which this actor is signed in."""
    account = db.session.execute(db.select(Account).filter_by(name=actor.name)).scalar_one()
    if account.locale != locale:
        account.locale = locale
        db.session.commit()
    client = app.test_client()
    sign_in(client, token_of(account))
    return client


def text_of(answer: Any) -> str:
    """The page as text."""
    return str(answer.get_data(as_text=True))
