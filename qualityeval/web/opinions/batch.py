"""Asking the organs of a whole round, and printing their letters."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.opinion import LINK_DAYS
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import opinion_letters as queries
from qualityeval.queries import rounds
from qualityeval.services import letters as letters_service
from qualityeval.services import opinion_letters as services
from qualityeval.web import letter_parts
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.opinions import bp
from qualityeval.words import channels

DRAWN = ("drawn", "called_in", "assigned", "scoring", "arbitration", "objection", "released", "closed")
LISTED = 200


class BatchForm(Form):
    """Which round, and how long the links live."""

    round = SelectField(_l("评估批次"))
    days = IntegerField(_l("链接有效天数"), [InputRequired(_l("请填写这一项。"))], default=LINK_DAYS)


@bp.route("/opinions/batch", methods=["GET", "POST"])
@requires(Permission.OPINION_ASK)
def batch() -> Any:
    """Choose a round; its letters wait to be printed."""
    form, listed = BatchForm(), rounds.list_for(acting(), states=DRAWN, limit=LISTED)
    form.round.choices = [SelectChoice(one.code, f"{one.code} {one.title}") for one in listed]
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.ask_round(
                    actor=acting(), round_=_round(form.round.data), days=form.days.data, now=now()
                )
            flash(_("已征询 %(count)s 件，信函可以打印了。", count=made.made), "success")
            for reason, count in made.left_out.items():
                label = channels.LEFT_OUT[reason].text(choose_locale())
                flash(_("没有征询：%(reason)s %(count)s 件", reason=label, count=count), "info")
            return redirect(url_for("opinions.batch"), 303)
        except RuleViolation as refusal:
            place(form, refusal)
    waiting = letter_parts.buttons(queries.waiting_letters(acting(), now=now()), "opinions.letters")
    page = render_template("opinions/batch.html", form=form, listed=listed, waiting=waiting)
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/opinions/letters.pdf")
@requires(Permission.OPINION_ASK)
def letters() -> Response:
    """A letter with a QR code for each unopened link, a sheet each; `round` narrows to one round's cases, `from` names
    the part.
    """
    code = request.args.get("round", "")
    ids = queries.waiting_letters(acting(), now=now(), round_=_round(code) if code else None)
    content = letters_service.organs(actor=acting(), ids=letter_parts.asked(ids), now=now())
    return letter_parts.printed(content, "organ-letters.pdf")


def _round(code: str) -> Round:
    return rounds.by_code_for(acting(), code)
