"""Model cases: the list for every reader of results; nominating and deciding for the owning body."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from qualityeval.authz import Permission, may, require
from qualityeval.core.errors import RuleViolation
from qualityeval.core.model_case import LONGEST, LONGEST_DECISION, LONGEST_TITLE
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import transaction
from qualityeval.queries import model_cases as queries
from qualityeval.queries import released_reviews
from qualityeval.queries import rounds as round_queries
from qualityeval.services import model_cases as services
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.results import bp
from qualityeval.words import objections as words
from qualityeval.words.rounds import CASE_TYPES

PER_PAGE = 20
NEEDED = DataRequired(_l("请填写这一项。"))


class NominationForm(Form):
    """A good case, told without names."""

    case = StringField(
        _l("案件"), [NEEDED, Length(max=300)], description=_l("案件的键：机构代码:案号，如抽样框文件所写。")
    )
    title = StringField(_l("标题"), [NEEDED, Length(max=LONGEST_TITLE)])
    story = TextAreaField(
        _l("案情和办理经过"), [NEEDED, Length(max=LONGEST)],
        description=_l("用“受援人”“承办律师”代替姓名；不写案号、机构、单位。收录前会核对。"),
    )  # fmt: skip
    merits = TextAreaField(_l("可学之处"), [NEEDED, Length(max=LONGEST)])


class DecisionForm(Form):
    """What another manager says to it."""

    id = SelectField(_l("哪一件"), choices=[], validate_choice=False)
    decision = TextAreaField(
        _l("意见"), [Length(max=LONGEST_DECISION)], description=_l("不收录、撤下时必须写明。")
    )


@bp.route("/model-cases", methods=["GET", "POST"])
@requires(Permission.RESULTS_READ)
def model_cases() -> Any:
    """Listed ones; for owners the other states too. POST lists, refuses or withdraws the one that is named."""
    form = DecisionForm()
    if request.method == "GET":
        return _list(form)
    asked = request.form.get("do", "")
    if not form.validate():
        return _list(form), 422
    said = form.decision.data or ""
    try:
        with transaction():
            row = queries.get_for(acting(), form.id.data or "")
            if asked == "withdraw":
                services.withdraw(actor=acting(), row=row, reason=said, now=now())
            else:
                services.decide(actor=acting(), row=row, agrees=asked == "list", decision=said, now=now())
    except RuleViolation as refusal:
        if refusal.code == "not_found":
            raise
        place(form, refusal)
        return _list(form), 422
    flash(_("已记下。"), "success")
    return redirect(url_for("results.model_cases"), 303)


@bp.route("/rounds/<public_id>/model-cases/new", methods=["GET", "POST"])
@requires(Permission.ROUND_RELEASE)
def nominate(public_id: str) -> Any:
    """Put a case of a released round forward."""
    round_ = round_queries.get_for(acting(), public_id)
    require(acting(), Permission.ROUND_RELEASE, round_)
    form = NominationForm()
    if request.method == "GET":
        round_after(round_.state, RoundAct.REVIEW)
        form.case.data = request.args.get("case", "")[:300]
    elif form.validate():
        try:
            with transaction():
                round_ = round_queries.get_for(acting(), public_id)
                sampled = released_reviews.sampled_for(acting(), round_, (form.case.data or "").strip())
                services.nominate(
                    actor=acting(), sampled=sampled, title=form.title.data or "", story=form.story.data or "",
                    merits=form.merits.data or "", now=now(),
                )  # fmt: skip
            flash(_("已推荐，请另一位管理员决定是否收录。"), "success")
            return redirect(url_for("results.model_cases", state="nominated"), 303)
        except RuleViolation as refusal:
            place(form, refusal)
            round_ = round_queries.get_for(acting(), public_id)
    page = render_template("results/nominate.html", round=round_, form=form)
    return page, 422 if form.errors or form.form_errors else 200


def _list(form: DecisionForm) -> str:
    owns = may(acting(), Permission.ROUND_RELEASE)
    state = request.args.get("state", "listed")
    state = state if owns and state in queries.STATES else "listed"
    total = queries.count_for(acting(), state=state)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    rows = queries.list_for(acting(), state=state, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    open_ = [row for row in rows if state != "nominated" or not row.is_own]
    form.id.choices = [SelectChoice(row.public_id, row.title) for row in open_]
    return render_template(
        "results/model_cases.html", form=form, owns=owns, rows=rows, state=state, total=total, page=page, pages=pages,
        per_page=PER_PAGE, states=words.MODEL_STATES, case_types=CASE_TYPES, locale=choose_locale(),
    )  # fmt: skip
