"""What is still to be observed this quarter, by institution, and sending observers there by lot."""

import secrets
from typing import Any

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField, widgets

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.hearings import Why, quarter
from qualityeval.queries import hearings as queries
from qualityeval.queries import observations as people_of
from qualityeval.services import hearings as services
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.idempotency import OnceMixin, once
from qualityeval.web.messages import place
from qualityeval.web.observations import bp
from qualityeval.words.channels import CLOSED_REASONS, WHYS
from qualityeval.words.figures import share_text
from qualityeval.words.moments import OFFICE

BY_RULE = (Why.FIRST_CASE, Why.MASS, Why.MAJOR)


class NeededForm(OnceMixin, Form):
    """Who may be sent."""

    observers = SelectMultipleField(
        _l("旁听员"), option_widget=widgets.CheckboxInput(), widget=widgets.ListWidget(prefix_label=False),
        description=_l("应当回避的人不会被派去；同一天尽量不派两场。"),
    )  # fmt: skip


@bp.route("/needed", methods=["GET", "POST"])
@requires(Permission.OBSERVATION_PLAN)
def needed() -> Any:
    """Each institution's rates, what is missing, and the lot."""
    form, today = NeededForm(), now().astimezone(OFFICE).date()
    people = {one.public_id: one for one in people_of.observers_for(acting())}
    form.observers.choices = [(key, one.display_name) for key, one in people.items()]
    if form.validate_on_submit():

        def work() -> str:
            sent = services.plan_hearings(
                actor=acting(), observers=[people[key] for key in form.observers.data or []],
                seed=secrets.token_hex(32), today=today, now=now(),
            )  # fmt: skip
            flash(_("已派出 %(count)s 场旁听。", count=sent.count), "success")
            if sent.left:
                flash(_("没有人可派（都应回避）：%(keys)s。", keys=", ".join(sent.left[:10])), "warning")
            return url_for("observations.needed")

        try:
            return once(work)
        except RuleViolation as refusal:
            place(form, refusal)
    rows, together, calendar = queries.needed_for(acting(), today)
    return render_template(
        "observations/needed.html", form=form, people=people, rows=rows, together=together, calendar=len(calendar),
        quarter=quarter(today), by_rule=BY_RULE, whys=WHYS, share_text=share_text, closed=CLOSED_REASONS,
        percent=queries.target() * 100,
    ), 422 if form.errors or form.form_errors else 200  # fmt: skip
