"""Before a file opens: the expert signs the round's undertaking, a manager ticks who attended the training."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from qualityeval.authz import Permission
from qualityeval.core.appointments import CALIBRATION, TRAINING, UNDERTAKING
from qualityeval.core.errors import RuleViolation
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import clearances as queries
from qualityeval.queries import sheets
from qualityeval.services import clearances as services
from qualityeval.web.assignments import bp
from qualityeval.web.assignments.forms import SignForm, TrainedForm
from qualityeval.web.assignments.views import round_of
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.words import appointments as words


@bp.route("/assignments/<public_id>/undertaking", methods=["GET", "POST"])
@requires(Permission.SHEET_WRITE)
def undertaking(public_id: str) -> Any:
    """The sentences and the line for the own name; then on to the file."""
    assignment = sheets.get_for(acting(), public_id, opening=False)
    form = SignForm()
    if not form.is_submitted():
        return _sign_page(assignment, form)
    if not form.validate():
        return _sign_page(assignment, form), 422
    try:
        with transaction():
            assignment = sheets.get_for(acting(), public_id, opening=False)
            services.sign(
                actor=acting(),
                assignment=assignment,
                name=form.name.data or "",
                text=words.UNDERTAKING,
                now=now(),
            )
    except RuleViolation as refusal:
        place(form, refusal)
        return _sign_page(sheets.get_for(acting(), public_id, opening=False), form), 422
    flash(_("已签署承诺书。"), "success")
    left = queries.lacking(assignment.round_id, assignment.expert_id)
    there = "assignments.undertaking" if left else "scoring.sheet"
    return redirect(url_for(there, public_id=public_id), 303)


def _sign_page(assignment: sheets.OnDesk, form: SignForm) -> str:
    left = queries.lacking(assignment.round_id, assignment.expert_id)
    return render_template(
        "assignments/undertaking.html", row=sheets.row_for(acting(), assignment.public_id), form=form,
        sentences=[_(one) for one in words.UNDERTAKING], to_sign=UNDERTAKING in left, untrained=TRAINING in left,
        uncalibrated=CALIBRATION in left,
    )  # fmt: skip


@bp.route("/rounds/<public_id>/clearances", methods=["GET", "POST"])
@requires(Permission.ROUND_ASSIGN)
def clearances(public_id: str) -> Any:
    """Who has signed, who was trained; POST ticks the training of some."""
    round_, form = round_of(public_id), TrainedForm()
    if not form.is_submitted():
        return _round_page(round_, form)
    if not form.validate():
        return _round_page(round_, form), 422
    try:
        with transaction():
            count = services.tick_training(
                actor=acting(), round_=round_of(public_id), codes=form.trained.data or (), now=now()
            )
    except RuleViolation as refusal:
        place(form, refusal)
        return _round_page(round_of(public_id), form), 422
    flash(ngettext("已登记 %(num)s 名专家的培训。", "已登记 %(num)s 名专家的培训。", count), "success")
    return redirect(url_for("assignments.clearances", public_id=public_id), 303)


def _round_page(round_: Round, form: TrainedForm) -> str:
    asked, locale = queries.asked_by(round_), choose_locale()
    return render_template(
        "assignments/clearances.html", round=round_, form=form, rows=queries.of_round(acting(), round_),
        asked=[(code, words.ASKED[code].text(locale)) for code in asked], trains=TRAINING in asked,
        heads=[{"label": _("专家")}, {"label": _("单位")}, *({"label": words.ASKED[code].text(locale)} for code in asked)],
    )  # fmt: skip
