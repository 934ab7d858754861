"""What the system administrator does to one account."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from qualityeval.authz import Permission
from qualityeval.core.errors import NotAllowed, RuleViolation
from qualityeval.database import transaction
from qualityeval.models import Account
from qualityeval.queries import accounts as queries
from qualityeval.services import accounts as services
from qualityeval.web.admin import bp
from qualityeval.web.admin.accounts import handed_over
from qualityeval.web.admin.forms import AccountForm
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import place, words


@bp.route("/accounts/<public_id>/edit", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE)
def edit_account(public_id: str) -> Any:
    """Name, institution and expert's code."""
    found = queries.get_for(acting(), public_id)
    form = AccountForm(
        display_name=found.display_name, expert=found.expert_code or "",
        institution=found.institution.code if found.institution else "",
    )  # fmt: skip
    if not form.validate_on_submit():
        return render_template(
            "admin/edit_account.html", form=form, account=found
        ), 422 if form.errors else 200
    try:
        with transaction():
            services.change_account(
                actor=acting(), account=queries.get_for(acting(), public_id), now=now(),
                display_name=form.display_name.data or "", institution=(form.institution.data or "").strip() or None,
                expert=(form.expert.data or "").strip() or None,
            )  # fmt: skip
    except RuleViolation as refusal:
        place(form, refusal)
        found = queries.get_for(acting(), public_id)
        return render_template("admin/edit_account.html", form=form, account=found), 422
    flash(_("账号已保存。"), "success")
    return redirect(url_for("admin.account", public_id=public_id), 303)


@bp.post("/accounts/<public_id>/active")
@requires(Permission.ACCOUNTS_MANAGE)
def set_active(public_id: str) -> Response:
    """Disable or enable."""
    active = request.form.get("active") == "1"
    return _done(
        public_id,
        lambda found: services.set_active(actor=acting(), account=found, active=active, now=now()),
        _("账号已启用。") if active else _("账号已停用，所有登录都已退出。"),
    )


@bp.post("/accounts/<public_id>/unlock")
@requires(Permission.ACCOUNTS_MANAGE)
def unlock(public_id: str) -> Response:
    """Let a locked account try again."""
    return _done(
        public_id,
        lambda found: services.unlock(actor=acting(), account=found, now=now()),
        _("已解锁，可以再试。"),
    )


@bp.post("/accounts/<public_id>/end-sessions")
@requires(Permission.ACCOUNTS_MANAGE)
def end_sessions(public_id: str) -> Response:
    """Sign the account out everywhere."""
    return _done(
        public_id,
        lambda found: services.end_sessions(actor=acting(), account=found, now=now()),
        _("所有登录都已退出。"),
    )


def _done(public_id: str, act: Callable[[Account], None], said: str) -> Response:
    """Do it and go back to the account; a refusal is said there."""
    try:
        with transaction():
            act(queries.get_for(acting(), public_id))
        flash(said, "success")
    except RuleViolation as refusal:
        if refusal.code == "not_found":
            raise
        flash(words(refusal), "error")
    return redirect(url_for("admin.account", public_id=public_id), 303)


@bp.route("/accounts/<public_id>/reset", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_MANAGE)
def reset_access(public_id: str) -> Any:
    """GET says what it does; POST gives a new one-time password and QR code, shown once."""
    found = queries.get_for(acting(), public_id)
    if request.method == "GET":
        return render_template("admin/reset.html", account=found)
    try:
        with transaction():
            again = queries.get_for(acting(), public_id)
            new = services.reset_access(actor=acting(), account=again, now=now())
    except NotAllowed as refusal:
        flash(words(refusal), "error")
        return redirect(url_for("admin.account", public_id=public_id), 303)
    return handed_over(new.account, password=new.password, secret=new.totp_secret)
