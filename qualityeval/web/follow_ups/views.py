"""The list with overdue ones first, one follow-up, answering, sending back, closing, asking for papers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import SelectChoice

from qualityeval.authz import Permission, may
from qualityeval.clock import office_date
from qualityeval.core.catalogue import Line
from qualityeval.core.errors import RuleViolation
from qualityeval.core.follow_up import WORKING_DAYS, FollowUpKind
from qualityeval.database import transaction
from qualityeval.models import FollowUp
from qualityeval.queries import case_files, cases, proofs
from qualityeval.queries import follow_ups as queries
from qualityeval.services import follow_ups as services
from qualityeval.web.follow_ups import bp
from qualityeval.web.follow_ups.forms import AnswerForm, PapersForm, SendBackForm
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.number_warning import warn_of_numbers
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.proofs import chosen, on_files
from qualityeval.words import follow_ups as words

PER_PAGE = 50
STATES = (queries.OVERDUE, *words.STATES)


@bp.get("/", endpoint="list")
@requires(Permission.FOLLOW_UP_ANSWER)
def index() -> str:
    """What waits, the most overdue first; state and kind stand in the address."""
    state, kind = request.args.get("state", ""), request.args.get("kind", "")
    state, kind = state if state in STATES else "", kind if kind in words.KINDS else ""
    counts = {one: queries.count_for(acting(), state=one, kind=kind, now=now()) for one in STATES}
    total = queries.count_for(acting(), state=state, kind=kind, now=now())
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    return render_template(
        "follow_ups/list.html", state=state, kind=kind, counts=counts, total=total, page=page, pages=pages,
        rows=queries.list_for(
            acting(), state=state, kind=kind, now=now(), limit=PER_PAGE, offset=(page - 1) * PER_PAGE
        ),
        per_page=PER_PAGE, words=words, locale=choose_locale(), overdue=queries.OVERDUE,
    )  # fmt: skip


@bp.get("/<public_id>")
@requires(Permission.FOLLOW_UP_ANSWER)
def detail(public_id: str) -> str:
    """One follow-up, with the form that its state asks for."""
    return _page(public_id)


@bp.post("/<public_id>/answer")
@requires(Permission.FOLLOW_UP_ANSWER)
def answer(public_id: str) -> Any:
    """Write down what was found."""
    form = AnswerForm()
    queries.get_for(acting(), public_id)
    if not form.validate():
        return _page(public_id, answering=form), 422
    papers = chosen(form.files.data)
    try:
        with transaction():
            services.answer(
                actor=acting(), follow_up=_locked(public_id), text=form.answer.data or "",
                proof=form.proof.data or "", papers=papers, now=now(),
            )  # fmt: skip
    except RuleViolation as refusal:
        place(form, on_files(refusal, form.data))
        return _page(public_id, answering=form), 422
    flash(_("已答复，等另一位管理员办结。"), "success")
    warn_of_numbers((form.answer.data or "", form.proof.data or ""))
    return redirect(url_for("follow_ups.detail", public_id=public_id), 303)


@bp.post("/<public_id>/send-back")
@requires(Permission.FOLLOW_UP_KEEP)
def send_back(public_id: str) -> Any:
    """The answer isn't enough."""
    form = SendBackForm()
    queries.get_for(acting(), public_id, Permission.FOLLOW_UP_KEEP)
    if not form.validate():
        return _page(public_id, returning=form), 422
    try:
        with transaction():
            services.send_back(
                actor=acting(), follow_up=_locked(public_id, Permission.FOLLOW_UP_KEEP),
                reason=form.reason.data or "", now=now(),
            )  # fmt: skip
    except RuleViolation as refusal:
        place(form, refusal)
        return _page(public_id, returning=form), 422
    flash(_("已退回，等重新答复。"), "success")
    return redirect(url_for("follow_ups.detail", public_id=public_id), 303)


@bp.post("/<public_id>/close")
@requires(Permission.FOLLOW_UP_KEEP)
def close(public_id: str) -> Any:
    """Done."""
    form = SendBackForm()
    try:
        with transaction():
            services.close(actor=acting(), follow_up=_locked(public_id, Permission.FOLLOW_UP_KEEP), now=now())
    except RuleViolation as refusal:
        if refusal.code == "not_found":
            raise
        place(form, refusal)
        return _page(public_id, returning=form), 422
    flash(_("已办结。"), "success")
    return redirect(url_for("follow_ups.list"), 303)


@bp.route("/case/<public_id>/papers", methods=["GET", "POST"])
@requires(Permission.FOLLOW_UP_KEEP)
def ask(public_id: str) -> Any:
    """Ask the case's institution to add papers; what the catalogue misses is ticked already."""
    case = cases.get_for(acting(), public_id)
    book = case_files.catalogue_of(case)
    form = PapersForm()
    form.lines.choices = [SelectChoice(line.code, _title(line)) for line in book.lines]
    if request.method == "GET":
        there = {paper.code for paper in case_files.current(case)}
        form.lines.data = [lines[0].code for lines in book.missing(there)]
    elif form.validate():
        try:
            with transaction():
                made = services.ask_for_papers(
                    actor=acting(), case=cases.get_for(acting(), public_id), facts=form.lines.data or [],
                    note=form.note.data or "", now=now(),
                )  # fmt: skip
                found = made.public_id
            flash(_("补正通知已发出。"), "success")
            return redirect(url_for("follow_ups.detail", public_id=found), 303)
        except RuleViolation as refusal:
            place(form, refusal)
            case = cases.get_for(acting(), public_id)
    page = render_template(
        "follow_ups/ask.html", form=form, case=case, days=WORKING_DAYS[FollowUpKind.PAPERS]
    )
    return page, 422 if form.errors or form.form_errors else 200


def _page(
    public_id: str, *, answering: AnswerForm | None = None, returning: SendBackForm | None = None
) -> str:
    row = queries.get_for(acting(), public_id)
    return render_template(
        "follow_ups/detail.html", row=row, told=_told(row), words=words, locale=choose_locale(),
        answering=answering or AnswerForm(None), returning=returning or SendBackForm(None),
        late=queries.late(row.state, row.due_on, office_date(now())), is_own=row.answered_by_id == acting().account_id,
        proofs=proofs.of(follow_up_id=row.id), may_keep=may(acting(), Permission.FOLLOW_UP_KEEP, row),
    )  # fmt: skip


def _told(row: FollowUp) -> list[str]:
    found = queries.record_of(row)
    if found is not None:
        return words.told(*found, row.facts, choose_locale())
    book = case_files.catalogue_of(row.case)
    lines = [book.line(code) for code in row.facts]
    return [_title(line) for line in lines if line is not None]


def _title(line: Line) -> str:
    return (choose_locale() == "en" and line.title.en) or line.title.zh


def _locked(public_id: str, permission: Permission = Permission.FOLLOW_UP_ANSWER) -> FollowUp:
    return queries.get_for(acting(), public_id, permission, lock=True)
