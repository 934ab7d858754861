"""What happened to one dealt case, for its managers; and a page shown to its reader as it is, with the reason."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Case, CaseFile, Round
from qualityeval.queries import case_files, case_story, masking
from qualityeval.queries import dealt as queries
from qualityeval.queries.case_story import Step
from qualityeval.services import masking as services
from qualityeval.services.agreement import waits
from qualityeval.services.near_copies import near_copies_of
from qualityeval.services.rounds import read_spec
from qualityeval.web.assignments import bp, shown
from qualityeval.web.forms import Form, required_text
from qualityeval.web.grades import figure_and_grade
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.words import audit as audit_words
from qualityeval.words.figures import share_text
from qualityeval.words.moments import moment
from qualityeval.words.objections import RESULT_STEPS
from qualityeval.words.rounds import NEEDS


class UnmaskForm(Form):
    """Which page to show as it is, and why."""

    paper = SelectField(_l("材料"))
    page = IntegerField(_l("第几页"), [InputRequired(_l("请填写这一项。"))])
    reason = required_text(_l("理由"))


@bp.route("/assignments/<public_id>/story", methods=["GET", "POST"])
@requires(Permission.ROUND_ASSIGN)
def story(public_id: str) -> Any:
    """The case's timeline; in a round that hides identities, a page to show to this reader."""
    round_, assignment = queries.get_for(acting(), public_id)
    form = _form(assignment)
    if request.method == "GET":
        return _page(round_, assignment, form)
    if not form.validate():
        return _page(round_, assignment, form), 422
    try:
        with transaction():
            round_, assignment = queries.get_for(acting(), public_id)
            paper = next(one for one in _papers(assignment) if one.public_id == form.paper.data)
            services.unmask(
                actor=acting(), round_=round_, assignment=assignment, paper=paper, page=form.page.data or 0,
                reason=form.reason.data or "", now=now(),
            )  # fmt: skip
    except RuleViolation as refusal:
        place(form, refusal)
        return _page(*queries.get_for(acting(), public_id), form), 422
    flash(_("这一页从现在起给这位专家看原样。"), "success")
    return redirect(url_for("assignments.story", public_id=public_id), 303)


def _papers(assignment: Assignment) -> list[CaseFile]:
    return list(case_files.current(db.session.get_one(Case, assignment.sampled_case.frame_case.case_id)))


def _form(assignment: Assignment) -> UnmaskForm:
    form = UnmaskForm()
    case = db.session.get_one(Case, assignment.sampled_case.frame_case.case_id)
    book, locale = case_files.catalogue_of(case), choose_locale()
    titles = {line.code: line.title.en if locale == "en" else line.title.zh for line in book.lines}
    form.paper.choices = [
        SelectChoice(
            one.public_id,
            ngettext(
                "%(title)s（%(num)s 页）",
                "%(title)s（%(num)s 页）",
                one.pages,
                title=titles.get(one.code, one.code),
            ),
        )
        for one in _papers(assignment)
    ]
    return form


def _page(round_: Round, assignment: Assignment, form: UnmaskForm) -> str:
    return render_template(
        "assignments/story.html", round=round_, assignment=assignment, form=form,
        case=shown.key_words(assignment.sampled_case.frame_case.key),
        events=[_event(step) for step in case_story.story_of(assignment.sampled_case)],
        masked=read_spec(round_.spec).blind != "metadata" and bool(form.paper.choices),
        copies=near_copies_of(actor=acting(), round_=round_, sampled=assignment.sampled_case),
        copy_share=lambda copy: share_text(round(1000 * (copy.found.share or 0)), 1000),
        opened=masking.unmaskings_of(assignment), to_agree=waits(assignment.sampled_case_id) is not None,
    )  # fmt: skip


def _event(step: Step) -> dict[str, str]:
    who = " · ".join(filter(None, (shown.slot_words(step.slot) if step.slot else "", step.who)))
    return {"at": moment(step.at), "who": who, "what": _what(step), "detail": _detail(step)}


def _what(step: Step) -> str:
    facts = step.facts
    if step.what == case_story.SUBMITTED and facts["revision"] > 1:
        return _("再次提交评分表（第 %(number)s 份）", number=facts["revision"])
    named = {
        case_story.DEALT: _("派给专家"), case_story.READ: _("阅卷"), case_story.SUBMITTED: _("提交评分表"),
        case_story.NEEDED: _("需要复评"), case_story.SETTLED: _("得出结果"), case_story.RAISED: _("提出异议"), case_story.DECIDED: _("对异议作出决定"),
        case_story.STATED: _("承办人陈述申辩"), case_story.REPLIED: _("答复承办人的陈述"),
    }  # fmt: skip
    return named.get(step.what) or audit_words.ACTIONS[step.what].text(choose_locale())


def _detail(step: Step) -> str:
    facts, locale = step.facts, choose_locale()
    if step.what == case_story.READ:
        return ngettext(
            "打开过 %(num)s 页，从 %(first)s 起", "打开过 %(num)s 页，从 %(first)s 起", facts["pages"], first=moment(facts["first"])
        )  # fmt: skip
    if step.what == case_story.NEEDED:
        return _("、").join(NEEDS[code].text(locale) if code in NEEDS else code for code in facts["reasons"])
    if "total" in facts:
        parts = [figure_and_grade(facts["total"], facts["grade"])]
        if facts.get("step"):
            parts.insert(0, RESULT_STEPS[facts["step"]].text(locale))
        parts += [_("代录")] if facts.get("proxy") else []
        parts += [str(facts["reason"])] if facts.get("reason") else []
        parts += [_("专家请求复评")] if facts.get("asks") else []
        return " · ".join(parts)
    page = _("第 %(page)s 页", page=facts["page"]) if facts.get("page") else ""
    return " · ".join(filter(None, (page, str(facts.get("reason", "")))))
