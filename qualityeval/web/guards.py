"""The door: who is here, and may they open this page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, request

from qualityeval import clock
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import NotAllowed

CHANGE_FIRST = "account.password"  # the one page for somebody who still has a one-time password
View = TypeVar("View", bound=Callable[..., Any])


class SignInNeeded(Exception):
    """Nobody is signed in, or the session has ended; answered by the sign-in page."""


def current_actor() -> Actor | None:
    """The actor of this request, None where nobody is signed in."""
    return cast("Actor | None", getattr(g, "actor", None))


def acting() -> Actor:
    """The actor of a guarded page."""
    actor = current_actor()
    if actor is None:
        raise SignInNeeded
    return actor


def requires(permission: Permission) -> Callable[[View], View]:
    """Guard a view; the marker lets a structure test find views without one."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            require(acting(), permission)
            if g.must_change_password and request.endpoint != CHANGE_FIRST:
                raise NotAllowed("password.change_first")
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast("View", guarded)

    return decorate


def public(view: View) -> View:
    """Mark a view that anyone may open."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def now() -> Any:
    """The instant of this request, the same for all it does."""
    if not hasattr(g, "now"):
        g.now = clock.now()
    return g.now
