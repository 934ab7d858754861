"""A round's dealing: before it, the confirm page, and who reads what."""

from dataclasses import asdict
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from qualityeval.authz import Permission, require
from qualityeval.core.errors import RuleViolation
from qualityeval.core.workflow import RoundAct, round_acts, round_after
from qualityeval.database import transaction
from qualityeval.models import Assignment, Round
from qualityeval.queries import dealt as queries
from qualityeval.queries import rounds as round_queries
from qualityeval.queries import staff_parts, starved, workload
from qualityeval.queries.dealt import DealtFilter
from qualityeval.queries.results import RELEASED
from qualityeval.services import dealing, scoring
from qualityeval.services.rounds import read_spec
from qualityeval.web.assignments import bp, shown
from qualityeval.web.assignments.forms import PressForm, ReturnForm
from qualityeval.web.attachments import csv_file
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import place
from qualityeval.web.messages import words as message
from qualityeval.web.paging import page_asked, pages_of

PER_PAGE = 50
LONGEST = 100
UNFILLED_SHOWN = 20


def round_of(public_id: str) -> Round:
    """A round whose dealing the actor may see."""
    round_ = round_queries.get_for(acting(), public_id)
    require(acting(), Permission.ROUND_ASSIGN, round_)
    return round_


def asked() -> DealtFilter:
    """The filters of the address."""
    state, slot = request.args.get("state", ""), request.args.get("slot", "")
    return DealtFilter(
        text=request.args.get("text", "").strip()[:LONGEST],
        state=state if state in queries.STATES else "",
        slot=slot if slot in queries.SLOTS else "",
    )


@bp.get("/rounds/<public_id>/assignments", endpoint="list")
@requires(Permission.ROUND_ASSIGN)
def index(public_id: str) -> str:
    """Who reads what; before the dealing, what it would go by."""
    round_ = round_of(public_id)
    spec, acts = read_spec(round_.spec), round_acts(round_.state)
    everything = queries.count_for(acting(), round_, DealtFilter())
    filters, extent = asked(), shown.extent_of(round_)
    total = everything if filters == DealtFilter() else queries.count_for(acting(), round_, filters)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    opened_plainly = page == 1 and filters == DealtFilter()  # not again for each page and filter of the list
    checked = bool(everything) and (
        "check" in request.args or (opened_plainly and round_.state not in RELEASED)
    )
    broken = shown.broken_rules(round_, spec) if checked else []
    lacking = starved.open_slots(round_, spec.reviewers) if everything else []
    missing = sum(count for _case, count in lacking)
    return render_template(
        "assignments/list.html", round=round_, asked=filters, total=total, page=page, pages=pages, per_page=PER_PAGE,
        rows=queries.list_for(acting(), round_, filters, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        asks=bool(everything) and bool(spec.require), divided=bool(everything) and staff_parts.divided(round_),
        facts=shown.plan_facts(spec, extent) if round_queries.draw_of(round_) else [],
        tiles=shown.tiles(round_, spec, extent) if everything else [], dealt=bool(everything),
        spread=shown.spread_bars(extent) if everything else [], missing=missing,
        unfilled=shown.starved_lines(round_, spec, lacking[:UNFILLED_SHOWN]) if everything else [],
        may_assign=RoundAct.ASSIGN in acts and (not everything or missing),
        may_score=RoundAct.SCORE in acts, slot_words=shown.slot_words, key_words=shown.key_words,
        checked=checked, broken=broken, given_up=shown.given_up(round_) if everything else [],
        may_move=RoundAct.ASSIGN in acts and everything, state_choices=shown.state_choices(),
        slot_choices=shown.slot_choices(),
        export_href=url_for("assignments.export", public_id=public_id, **{k: v for k, v in asdict(filters).items() if v}),
    )  # fmt: skip


@bp.get("/rounds/<public_id>/assignments.csv")
@requires(Permission.ROUND_ASSIGN)
def export(public_id: str) -> Response:
    """The rows of the list under the contract's headings."""
    round_ = round_of(public_id)
    rows = queries.list_for(acting(), round_, asked())
    headings, minutes = workload.headings(round_), workload.by_key(round_)
    lines = ((row.case, row.expert, row.slot, row.state, minutes.get(row.case, "")) for row in rows)
    return csv_file(f"{round_.code}-assignments.csv", headings, (line[: len(headings)] for line in lines))


@bp.route("/rounds/<public_id>/assign", methods=["GET", "POST"])
@requires(Permission.ROUND_ASSIGN)
def assign(public_id: str) -> Any:
    """What the dealing goes by, then the dealing."""
    round_ = round_of(public_id)
    if request.method == "GET":
        round_after(round_.state, RoundAct.ASSIGN)
        return _assign_page(round_)
    if not PressForm().validate():
        return _assign_page(round_), 422
    try:
        with transaction():
            deal = dealing.assign(
                actor=acting(), round_=round_of(public_id), now=now(), seen=request.form.get("seen", "")
            )
            filled, left = sum(map(len, deal.readers)), len(deal.unfilled)
    except RuleViolation as refusal:
        return _assign_page(round_of(public_id), refusal=message(refusal)), 422
    flash(ngettext("已派出 %(num)s 份。", "已派出 %(num)s 份。", filled), "success")
    if left:
        flash(_("有名额没有派出，原因列在下面。"), "warning")
    return redirect(url_for("assignments.list", public_id=public_id), 303)


def _assign_page(round_: Round, *, refusal: str = "") -> str:
    return render_template(
        "assignments/assign.html", round=round_, facts=shown.plan_facts(read_spec(round_.spec), shown.extent_of(round_)),
        refusal=refusal,
    )  # fmt: skip


@bp.route("/assignments/<public_id>/return", methods=["GET", "POST"])
@requires(Permission.ROUND_ASSIGN)
def give_back(public_id: str) -> Any:
    """A submitted sheet goes back to its expert, with the reason."""
    round_, assignment = queries.get_for(acting(), public_id)
    form = ReturnForm()
    if request.method == "GET":
        return _return_page(round_, assignment, form)
    if not form.validate():
        return _return_page(round_, assignment, form), 422
    try:
        with transaction():
            round_, assignment = queries.get_for(acting(), public_id)
            scoring.return_sheet(
                actor=acting(), assignment=assignment, reason=form.reason.data or "", now=now()
            )
    except RuleViolation as refusal:
        place(form, refusal)
        return _return_page(*queries.get_for(acting(), public_id), form), 422
    flash(_("已退回给专家重评。"), "success")
    return redirect(url_for("assignments.list", public_id=round_.public_id, state="returned"), 303)


def _return_page(round_: Round, assignment: Assignment, form: ReturnForm) -> str:
    return render_template("assignments/return.html", round=round_, assignment=assignment, form=form,
        case=shown.key_words(assignment.sampled_case.frame_case.key),
    )  # fmt: skip
