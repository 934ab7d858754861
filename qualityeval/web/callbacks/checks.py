"""Second calls: drawing them, and how far they agree with the first."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, widgets

from qualityeval.adapters.form_files import CHECK, shipped_form
from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.database import transaction
from qualityeval.queries import callbacks as callers
from qualityeval.queries import recall_checks as queries
from qualityeval.services import recall_checks as services
from qualityeval.web.callbacks import bp
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import place
from qualityeval.words.figures import share_text


class ChecksForm(Form):
    """Who makes the second calls."""

    callers = SelectMultipleField(
        _l("回访员"), option_widget=widgets.CheckboxInput(), widget=widgets.ListWidget(prefix_label=False),
        description=_l("第一次是谁拨的，就不会再派给谁。"),
    )  # fmt: skip


@bp.route("/checks", methods=["GET", "POST"])
@requires(Permission.CALLBACK_PLAN)
def checks() -> Any:
    """Agreement by question, and a new draw."""
    form = ChecksForm()
    people = {one.public_id: one for one in callers.callers_for(acting())}
    form.callers.choices = [(key, one.display_name) for key, one in people.items()]
    if form.validate_on_submit():
        try:
            with transaction():
                chosen = {one.public_id: one for one in callers.callers_for(acting())}
                listed, alone = services.draw_checks(
                    actor=acting(), callers=[chosen[key] for key in form.callers.data or []],
                    seed=secrets.token_hex(32), now=now(),
                )  # fmt: skip
            flash(_("已抽 %(count)s 人复核。", count=listed), "success")
            if alone:
                flash(_("%(count)s 人没有别的回访员可派，没有列入。", count=alone), "info")
            return redirect(url_for("callbacks.checks"), 303)
        except RuleViolation as refusal:
            place(form, refusal)
    return render_template(
        "callbacks/checks.html", form=form, people=people, figures=queries.figures_for(acting()),
        waiting=len(queries.completed_for(acting())), asked=shipped_form(CHECK), share_text=share_text,
    ), 422 if form.errors or form.form_errors else 200  # fmt: skip
