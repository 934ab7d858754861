"""The staff part of a round's cases: which are open, and the form of one."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.grading import IndicatorsMissing
from qualityeval.core.rubric_parts import Rubric, show_points
from qualityeval.core.scoring import Incomplete
from qualityeval.core.sheet import mark_of, read_points
from qualityeval.core.staff_part import staff_items
from qualityeval.database import transaction
from qualityeval.models import Round, SampledCase, StaffAnswer
from qualityeval.queries import staff_lines
from qualityeval.queries import staff_parts as queries
from qualityeval.queries.case_checks import checks_of
from qualityeval.queries.case_files import catalogue_of
from qualityeval.queries.staff_lines import STATES, StaffFilter
from qualityeval.services import staff_parts as services
from qualityeval.web import proposals
from qualityeval.web.assignments import bp, shown
from qualityeval.web.assignments.views import LONGEST, round_of
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import words as message
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.process_checks import lines_of

PER_PAGE = 50
Errors = dict[str, str]


@bp.get("/rounds/<public_id>/staff")
@requires(Permission.ROUND_ASSIGN)
def staff(public_id: str) -> str:
    """The cases with a staff part, open ones first."""
    round_ = round_of(public_id)
    asked = StaffFilter(request.args.get("text", "").strip()[:LONGEST], request.args.get("state", ""))
    asked = asked if asked.state in STATES else StaffFilter(asked.text)
    total = staff_lines.count_of(round_, asked)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    return render_template(
        "assignments/staff.html", round=round_, asked=asked, state_choices=_states(), total=total, page=page, pages=pages, per_page=PER_PAGE,
        rows=staff_lines.lines_of(acting(), round_, asked, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        open_count=queries.open_count(round_), key_words=shown.key_words,
    )  # fmt: skip


def _states() -> list[tuple[str, str]]:
    named = {"open": _("未填写"), "waiting": _("有评分表等着"), "answered": _("已填写")}
    return [("", _("全部")), *((state, named[state]) for state in STATES)]


@bp.route("/staff/<public_id>", methods=["GET", "POST"])
@requires(Permission.ROUND_ASSIGN)
def staff_part(public_id: str) -> Any:
    """The staff part of one case; a second answer is a correction and says why."""
    round_, sampled = queries.get_for(acting(), public_id)
    rubric, last = services.rubric_for(sampled), queries.last_answer(sampled.id)
    if request.method == "GET":
        return _page(round_, sampled, rubric, _typed(rubric, last) if last else _proposed(sampled, rubric))
    marks, errors = _read(rubric)
    if errors:
        return _again(public_id, errors)
    try:
        with transaction():
            round_, sampled = queries.get_for(acting(), public_id)
            count = services.answer(
                actor=acting(), round_=round_, sampled=sampled, marks=marks,
                reason=request.form.get("reason", ""), now=now(),
            )  # fmt: skip
    except (Incomplete, IndicatorsMissing) as refusal:
        return _again(public_id, {f"mark-{code}": _("这一项还没有填。") for code in refusal.missing})
    except RuleViolation as refusal:
        place = f"mark-{refusal.where}" if refusal.where in rubric.by_item else ""
        return _again(public_id, {"reason" if refusal.where == "reason" else place: message(refusal)})
    flash(_("已保存工作人员部分。"), "success")
    if count:
        flash(
            ngettext("%(num)s 份等着的评分表已定出等次。", "%(num)s 份等着的评分表已定出等次。", count),
            "info",
        )
    following = staff_lines.lines_of(acting(), round_of(round_.public_id), StaffFilter(state="open"), limit=1)
    if following:
        return redirect(url_for("assignments.staff_part", public_id=following[0].public_id), 303)
    return redirect(url_for("assignments.staff", public_id=round_.public_id), 303)


def _read(rubric: Rubric) -> tuple[dict[str, Any], Errors]:
    marks: dict[str, Any] = {}
    errors: Errors = {}
    for code in staff_items(rubric):
        typed, why = (request.form.get(f"{name}-{code}", "").strip() for name in ("mark", "reason"))
        mark: dict[str, Any] = {"reason": why} if why else {}
        if request.form.get(f"na-{code}"):
            mark["na"] = True
        if typed:
            try:
                mark |= _given(typed, rubric, code)
            except RuleViolation as refusal:
                errors[f"mark-{code}"] = message(refusal)
        if mark:
            marks[code] = mark
    return marks, errors


def _given(typed: str, rubric: Rubric, code: str) -> dict[str, Any]:
    if rubric.method == "indicator":
        return {"grade": typed}
    return {"earned": mark_of(read_points(typed, where=code), rubric, where=code)}


def _proposed(sampled: SampledCase, rubric: Rubric) -> dict[str, str]:
    """What the process checks propose fills the fields of a part that nobody has answered; saving confirms it."""
    values: dict[str, str] = {}
    for code, line in _proposals(sampled, rubric).items():
        if line.marks:
            values |= {f"mark-{code}": line.points, f"reason-{code}": line.why}
    return values


def _proposals(sampled: SampledCase, rubric: Rubric) -> dict[str, proposals.ProposalLine]:
    case = queries.case_of(sampled)
    lines = proposals.lines_of(rubric, checks_of(case), catalogue_of(case), blind=False)
    return {code: line for code, line in lines.items() if code in staff_items(rubric)}


def _typed(rubric: Rubric, last: StaffAnswer) -> dict[str, str]:
    values: dict[str, str] = {}
    for code, mark in last.marks.items():
        lost = mark.get("deductions")
        earned = mark.get("earned") if lost is None else rubric.by_item[code].points - sum(lost)
        if mark.get("na"):
            values[f"na-{code}"] = "1"
        elif mark.get("grade"):
            values[f"mark-{code}"] = mark["grade"]
        elif earned is not None:
            values[f"mark-{code}"] = str(earned) if rubric.method == "five_mark" else show_points(earned)
        values[f"reason-{code}"] = mark.get("reason", "")
    return values


def _grades(rubric: Rubric) -> list[tuple[str, str]]:
    """What an indicator may be given; nothing under the other methods."""
    if rubric.method != "indicator":
        return []
    english = choose_locale() == "en"
    return [("", "—"), *((one.name, one.name_en if english else one.name) for one in rubric.grades)]


def _again(public_id: str, errors: Errors) -> Any:
    round_, sampled = queries.get_for(acting(), public_id)
    return _page(round_, sampled, services.rubric_for(sampled), dict(request.form), errors), 422


def _page(
    round_: Round, sampled: SampledCase, rubric: Rubric, values: dict[str, str], errors: Errors | None = None
) -> str:
    case = queries.case_of(sampled)
    return render_template(
        "assignments/staff_part.html", round=round_, sampled=sampled, case=shown.key_words(sampled.frame_case.key),
        cause=case.cause, items=list(staff_items(rubric).values()), values=values, errors=errors or {},
        said=[(sentence, name) for name, sentence in (errors or {}).items()],
        answered=queries.last_answer(sampled.id), grades=_grades(rubric), five=rubric.method == "five_mark", show_points=show_points,
        proposed=_proposals(sampled, rubric), checks=lines_of(checks_of(case), catalogue_of(case), blind=False), locale=choose_locale(),
    )  # fmt: skip
