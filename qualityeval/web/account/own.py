"""One's own account: password, sessions, language, print size."""

from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound, RuleViolation
from qualityeval.database import db, transaction
from qualityeval.models import Account
from qualityeval.queries.accounts import sessions_of
from qualityeval.services import own_account
from qualityeval.services import sessions as services
from qualityeval.web import carry, sessions
from qualityeval.web.account import bp
from qualityeval.web.account.forms import NoticesForm, PasswordForm
from qualityeval.web.guards import acting, current_actor, now, public, requires
from qualityeval.web.locale import LOCALES, choose_locale
from qualityeval.web.messages import place
from qualityeval.web.redirects import safe_next
from qualityeval.web.sessions import TOKEN
from qualityeval.words.people import role_text


@bp.get("/account")
@requires(Permission.SIGNED_IN)
def own() -> str:
    """Who I am here, and where I am signed in."""
    account = db.session.get_one(Account, acting().account_id)
    here = services.token_hash(session[TOKEN])
    return render_template(
        "account/own.html", account=account, role=role_text(account.role, choose_locale()),
        sessions=sessions_of(account, now=now()), here=here, notices=_notices_text(account),
    )  # fmt: skip


def _notices_text(account: Account) -> str:
    ways = (
        (account.mail_notices and account.email, _("邮件")),
        (account.sms_notices and account.mobile, _("短信")),
    )
    return "、".join(name for on, name in ways if on) or _("只在我的待办里")


@bp.route("/account/password", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def password() -> Any:
    """Change the password; other browsers are signed out."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template(
            "account/password.html", form=form, first=g.must_change_password
        ), 422 if form.errors else 200
    try:
        with transaction():
            own_account.change_password(
                actor=acting(), old=form.old.data or "", new=form.new.data or "", now=now(),
                keep=services.token_hash(session[TOKEN]),
            )  # fmt: skip
            sessions.renew()
    except RuleViolation as refusal:
        place(form, refusal)
        return render_template("account/password.html", form=form, first=g.must_change_password), 422
    flash(_("密码已改。别处的登录都已退出。"), "success")
    content = carry.unpack_for(form.carried.data or "", db.session.get_one(Account, acting().account_id))
    if content is not None:
        return carry.filled_page(content)
    return redirect(url_for("todo.index" if g.must_change_password else "account.own"))


@bp.route("/account/notices", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def notices() -> Any:
    """Where I am told of things beside my list of tasks."""
    account = db.session.get_one(Account, acting().account_id)
    form = NoticesForm(
        email=account.email, mobile=account.mobile, by_mail=account.mail_notices, by_sms=account.sms_notices
    )
    if not form.validate_on_submit():
        return render_template("account/notices.html", form=form), 422 if form.errors else 200
    try:
        with transaction():
            own_account.choose_notices(
                actor=acting(), email=form.email.data or "", mobile=form.mobile.data or "",
                by_mail=form.by_mail.data, by_sms=form.by_sms.data, now=now(),
            )  # fmt: skip
    except RuleViolation as refusal:
        place(form, refusal)
        return render_template("account/notices.html", form=form), 422
    flash(_("已记下。"), "success")
    return redirect(url_for("account.own"))


@bp.post("/account/sessions/<public_id>/end")
@requires(Permission.SIGNED_IN)
def end_session(public_id: str) -> Response:
    """Sign one of my own browsers out."""
    with transaction():
        account = db.session.get_one(Account, acting().account_id)
        found = next((one for one in sessions_of(account, now=now()) if one.public_id == public_id), None)
        if found is None:
            raise NotFound
        services.end_session(actor=acting(), session=found, because="ended by owner", now=now())
    flash(_("那处登录已退出。"), "success")
    return redirect(url_for("account.own"))


@bp.post("/language")
@public
def language() -> Response:
    """Chinese or English; remembered for the account where signed in."""
    locale = request.form.get("locale", "zh")
    if locale in LOCALES:
        session["locale"] = locale
        _remember(locale=locale)
    return redirect(safe_next(request.form.get("next")) or url_for("todo.index"))


@bp.post("/large-print")
@public
def large_print() -> Response:
    """Larger letters on or off."""
    wanted = request.form.get("large_print") == "1"
    session["large_print"] = wanted
    _remember(large_print=wanted)
    return redirect(safe_next(request.form.get("next")) or url_for("todo.index"))


def _remember(*, locale: str | None = None, large_print: bool | None = None) -> None:
    actor = current_actor()
    if actor is not None:
        with transaction():
            own_account.choose_display(actor=actor, now=now(), locale=locale, large_print=large_print)
