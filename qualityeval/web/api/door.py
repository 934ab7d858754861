"""Who calls: a bearer token instead of a cookie; what a refusal looks like to a program."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from qualityeval.authz import require
from qualityeval.core.api_access import ApiScope
from qualityeval.core.errors import NotAllowed, RuleViolation, msg
from qualityeval.database import db, transaction
from qualityeval.queries import api_tokens as queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import api_tokens as services
from qualityeval.services.one_time import digest_of
from qualityeval.web.api import bp
from qualityeval.web.errors import STATUS
from qualityeval.web.guards import SignInNeeded, acting, now
from qualityeval.web.messages import words

SCHEME = "Bearer "
DESCRIBED = [{"token": []}]
View = TypeVar("View", bound=Callable[..., Any])


@bp.before_request
def know_caller() -> None:
    """The account behind the token; a cookie that came along opens nothing here."""
    g.actor, g.must_change_password, g.api_scopes = None, False, frozenset()
    given = request.headers.get("Authorization", "")
    if not given.startswith(SCHEME):
        return
    token = queries.live(digest_of(given.removeprefix(SCHEME).strip()), now=now())
    if token is None:
        return
    g.actor, g.locale = actor_of(token.account), token.account.locale
    g.api_scopes = frozenset(token.scopes.split(","))
    db.session.rollback()
    with transaction():
        services.note_use(actor=g.actor, token=token, now=now())


def scoped(scope: ApiScope) -> Callable[[View], View]:
    """Guard a view of the interface: the token must name the scope and the account hold its right."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = acting()
            if scope not in g.api_scopes:
                raise NotAllowed("token.scope", msg("这个令牌没有这项权限，请用有权限的令牌。"))
            require(actor, services.NEEDS[scope])
            return view(*args, **kwargs)

        guarded.permission = services.NEEDS[scope]  # type: ignore[attr-defined]
        return cast("View", bp.doc(security=DESCRIBED)(guarded))

    return decorate


def _told(status: int, code: str, message: str, where: str = "") -> Response:
    answer = jsonify(error={"code": code, "message": message, "where": where})
    answer.status_code = status
    return answer


@bp.errorhandler(RuleViolation)
def refused(error: RuleViolation) -> Response:
    """As the command line's `--json` tells it."""
    status = next(number for kind, number in STATUS if isinstance(error, kind))
    return _told(status, error.code, words(error), error.where)


@bp.errorhandler(SignInNeeded)
def token_needed(error: SignInNeeded) -> Response:
    """One answer for no token, a wrong one, a revoked and an old one."""
    del error
    refusal = NotAllowed(
        "token.needed", msg("没有可用的令牌：请在“我的账号”里建立，放在 Authorization: Bearer 里。")
    )
    answer = _told(401, refusal.code, words(refusal))
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@bp.errorhandler(HTTPException)
def not_served(error: HTTPException) -> Response:
    """What Werkzeug refuses: a wrong method, a body that is too large."""
    answer = _told(error.code or 500, f"http.{error.code}", error.name)
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer
