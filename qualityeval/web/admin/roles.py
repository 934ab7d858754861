"""The security administrator's roles."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.codes import Role
from qualityeval.core.errors import RuleViolation
from qualityeval.database import transaction
from qualityeval.queries import accounts as queries
from qualityeval.services import accounts as services
from qualityeval.web.admin import bp
from qualityeval.web.admin.accounts import asked_filter, handed_over, list_page
from qualityeval.web.admin.forms import RoleForm
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.words.people import role_text


@bp.get("/roles")
@requires(Permission.ROLES_GRANT)
def roles() -> str:
    """Who holds which role; `role=none` shows those who wait."""
    return list_page("admin/roles.html", replace(asked_filter(), state=""))


@bp.route("/roles/<public_id>", methods=["GET", "POST"])
@requires(Permission.ROLES_GRANT)
def role(public_id: str) -> Any:
    """Give or take a role; where a TOTP secret is newly needed, it is shown once on the answer."""
    found = queries.get_for(acting(), public_id)
    form = RoleForm(role=found.role or "none").offer()
    if not form.validate_on_submit():
        return _page(form, found), 422 if form.errors else 200
    chosen = None if form.role.data == "none" else Role(form.role.data)
    try:
        with transaction():
            again = queries.get_for(acting(), public_id)
            secret = services.grant_role(actor=acting(), account=again, role=chosen, now=now())
    except RuleViolation as refusal:
        place(form, refusal)
        return _page(form, queries.get_for(acting(), public_id)), 422
    if secret:
        return handed_over(again, password="", secret=secret)
    flash(
        _(
            "%(name)s 的角色：%(role)s。原有登录已退出。",
            name=again.display_name,
            role=role_text(chosen, choose_locale()),
        ),
        "success",
    )
    return redirect(url_for("admin.roles"), 303)


def _page(form: RoleForm, found: Any) -> str:
    return render_template(
        "admin/role.html", form=form, account=found, role=role_text(found.role, choose_locale()),
        own=found.id == acting().account_id,
    )  # fmt: skip
