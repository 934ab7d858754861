"""From cookie to actor and back: the cookie holds a random token, the session lives in the database."""

from datetime import timedelta

from flask import Flask, Response, current_app, g, request, session

from qualityeval.database import db, transaction
from qualityeval.models import Account
from qualityeval.queries import accounts as queries
from qualityeval.services import sessions as services
from qualityeval.web.guards import current_actor, now

TOKEN = "sid"  # noqa: S105 -- the name of the cookie's field
TOUCH_EVERY = timedelta(minutes=1)


def load_actor() -> None:
    """Find out who is here; an ended or idle session is nobody."""
    g.actor, g.session_id, g.must_change_password, g.locale = None, None, False, session.get("locale", "zh")
    g.large_print, g.touch = bool(session.get("large_print")), False
    token = session.get(TOKEN)
    if not token or request.endpoint == "assets.file":
        return
    found = queries.open_session(services.token_hash(token))
    if found is None or not services.is_live(found, now=now(), idle=current_app.config["SESSION_IDLE"]):
        session.pop(TOKEN, None)
        g.session_ended = True
        return
    account = found.account
    g.actor, g.session_id = queries.actor_of(account), found.id
    g.must_change_password = account.must_change_password
    g.locale, g.large_print = account.locale, account.large_print
    g.touch = now() - found.seen_at >= TOUCH_EVERY


def touch_session(response: Response) -> Response:
    """Note use, at most once a minute, after the page's own reads."""
    if getattr(g, "touch", False):
        db.session.rollback()
        with transaction():
            services.touch(g.session_id, now=now())
    return response


def begin(account: Account, *, attempt: int, carried: str | None = None) -> None:
    """Sign the account in: everything the cookie held before is dropped, so no planted id survives."""
    token = services.open_session(
        attempt=attempt, account=account, now=now(), limit=current_app.config["SESSION_LIMIT"],
        address=request.remote_addr or "", agent=request.user_agent.string,
    )  # fmt: skip
    session.clear()
    session.permanent = True
    session[TOKEN] = token
    session["locale"] = account.locale
    if carried:
        session["carried_for"] = account.public_id


def end(because: str) -> None:
    """Sign out: the session row ends, the cookie is emptied."""
    token, actor = session.get(TOKEN), current_actor()
    found = queries.open_session(services.token_hash(token)) if token else None
    if found is not None and actor is not None:
        services.end_session(actor=actor, session=found, because=because, now=now())


def register_sessions(app: Flask) -> None:
    """Before each request the actor, after it the touch."""
    app.before_request(load_actor)
    app.after_request(touch_session)
