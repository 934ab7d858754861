"""The manager's side of callbacks: a list by lot, and the figures with their denominators."""

import secrets
from typing import Any

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectChoice, SelectMultipleField, StringField, widgets
from wtforms.validators import DataRequired

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.rates import parse_rate
from qualityeval.queries import callbacks as queries
from qualityeval.services import callbacks as services
from qualityeval.web.callbacks import bp
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.idempotency import OnceMixin, once
from qualityeval.web.messages import place
from qualityeval.words import channels
from qualityeval.words.figures import share_text


class ListForm(OnceMixin, Form):
    """Whose recipients, what share of them, and who calls."""

    closed_from = DateField(_l("结案日期从"), [DataRequired(_l("请选择日期。"))])
    closed_to = DateField(_l("到"), [DataRequired(_l("请选择日期。"))])
    rate = StringField(
        _l("回访比例"),
        [DataRequired(_l("请填写这一项。"))],
        description=_l("各机构分别抽取，不足一人进一。如 30%。"),
    )
    aid_form = RadioField(
        _l("范围"),
        default="",
        choices=[
            SelectChoice("", _l("全部案件")), SelectChoice("duty", _l("值班律师法律帮助")), SelectChoice("defence", _l("刑事辩护")),
            SelectChoice("representation", _l("诉讼代理")), SelectChoice("nonlitigation", _l("非诉讼")),
        ],
    )  # fmt: skip
    strata = SelectMultipleField(
        _l("分层"),
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
        choices=[SelectChoice("case_type", _l("案件类型")), SelectChoice("stage", _l("办案阶段"))],
        description=_l("总是按机构分别抽取；勾选的再分一层，每层都不足一人进一。"),
    )
    callers = SelectMultipleField(
        _l("回访员"), option_widget=widgets.CheckboxInput(), widget=widgets.ListWidget(prefix_label=False)
    )


@bp.route("/lists", methods=["GET", "POST"])
@requires(Permission.CALLBACK_PLAN)
def lists() -> Any:
    """Figures, and a new list."""
    form = ListForm()
    people = {one.public_id: one for one in queries.callers_for(acting())}
    form.callers.choices = [(key, one.display_name) for key, one in people.items()]
    if form.validate_on_submit():

        def work() -> str:
            made = services.make_list(
                actor=acting(), closed_from=form.closed_from.data, closed_to=form.closed_to.data,
                rate=parse_rate(form.rate.data, where="rate"),
                callers=[people[key] for key in form.callers.data], seed=secrets.token_hex(32), now=now(),
                strata=form.strata.data or (), aid_form=form.aid_form.data or "",
            )  # fmt: skip
            flash(_("已列入 %(count)s 人。", count=made.listed), "success")
            return url_for("callbacks.lists")

        try:
            return once(work)
        except RuleViolation as refusal:
            place(form, refusal)
    return render_template(
        "callbacks/lists.html", form=form, people=people, tally=queries.tally_for(acting()),
        by_caller=queries.by_caller_for(acting()), words=channels, share_text=share_text,
    ), 422 if form.errors or form.form_errors else 200  # fmt: skip
