"""A released round's deductions, the worst cases first, to be sent out as tickets; and how the tickets stand."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import DateField, RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from qualityeval.authz import Permission, require
from qualityeval.core.errors import RuleViolation
from qualityeval.core.follow_up import FROM_REVIEW, LONGEST, WORKING_DAYS
from qualityeval.core.rubric_parts import show_points
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import rounds as round_queries
from qualityeval.queries import tickets as queries
from qualityeval.services import tickets as services
from qualityeval.web.follow_ups import bp
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.words import follow_ups as words


class TicketsForm(Form):
    """What is sent out for the ticked deductions."""

    kind = RadioField(_l("通知的种类"), [DataRequired(_l("请选择一项。"))], choices=[])
    due = DateField(
        _l("答复期限"), [Optional()], description=_l("不填就是 %(days)s 个工作日。", days=WORKING_DAYS[FROM_REVIEW[0]])
    )  # fmt: skip
    note = TextAreaField(
        _l("整改要求"), [Length(max=LONGEST)], description=_l("会写在每件通知里，接在专家写的扣分理由后面。")
    )


@bp.route("/rounds/<public_id>", methods=["GET", "POST"])
@requires(Permission.ROUND_RELEASE)
def tickets(public_id: str) -> Any:
    """Tick deductions and send tickets out for them."""
    round_ = _round(public_id)
    form = _form()
    if request.method == "GET":
        round_after(round_.state, RoundAct.REVIEW)
        return _page(round_, form)
    if not form.validate():
        return _page(round_, form), 422
    pairs = [
        (sampled, item)
        for sampled, _sep, item in (one.partition(":") for one in request.form.getlist("chosen"))
    ]
    try:
        with transaction():
            made = services.open_tickets(
                actor=acting(), round_=_round(public_id), chosen=pairs, kind=form.kind.data, due=form.due.data,
                note=form.note.data or "", now=now(),
            )  # fmt: skip
            count = len(made)
    except RuleViolation as refusal:
        place(form, refusal)
        return _page(_round(public_id), form), 422
    flash(ngettext("已发出 %(num)s 件通知。", "已发出 %(num)s 件通知。", count), "success")
    return redirect(url_for("follow_ups.tickets", public_id=public_id), 303)


def _round(public_id: str) -> Round:
    round_ = round_queries.get_for(acting(), public_id)
    require(acting(), Permission.ROUND_RELEASE, round_)
    return round_


def _form() -> TicketsForm:
    form = TicketsForm()
    form.kind.choices = [
        SelectChoice(kind.value, words.KINDS[kind].text(choose_locale())) for kind in FROM_REVIEW
    ]
    return form


def _page(round_: Round, form: TicketsForm) -> str:
    total = queries.count_cases(acting(), round_)
    pages = pages_of(total, queries.PER_PAGE)
    page = page_asked(pages)
    return render_template(
        "follow_ups/tickets.html", round=round_, form=form, total=total, page=page, pages=pages,
        per_page=queries.PER_PAGE, ticked=set(request.form.getlist("chosen")), show_points=show_points,
        cases=queries.cases_for(acting(), round_, offset=(page - 1) * queries.PER_PAGE),
        rollups=queries.rollups_for(acting(), round_, now=now()), locale=choose_locale(),
    )  # fmt: skip
