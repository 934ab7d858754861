"""The list of dealt files, and the sheet."""

from dataclasses import replace
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation, Stale
from qualityeval.core.grading import IndicatorsMissing
from qualityeval.core.rubric_parts import Rubric, show_points
from qualityeval.core.scoring import Incomplete
from qualityeval.core.staff_part import staff_items
from qualityeval.database import transaction
from qualityeval.models import Assignment, WaitingSheet
from qualityeval.queries import calibration, earlier_sheets, staff_parts
from qualityeval.queries import sheets as queries
from qualityeval.queries.case_checks import checks_for
from qualityeval.queries.case_files import catalogue_of
from qualityeval.queries.desk_papers import papers_for
from qualityeval.services import scoring as services
from qualityeval.services.masked_papers import veil_over
from qualityeval.web import proposals
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import words
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.process_checks import lines_of
from qualityeval.web.scoring import bp, graded, posted, stale
from qualityeval.web.scoring.papers import leaf_title
from qualityeval.web.scoring.progress import progress_of
from qualityeval.web.scoring.said import said
from qualityeval.words.moments import clock_time
from qualityeval.words.rounds import AID_FORMS, CASE_TYPES, STAGES

PER_PAGE = 30
STATES = ("open", staff_parts.WAITING, "submitted", "returned")


@bp.get("/", endpoint="list")
@requires(Permission.SHEET_WRITE)
def index() -> str:
    """The files dealt to me."""
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    total = queries.count_for(acting(), state=state)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    rows = queries.list_for(acting(), state=state, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return render_template(
        "scoring/list.html", rows=rows, state=state, total=total, page=page, pages=pages, per_page=PER_PAGE,
        case_words=case_words, show_points=show_points, open_count=queries.count_for(acting(), state="open"),
        waiting_count=queries.count_for(acting(), state=staff_parts.WAITING),
        anchored=bool(calibration.own_anchors(acting())),
    )  # fmt: skip


@bp.route("/<public_id>", methods=["GET", "POST"])
@requires(Permission.SHEET_WRITE)
def sheet(public_id: str) -> Any:
    """The sheet: shown, saved as a draft, or submitted."""
    assignment = queries.get_for(acting(), public_id)
    rubric = services.rubric_of(assignment)
    content, version = queries.written(assignment)
    if request.method == "GET":
        fields = posted.read_back if assignment.state == services.SUBMITTED else posted.typed
        shown = fields(rubric, content), posted.cut_lines(content)
        return _page(assignment, rubric, shown, content, version=version)
    read, seen = posted.read(rubric, request.form), _seen()
    if any(name.startswith("adopt-") for name in request.form):
        read = replace(read, content=_taken_over(public_id, rubric, read.content))
    if taken := request.form.getlist("take"):
        read = replace(read, content=stale.merged(read.content, content, taken))
    try:
        with transaction():
            assignment = queries.get_for(acting(), public_id)
            seen = services.save_draft(
                actor=acting(), assignment=assignment, content=read.content, seen_version=seen, now=now()
            )
    except Stale:
        return _stale(public_id, rubric, read, content, version)
    except RuleViolation as refusal:
        return _again(public_id, rubric, {"": words(refusal)}, version=seen)
    if read.errors:
        return _again(public_id, rubric, read.errors, version=seen)
    if request.form.get("do") != "submit":
        flash(_("已保存草稿。"), "success")
        return redirect(url_for("scoring.sheet", public_id=public_id))
    return _submit(public_id, rubric, read, version=seen)


def _submit(public_id: str, rubric: Rubric, read: posted.Posted, *, version: int) -> Any:
    try:
        with transaction():
            line = queries.get_for(acting(), public_id)
            kept = services.submit_sheet(actor=acting(), assignment=line, content=read.content, now=now())
            is_anchor = line.slot == calibration.ANCHOR
    except (Incomplete, IndicatorsMissing) as refusal:
        sentence = _("这一项还没有评。")
        errors = {graded.field_of(code, rubric): sentence for code in refusal.missing}
        return _again(public_id, rubric, errors, version=version)
    except RuleViolation as refusal:
        errors = {graded.field_of(refusal.where, rubric): words(refusal)}
        return _again(public_id, rubric, errors, version=version)
    if isinstance(kept, WaitingSheet):
        flash(_("已交。工作人员填写其余部分后自动定出等次，此前还可以改。"), "success")
    else:
        flash(_("评分表已提交。"), "success")
    if is_anchor:
        return redirect(url_for("scoring.deviation", public_id=public_id))
    following = queries.next_open(acting())
    if following is None:
        return redirect(url_for("scoring.list"))
    return redirect(url_for("scoring.sheet", public_id=following))


@bp.post("/<public_id>/draft")
@requires(Permission.SHEET_WRITE)
def draft(public_id: str) -> Any:
    """Keep what the page holds, as it is being written; the answer names the version to go on from."""
    rubric = services.rubric_of(queries.get_for(acting(), public_id))
    read = posted.read(rubric, request.form)
    try:
        with transaction():
            version = services.save_draft(
                actor=acting(), assignment=queries.get_for(acting(), public_id), content=read.content,
                seen_version=_seen(), now=now(),
            )  # fmt: skip
    except RuleViolation as refusal:
        conflict = isinstance(refusal, Stale)
        return jsonify(version=None, text=words(refusal), conflict=conflict), 409 if conflict else 422
    return jsonify(version=version, text=_("已保存 %(time)s", time=clock_time(now())))


def _seen() -> int:
    version = request.form.get("version", "0")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0


def case_words(row: queries.DeskRow) -> str:
    """What kind of case it is: cause, type, form and stage, never a name."""
    locale = choose_locale()
    kinds = [CASE_TYPES[row.case_type].text(locale), AID_FORMS[row.aid_form].text(locale)]
    if row.stage != "none":
        kinds.append(STAGES[row.stage].text(locale))
    return " · ".join(filter(None, (row.cause, *kinds)))


def _taken_over(public_id: str, rubric: Rubric, content: dict[str, Any]) -> dict[str, Any]:
    book = catalogue_of(queries.row_for(acting(), public_id))
    return proposals.taken_over(
        rubric, checks_for(acting(), public_id), book, content, request.form, blind=True
    )


def _again(public_id: str, rubric: Rubric, errors: dict[str, str], *, version: int) -> Any:
    """The page as it was typed, with what has to be mended."""
    assignment = queries.get_for(acting(), public_id)
    shown = dict(request.form), posted.typed_cuts(rubric, request.form)
    content = posted.read(rubric, request.form).content
    return _page(assignment, rubric, shown, content, version=version, errors=errors), 422


def _stale(public_id: str, rubric: Rubric, read: posted.Posted, content: dict[str, Any], version: int) -> Any:
    """Somebody (another window) saved in between: both texts field by field, nothing lost."""
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in {"csrf_token", "version", "do", "take"}
    ]
    return render_template(
        "scoring/stale.html", row=queries.row_for(acting(), public_id), fields=fields,
        differing=stale.differing(rubric, content, read.content), version=version,
    ), 409  # fmt: skip


