"""Tokens of one's own account, for programs that bring registers in or read results."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.database import transaction
from qualityeval.queries import api_tokens as queries
from qualityeval.services import api_tokens as services
from qualityeval.web.account import bp
from qualityeval.web.account.forms import TokenForm
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.words.api import SCOPES


@bp.route("/account/tokens", methods=["GET", "POST"])
@requires(Permission.SIGNED_IN)
def tokens() -> Any:
    """What programs may do in my name; a new token is shown once, on the page that answers."""
    form = TokenForm()
    offered = services.scopes_for(acting())
    for scope in set(SCOPES) - set(offered):
        del form[scope]
    made = ""
    if form.validate_on_submit():
        try:
            with transaction():
                _row, made = services.issue(
                    actor=acting(), title=form.title.data or "", scopes=form.scopes(), days=form.days.data or 0,
                    now=now(),
                )  # fmt: skip
        except RuleViolation as refusal:
            place(form, refusal)
    page = render_template(
        "account/tokens.html", form=form, made=made, tokens=queries.own(acting()), now=now(), offered=offered,
        words=[(scope.value, label.text(choose_locale())) for scope, label in SCOPES.items()],
    )  # fmt: skip
    return page, 422 if form.errors else 200


@bp.post("/account/tokens/<public_id>/revoke")
@requires(Permission.SIGNED_IN)
def revoke_token(public_id: str) -> Response:
    """From now on this token opens nothing."""
    with transaction():
        services.revoke(actor=acting(), token=queries.get_own(acting(), public_id), now=now())
    flash(_("令牌已停用。"), "success")
    return redirect(url_for("account.tokens"), 303)
