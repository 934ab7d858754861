"""The manager's side of callbacks: campaigns drawn by lot, and the figures with their denominators."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    widgets,
)
from wtforms.validators import DataRequired, Length, Optional

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.rates import parse_rate
from qualityeval.database import transaction
from qualityeval.queries import callbacks as queries
from qualityeval.queries import campaigns
from qualityeval.services import campaigns as services
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
    minimum = IntegerField(_l("每层至少"), [Optional()], description=_l("人；不够就全部列入。"))
    maximum = IntegerField(_l("每层至多"), [Optional()], description=_l("人；不限就空着。"))
    quota = IntegerField(
        _l("每层答卷名额"),
        [Optional()],
        description=_l("一层收到这么多答卷就不再拨打，未拨的不计入各项比率；不限就空着。"),
    )
    title = StringField(_l("名称"), [Length(max=200)], description=_l("不写就用起止日期。"))
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
                actor=acting(), wanted=_wanted(form), callers=[people[key] for key in form.callers.data],
                seed=secrets.token_hex(32), now=now(),
            )  # fmt: skip
            flash(_("已列入 %(count)s 人。", count=made.listed), "success")
            return url_for("callbacks.campaign", public_id=made.campaign)

        try:
            return once(work)
        except RuleViolation as refusal:
            place(form, refusal)
    return render_template(
        "callbacks/lists.html", form=form, people=people, tally=queries.tally_for(acting()),
        by_caller=queries.by_caller_for(acting()), campaigns=campaigns.list_for(acting()), words=channels, share_text=share_text,
    ), 422 if form.errors or form.form_errors else 200  # fmt: skip


def _wanted(form: ListForm) -> services.Wanted:
    return services.Wanted(
        form.closed_from.data, form.closed_to.data, parse_rate(form.rate.data, where="rate"),
        strata=form.strata.data or (), aid_form=form.aid_form.data or "", minimum=form.minimum.data or 0,
        maximum=form.maximum.data, quota=form.quota.data, title=form.title.data or "",
    )  # fmt: skip


@bp.get("/campaigns/<public_id>")
@requires(Permission.CALLBACK_PLAN)
def campaign(public_id: str) -> str:
    """One campaign: how it was drawn, and what came of each stratum."""
    row = campaigns.get_for(acting(), public_id)
    rate = parse_rate(row.rate, where="rate")
    return render_template(
        "callbacks/campaign.html", row=row, strata=campaigns.strata_of(row), words=channels, share_text=share_text,
        rate=share_text(rate.numerator, rate.denominator),
    )  # fmt: skip


@bp.post("/campaigns/<public_id>/close")
@requires(Permission.CALLBACK_PLAN)
def close_campaign(public_id: str) -> Any:
    """Nobody is called any more; unused links are dead."""
    with transaction():
        row = campaigns.get_for(acting(), public_id, lock=True)
        held = services.close(actor=acting(), campaign=row, now=now())
    flash(_("这次回访已结束，%(count)s 人不再拨打；没用过的链接已失效。", count=held), "success")
    return redirect(url_for("callbacks.campaign", public_id=public_id), 303)
