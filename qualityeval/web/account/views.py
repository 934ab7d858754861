"""Signing in, the second factor, signing out."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from qualityeval.core.errors import RuleViolation
from qualityeval.database import transaction
from qualityeval.extensions import limiter
from qualityeval.models import Account
from qualityeval.queries.accounts import by_name
from qualityeval.services import sessions as services
from qualityeval.web import carry, sessions
from qualityeval.web.account import bp
from qualityeval.web.account.forms import CodeForm, PasswordForm, SignInForm
from qualityeval.web.guards import now, public
from qualityeval.web.messages import place
from qualityeval.web.redirects import safe_next

WAITING = "waiting"  # who has given the right password, until the code
WAITING_SECONDS = 300


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("60 per minute", methods=["POST"])
def sign_in() -> Any:
    """Name and password."""
    form = SignInForm()
    if request.method == "GET":
        form.next.data = safe_next(request.args.get("next"))
    if not form.validate_on_submit():
        return render_template("account/sign_in.html", form=form, ended=False)
    with transaction():
        attempt = services.note_attempt(name=form.name.data, address=request.remote_addr or "", now=now())
    try:
        account = services.check_password(
            attempt=attempt, name=form.name.data, password=form.password.data, now=now()
        )
    except RuleViolation as refusal:
        _note_lockout(form.name.data, refusal)
        place(form, refusal)
        return render_template("account/sign_in.html", form=form, ended=False), 422
    return _after_password(account, attempt, form)


def _note_lockout(name: str, refusal: RuleViolation) -> None:
    """The first refusal beyond the limit is an event; the tries themselves are counted in their own table."""
    if isinstance(refusal, services.Locked):
        with transaction():
            services.note_lockout(name=name, now=now())


def _after_password(account: Account, attempt: int, form: SignInForm) -> Any:
    name, password = account.name, form.password.data or ""
    if not services.needs_code(account):
        with transaction():
            found = by_name(name)
            if found is None:
                raise services.SignInRefused
            sessions.begin(found, attempt=attempt)
        return _arrived(name, carried=form.carried.data, target=form.next.data)
    with transaction():
        if (found := by_name(name)) is not None:
            services.accept_password(attempt=attempt, account=found, password=password, now=now())
    session[WAITING] = {"name": name, "at": int(now().timestamp()), "next": safe_next(form.next.data)}
    code_form = CodeForm(formdata=None)
    code_form.carried.data = form.carried.data
    return render_template("account/totp.html", form=code_form)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
@limiter.limit("60 per minute", methods=["POST"])
def totp() -> Any:
    """The code of the authenticator, after the password."""
    waiting = session.get(WAITING)
    if not waiting or now().timestamp() - waiting["at"] > WAITING_SECONDS:
        session.pop(WAITING, None)
        return redirect(url_for("account.sign_in"))
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("account/totp.html", form=form)
    with transaction():
        attempt = services.note_attempt(name=waiting["name"], address=request.remote_addr or "", now=now())
    try:
        with transaction():
            account = by_name(waiting["name"])
            if account is None:
                raise services.CodeRefused(where="code")
            services.check_code(attempt=attempt, account=account, code=form.code.data or "", now=now())
            sessions.begin(account, attempt=attempt)
    except RuleViolation as refusal:
        _note_lockout(waiting["name"], refusal)
        place(form, refusal)
        return render_template("account/totp.html", form=form), 422
    return _arrived(waiting["name"], carried=form.carried.data, target=waiting["next"])


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session; the old cookie is worth nothing afterwards."""
    with transaction():
        sessions.end("signed out")
    locale = session.get("locale", "zh")
    session.clear()
    session["locale"] = locale
    return redirect(url_for("account.sign_in"))


def _arrived(name: str, *, carried: str | None, target: str | None) -> Any:
    """Where somebody who has just signed in goes on: a new password, the form they were at, their page."""
    sessions.load_actor()  # a page that follows at once belongs to them
    account = by_name(name)
    if account is None:
        raise services.SignInRefused
    content = carry.unpack_for(carried, account) if carried else None
    if account.must_change_password:
        form = PasswordForm(formdata=None)
        form.carried.data = carried if content else ""
        return render_template("account/password.html", form=form, first=True)
    if content is not None:
        return carry.filled_page(content)
    return redirect(safe_next(target) or url_for("todo.index"))
