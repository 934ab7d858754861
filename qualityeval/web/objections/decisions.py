"""The owning body's side: a round's objections, and the decision on one."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import SelectChoice

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.objection import Ground
from qualityeval.core.rubric_parts import show_points
from qualityeval.database import transaction
from qualityeval.queries import objections as queries
from qualityeval.queries import rounds as round_queries
from qualityeval.services import objections as services
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.objections import bp
from qualityeval.web.objections.forms import DecisionForm, RulingForm
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.words import objections as words

PER_PAGE = 50


@bp.get("/rounds/<public_id>/objections")
@requires(Permission.OBJECTION_DECIDE)
def of_round(public_id: str) -> str:
    """The round's objections; the state stands in the address."""
    round_ = round_queries.get_for(acting(), public_id)
    counts = queries.counts(round_)
    state = request.args.get("state", "")
    state = state if state in counts else ""
    total = counts[state] if state else sum(counts.values())
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    return render_template(
        "objections/list.html", round=round_, counts=counts, state=state, total=total, page=page, pages=pages,
        rows=queries.list_for(acting(), round_, now=now(), state=state, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        per_page=PER_PAGE, words=words, locale=choose_locale(), until=queries.window_end(round_),
    )  # fmt: skip


@bp.route("/objections/<public_id>", methods=["GET", "POST"])
@requires(Permission.OBJECTION_DECIDE)
def decide(public_id: str) -> Any:
    """One objection; POST accepts or rejects it."""
    round_, _objection = queries.get_for(acting(), public_id)
    form = _decision()
    if request.method == "GET":
        return _page(public_id, form)
    if not form.validate():
        return _page(public_id, form), 422
    accepts = form.decision.data == "accept"
    try:
        with transaction():
            _round, objection = queries.get_for(acting(), public_id)
            said: dict[str, Any] = {"objection": objection, "answer": form.answer.data or ""}
            if accepts:
                services.accept(actor=acting(), now=now(), **said)
            else:
                services.reject(actor=acting(), now=now(), ground=form.ground.data or Ground.OTHER, **said)
    except RuleViolation as refusal:
        place(form, refusal)
        return _page(public_id, form), 422
    flash(_("已受理，专家已抽出。") if accepts else _("已记为不受理。"), "success")
    return redirect(url_for("objections.of_round", public_id=round_.public_id), 303)


@bp.post("/objections/<public_id>/ruling")
@requires(Permission.OBJECTION_DECIDE)
def rule(public_id: str) -> Any:
    """What the institution is told at the end."""
    form = RulingForm()
    queries.get_for(acting(), public_id)
    if not form.validate():
        return _page(public_id, _decision(), form), 422
    try:
        with transaction():
            _round, objection = queries.get_for(acting(), public_id)
            services.rule(actor=acting(), objection=objection, ruling=form.ruling.data or "", now=now())
    except RuleViolation as refusal:
        place(form, refusal)
        return _page(public_id, _decision(), form), 422
    flash(_("已答复复核结果。"), "success")
    return redirect(url_for("objections.decide", public_id=public_id), 303)


def _decision() -> DecisionForm:
    form = DecisionForm()
    form.ground.choices = [
        SelectChoice(code, label.text(choose_locale())) for code, label in words.GROUNDS.items()
    ]
    return form


def _page(public_id: str, form: DecisionForm, ruling: RulingForm | None = None) -> str:
    round_, objection = queries.get_for(acting(), public_id)
    return render_template(
        "objections/decide.html", round=round_, found=queries.page_of(objection, now=now()), form=form, words=words,
        ruling=ruling or RulingForm(None),
        show_points=show_points, locale=choose_locale(), is_open=objection.state == "open",
    )  # fmt: skip