def _page(
    assignment: queries.OnDesk,
    rubric: Rubric,
    shown: tuple[dict[str, str], dict[str, list[posted.CutLine]]],
    content: dict[str, Any],
    *,
    version: int,
    errors: dict[str, str] | None = None,
) -> str:
    values, cuts = shown
    row = queries.row_for(acting(), assignment.public_id)
    last = queries.last_sheet(assignment) if assignment.state == services.SUBMITTED else None
    papers, whole = papers_for(acting(), assignment.public_id), services.whole_rubric_of(assignment)
    is_waiting = isinstance(assignment, Assignment) and staff_parts.waiting_of(assignment.id) is not None
    is_open = (
        isinstance(assignment, Assignment) and staff_parts.marks_of(assignment.sampled_case_id, whole) is None
    )
    found, book = checks_for(acting(), assignment.public_id), catalogue_of(row)
    return render_template(
        "scoring/sheet.html", row=row, progress=progress_of(assignment, rubric, content), rubric=rubric, values=values, cuts=cuts,
        papers=papers, withheld=veil_over(papers).withheld(papers), leaf_title=leaf_title, open_count=queries.count_for(acting(), state="open"),
        following=queries.next_open(acting(), after=assignment.public_id),
        checks=lines_of(found, book, blind=True), proposed=proposals.lines_of(rubric, found, book, blind=True),
        earlier=earlier_sheets.beside(assignment, whole), staff_items=list(staff_items(whole).values()), staff_open=is_open, waiting=is_waiting, errors=errors or {}, version=version, closed=assignment.state == services.SUBMITTED, last=last,
        may_withdraw=isinstance(assignment, Assignment) and services.may_withdraw(assignment),
        returned=assignment.returned_because, show_points=show_points, case_words=case_words, said=said(errors or {}, rubric), locale=choose_locale(),
    )  # fmt: skip
