"""Targeted files of a round: rules that mark them, marks by hand, and what came of them, apart from every rate."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from qualityeval.authz import Permission, require
from qualityeval.core.errors import RuleViolation
from qualityeval.core.rubric_parts import show_points
from qualityeval.core.targeted import BY_FACTS, RULES, Limits
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import rounds as queries
from qualityeval.queries import targeted as targeted_queries
from qualityeval.services import targeted as services
from qualityeval.web.forms import Form, TicksField
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place, words
from qualityeval.web.rounds import bp
from qualityeval.web.rounds.forms import choices
from qualityeval.words.targeted import RULES as LABELS


class RulesForm(Form):
    """Rules that the registers answer."""

    rules = TicksField(_l("规则"), validate_choice=False)
    days = IntegerField(_l("结案后几日内归卷"), [InputRequired(_l("请填写这一项。")), NumberRange(1, 3_650)])
    mass = IntegerField(
        _l("同系列几件算群体性案件"), [InputRequired(_l("请填写这一项。")), NumberRange(2, 10_000)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules.choices = choices(LABELS, BY_FACTS)


class MarkForm(Form):
    """Cases marked by hand."""

    cases = TextAreaField(
        _l("案件"),
        [DataRequired(_l("请填写这一项。")), Length(max=40_000)],
        description=_l("一行一件，写成 机构编码:案号。"),
    )
    rule = SelectField(_l("原因"))
    note = StringField(_l("说明"), [Length(max=400)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule.choices = choices(LABELS, RULES)


@bp.get("/rounds/<public_id>/targeted")
@requires(Permission.ROUND_PLAN)
def targeted(public_id: str) -> str:
    """The marked cases and what came of them."""
    limits = Limits()
    usual = RulesForm(formdata=None, data={"rules": list(BY_FACTS), "days": limits.days, "mass": limits.mass})
    return _page(queries.get_for(acting(), public_id), usual, MarkForm(formdata=None))


@bp.post("/rounds/<public_id>/targeted/rules")
@requires(Permission.ROUND_PLAN)
def targeted_by_rules(public_id: str) -> Any:
    """Mark what the rules find."""
    form = RulesForm()
    if not form.validate():
        return _page(queries.get_for(acting(), public_id), form, MarkForm(formdata=None)), 422
    try:
        with transaction():
            counts = services.mark_by_rules(
                actor=acting(), round_=queries.get_for(acting(), public_id), rules=form.rules.data or [],
                limits=Limits(form.days.data or 0, form.mass.data or 0), now=now(),
            )  # fmt: skip
    except RuleViolation as refusal:
        place(form, refusal)
        return _page(queries.get_for(acting(), public_id), form, MarkForm(formdata=None)), 422
    flash(_("标记了 %(n)s 处。", n=sum(counts.values())), "success")
    return redirect(url_for("rounds.targeted", public_id=public_id))


@bp.post("/rounds/<public_id>/targeted")
@requires(Permission.ROUND_PLAN)
def mark_targeted(public_id: str) -> Any:
    """Mark cases by their keys."""
    form = MarkForm()
    rules = RulesForm(
        formdata=None, data={"rules": list(BY_FACTS), "days": Limits().days, "mass": Limits().mass}
    )
    if not form.validate():
        return _page(queries.get_for(acting(), public_id), rules, form), 422
    keys = [line.strip() for line in (form.cases.data or "").splitlines() if line.strip()]
    try:
        with transaction():
            counts = services.mark_cases(
                actor=acting(), round_=queries.get_for(acting(), public_id), keys=keys, rule=form.rule.data or "",
                note=(form.note.data or "").strip(), now=now(),
            )  # fmt: skip
    except RuleViolation as refusal:
        place(form, refusal)
        return _page(queries.get_for(acting(), public_id), rules, form), 422
    flash(_("标记了 %(n)s 处。", n=sum(counts.values())), "success")
    return redirect(url_for("rounds.targeted", public_id=public_id))


@bp.post("/rounds/<public_id>/targeted/unmark")
@requires(Permission.ROUND_PLAN)
def unmark_targeted(public_id: str) -> Any:
    """Take one case's marks back."""
    try:
        with transaction():
            services.unmark(
                actor=acting(), round_=queries.get_for(acting(), public_id),
                case_public_id=request.form.get("case", ""), now=now(),
            )  # fmt: skip
        flash(_("标记已取消。"), "success")
    except RuleViolation as refusal:
        require(acting(), Permission.ROUND_PLAN, queries.get_for(acting(), public_id))
        flash(words(refusal), "danger")
    return redirect(url_for("rounds.targeted", public_id=public_id))


def _page(round_: Round, rules: RulesForm, mark: MarkForm) -> str:
    rows = targeted_queries.list_for(acting(), round_)
    locale = choose_locale()
    return render_template(
        "rounds/targeted.html", round=round_, rows=rows, rules=rules, mark=mark, show_points=show_points,
        labels={code: label.text(locale) for code, label in LABELS.items()},
        open=round_.state in services.MARKING and targeted_queries.track_of(round_) is None,
    )  # fmt: skip
