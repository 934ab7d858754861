"""What the experts of a case agreed on, recorded with its minutes; or that they didn't, and an arbitrator reads it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.sheet import read_points
from qualityeval.database import transaction
from qualityeval.models import Assignment, Round
from qualityeval.queries import dealt as queries
from qualityeval.queries.case_review import review_of
from qualityeval.services import agreement as services
from qualityeval.services.scoring import rubric_of
from qualityeval.web.assignments import bp, shown
from qualityeval.web.forms import Form
from qualityeval.web.grades import figure_and_grade, grade_name
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place

MINUTES = 2_000


class AgreementForm(Form):
    """The result in points or as a grade, a veto that all hold, and the minutes."""

    total = StringField(_l("商议的得分"), description=_l("送复评时不填。"))
    grade = SelectField(_l("商议的等次"), description=_l("送复评时不选。"))
    veto = SelectField(_l("一票否决"))
    minutes = TextAreaField(
        _l("商议记录"),
        [DataRequired(_l("请填写这一项。")), Length(max=MINUTES)],
        description=_l("谁参加了商议、什么时候、依据什么。"),
    )


@bp.route("/assignments/<public_id>/agreement", methods=["GET", "POST"])
@requires(Permission.ROUND_ASSIGN)
def agreement(public_id: str) -> Any:
    """The first-round sheets beside each other, and the form."""
    round_, assignment = queries.get_for(acting(), public_id)
    rubric = rubric_of(assignment)
    form = _form(rubric)
    if request.method == "GET":
        return _page(round_, assignment, form)
    if not form.validate():
        return _page(round_, assignment, form), 422
    try:
        with transaction():
            round_, assignment = queries.get_for(acting(), public_id)
            said = _keep(round_, assignment, rubric, form)
    except RuleViolation as refusal:
        place(form, refusal)
        return _page(*queries.get_for(acting(), public_id), form), 422
    flash(said, "success")
    return redirect(url_for("assignments.story", public_id=public_id), 303)


def _keep(round_: Round, assignment: Assignment, rubric: Rubric, form: AgreementForm) -> str:
    sampled, minutes = assignment.sampled_case, form.minutes.data or ""
    if request.form.get("do") == "arbitrate":
        code = services.ask_arbitrator(
            actor=acting(), round_=round_, sampled=sampled, reason=minutes, now=now()
        )
        return _("已派给复评专家 %(code)s。", code=code) if code else _("已送复评，有合适的专家时派出。")
    points = rubric.method != "indicator"
    agreed = services.Agreed(
        read_points(form.total.data or "", where="total") if points else None, "" if points else form.grade.data or "",
        tuple(filter(None, [form.veto.data])), minutes,
    )  # fmt: skip
    result = services.record_agreement(
        actor=acting(), round_=round_, sampled=sampled, rubric=rubric, agreed=agreed, now=now()
    )
    return _("已录入：%(result)s。", result=figure_and_grade(result.total, result.grade))


def _form(rubric: Rubric) -> AgreementForm:
    form, locale = AgreementForm(), choose_locale()
    form.grade.choices = [SelectChoice("", _("请选择"))] + [
        SelectChoice(one.name, grade_name(one.name)) for one in rubric.grades
    ]
    form.veto.choices = [SelectChoice("", _("没有一票否决"))] + [
        SelectChoice(one.code, one.title.en if locale == "en" and one.title.en else one.title.zh)
        for one in rubric.vetoes
        if one.kind == "file"
    ]
    if rubric.method == "indicator":
        del form.total
    else:
        del form.grade
    if len(form.veto.choices) == 1:
        form.veto.data = ""
    return form


def _page(round_: Round, assignment: Assignment, form: AgreementForm) -> str:
    sheets = review_of(round_, assignment.sampled_case).sheets
    return render_template(
        "assignments/agreement.html", round=round_, assignment=assignment, form=form, is_due=services.waits(assignment.sampled_case_id) is not None,
        case=shown.key_words(assignment.sampled_case.frame_case.key),
        sheets=[(code, figure_and_grade(sheet.total, sheet.grade), sheet.overall) for _slot, code, sheet in sheets],
    )  # fmt: skip
