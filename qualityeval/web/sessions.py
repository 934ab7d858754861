"""From cookie to actor and back: the cookie holds a random token, the session lives in the database."""

from datetime import timedelta

from flask import Flask, Response, g, request, session

from qualityeval.clock import office_date
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Account
from qualityeval.queries import accounts as queries
from qualityeval.queries import availability, settings
from qualityeval.services import sessions as services
from qualityeval.web.guards import current_actor, now

TOKEN = "sid"  # noqa: S105 -- the name of the cookie's field
TOUCH_EVERY = timedelta(minutes=1)
SELF_REFRESHING = "fetch"  # what our script says in X-Requested-With when nobody pressed anything
WATCHED = frozenset({"sampling.room"})  # screens that renew themselves without our script too


def load_actor() -> None:
    """Find out who is here; an ended or idle session is nobody."""
    g.actor, g.session_id, g.must_change_password, g.locale = None, None, False, session.get("locale", "zh")
    g.large_print, g.touch, g.ended_for = bool(session.get("large_print")), False, ""
    g.organisation = ""  # an error page must not need the database
    if request.endpoint == "assets.file":
        return
    rules = settings.current()
    g.organisation = rules.organisation
    token = session.get(TOKEN)
    if not token:
        return
    found = queries.session_of(services.token_hash(token))
    if found is None or found.ended_at or not services.is_live(found, now=now(), rules=rules):
        session.pop(TOKEN, None)
        g.ended_for = found.account.public_id if found else ""
        return
    account = found.account
    if account.role == Role.EXPERT and availability.is_over(account.expert_code or "", office_date(now())):
        session.pop(TOKEN, None)  # a guest's access ends by itself
        return
    g.actor, g.session_id = queries.actor_of(account), found.id
    g.must_change_password = account.must_change_password
    g.locale, g.large_print = account.locale, account.large_print
    g.touch = now() - found.seen_at >= TOUCH_EVERY and not _refreshes_itself()


def _refreshes_itself() -> bool:
    """A page that renews itself in an empty room must not keep the session alive."""
    asked = request.headers.get("X-Requested-With") == SELF_REFRESHING or request.endpoint in WATCHED
    return request.method == "GET" and asked


def touch_session(response: Response) -> Response:
    """Note use, at most once a minute, after the page's own reads."""
    if getattr(g, "touch", False):
        db.session.rollback()
        with transaction():
            services.touch(g.session_id, now=now())
    return response


def begin(account: Account, *, attempt: int) -> None:
    """Sign the account in: everything the cookie held before is dropped, so no planted id survives."""
    token = services.open_session(
        attempt=attempt, account=account, now=now(), address=request.remote_addr or "",
        agent=request.user_agent.string,
    )  # fmt: skip
    session.clear()
    g.pop("csrf_token", None)  # made for the cookie that has just been emptied
    session.permanent = True
    session[TOKEN] = token
    session["locale"] = account.locale


def renew() -> None:
    """Give this browser's session a new token; inside the transaction of what made it necessary."""
    session[TOKEN] = services.renew_token(g.session_id)


def end(because: str) -> None:
    """Sign out: the session row ends; nothing to do where nobody is signed in."""
    token, actor = session.get(TOKEN), current_actor()
    if token and actor:
        found = queries.session_of(services.token_hash(token))
        if found is not None:
            services.end_session(actor=actor, session=found, because=because, now=now())


def register_sessions(app: Flask) -> None:
    """Before each request the actor, after it the touch."""
    app.before_request(load_actor)
    app.after_request(touch_session)
