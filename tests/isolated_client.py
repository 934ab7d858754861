"""A test client whose requests are as separate from the test, and from each other, as real ones."""

from contextvars import Context
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient

from qualityeval.database import db


class IsolatedClient(FlaskClient):
    """Runs each request in an empty context, so that `g` and the session of the test stay out of it.

    Flask would otherwise reuse the test's application context and hand the actor of one request to the
    next. The test's own savepoint is ended first: ended later, it would take the request's work with it.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if has_app_context():
            db.session.rollback()
        kwargs.setdefault("buffered", True)  # a streamed file is closed, whether the test reads it or not
        answer = Context().run(super().open, *args, **kwargs)
        if has_app_context():
            db.session.expire_all()
        return answer
