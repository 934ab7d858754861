"""An expert's answer to a file; a manager's change of its reader; evening out the files nobody has begun."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.database import transaction
from qualityeval.models import Assignment, Expert, Round
from qualityeval.queries import dealt, file_answers, sheets
from qualityeval.services import answers as services
from qualityeval.services import scoring_deadlines
from qualityeval.web.assignments import bp, shown
from qualityeval.web.assignments.forms import AnswerForm, MoveForm, PressForm
from qualityeval.web.assignments.views import round_of
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import place
from qualityeval.web.messages import words as message


@bp.route("/assignments/<public_id>/answer", methods=["GET", "POST"])
@requires(Permission.SHEET_WRITE)
def answer(public_id: str) -> Any:
    """Accept, decline with a reason, or declare an interest, before the file is opened."""
    assignment = sheets.get_for(acting(), public_id, opening=False)
    form = AnswerForm()
    form.offer()
    if request.method == "GET":
        return _answer_page(assignment, form)
    if not form.validate():
        return _answer_page(assignment, form), 422
    try:
        with transaction():
            _answered(sheets.get_for(acting(), public_id, opening=False), form)
    except RuleViolation as refusal:
        place(form, refusal)
        return _answer_page(sheets.get_for(acting(), public_id, opening=False), form), 422
    if form.answer.data == "accepted":
        flash(_("已接受。"), "success")
        return redirect(url_for("scoring.sheet", public_id=public_id), 303)
    flash(_("已记下，这件案件改由别的专家评。"), "success")
    return redirect(url_for("scoring.list"), 303)


def _answered(assignment: sheets.OnDesk, form: AnswerForm) -> None:
    actor, reason = acting(), form.reason.data or ""
    if form.answer.data == "accepted":
        services.accept(actor=actor, assignment=assignment, now=now())
    elif form.answer.data == "interest":
        services.declare(actor=actor, assignment=assignment, kind=form.kind.data, reason=reason, now=now())
    else:
        services.decline(actor=actor, assignment=assignment, reason=reason, now=now())


def _answer_page(assignment: sheets.OnDesk, form: AnswerForm) -> str:
    return render_template(
        "assignments/answer.html", row=sheets.row_for(acting(), assignment.public_id), form=form,
        accepted=sheets.is_accepted(assignment),
    )  # fmt: skip


@bp.route("/assignments/<public_id>/move", methods=["GET", "POST"])
@requires(Permission.ROUND_ASSIGN)
def move(public_id: str) -> Any:
    """The file goes to an alternate, with the reason."""
    round_, assignment = dealt.get_for(acting(), public_id)
    form = MoveForm()
    if request.method == "GET":
        return _move_page(round_, assignment, form)
    if not form.validate():
        return _move_page(round_, assignment, form), 422
    try:
        with transaction():
            _round, assignment = dealt.get_for(acting(), public_id)
            taker = services.move(
                actor=acting(), assignment=assignment, reason=form.reason.data or "", now=now()
            )
    except RuleViolation as refusal:
        place(form, refusal)
        return _move_page(*dealt.get_for(acting(), public_id), form), 422
    _say_taker(taker)
    return redirect(url_for("assignments.list", public_id=round_.public_id), 303)


def _say_taker(taker: Expert | None) -> None:
    if taker is None:
        flash(_("已换下。现在没有别的专家可以评，名额空着，原因列在下面。"), "warning")
    else:
        flash(_("已改由%(name)s（%(code)s）评。", name=taker.name, code=taker.code), "success")


def _move_page(round_: Round, assignment: Assignment, form: MoveForm) -> str:
    return render_template(
        "assignments/move.html", round=round_, assignment=assignment, form=form,
        case=shown.key_words(assignment.sampled_case.frame_case.key),
    )  # fmt: skip


@bp.route("/rounds/<public_id>/rebalance", methods=["GET", "POST"])
@requires(Permission.ROUND_ASSIGN)
def rebalance(public_id: str) -> Any:
    """Files that nobody has begun go from the fullest experts to the emptiest."""
    round_ = round_of(public_id)
    if request.method == "GET" or not PressForm().validate():
        return _rebalance_page(round_), 200 if request.method == "GET" else 422
    try:
        with transaction():
            moved = services.rebalance(actor=acting(), round_=round_of(public_id), now=now())
    except RuleViolation as refusal:
        return _rebalance_page(round_of(public_id), refusal=message(refusal)), 422
    flash(ngettext("调动了 %(num)s 份。", "调动了 %(num)s 份。", moved), "success")
    return redirect(url_for("assignments.list", public_id=public_id), 303)


@bp.post("/rounds/<public_id>/urge")
@requires(Permission.ROUND_ASSIGN)
def urge(public_id: str) -> Any:
    """催办: everybody who owes a sheet is told, once a day."""
    with transaction():
        count = scoring_deadlines.urge(actor=acting(), round_=round_of(public_id), now=now())
    flash(ngettext("已催办 %(num)s 名专家。", "已催办 %(num)s 名专家。", count), "success")
    return redirect(url_for("assignments.list", public_id=public_id), 303)


def _rebalance_page(round_: Round, *, refusal: str = "") -> str:
    return render_template(
        "assignments/rebalance.html", round=round_, idle=len(file_answers.idle(round_)),
        spread=dealt.load_spread(round_), refusal=refusal,
    )  # fmt: skip
