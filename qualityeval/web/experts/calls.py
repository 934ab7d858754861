"""Calls for experts: the public page to apply on, and the managers' pages to publish and decide."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval import clock
from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound, RuleViolation
from qualityeval.database import transaction
from qualityeval.extensions import limiter
from qualityeval.queries import expert_calls as queries
from qualityeval.services import expert_calls as services
from qualityeval.web.experts import bp
from qualityeval.web.experts.call_forms import ApplicationForm, CallForm, DecisionForm
from qualityeval.web.guards import acting, now, public, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.words import appointments as words

PER_PAGE = 50


@bp.route("/apply", methods=["GET", "POST"])
@public
@limiter.limit("20 per minute", methods=["POST"])
def apply() -> Any:
    """The calls that are open; with one of them in the address its form. Open to everybody."""
    today, chosen = clock.office_date(now()), request.args.get("call", "")
    rows = queries.open_calls(today)
    call = queries.open_call(chosen, today) if chosen else None
    form = ApplicationForm()
    form.offer()
    if request.method == "GET" or call is None:
        return render_template(
            "experts/apply.html", rows=rows, call=call, form=form, sent="sent" in request.args
        )
    if form.validate():
        try:
            with transaction():
                services.apply(call=queries.open_call(chosen, today), cells=form.cells(), now=now())
        except RuleViolation as refusal:
            place(form, refusal)
        else:
            return redirect(url_for("experts.apply", sent=1), 303)
    call = queries.open_call(chosen, today)
    return render_template("experts/apply.html", rows=rows, call=call, form=form, sent=False), 422


@bp.route("/calls", methods=["GET", "POST"])
@requires(Permission.EXPERTS_MANAGE)
def calls() -> Any:
    """The calls of the own subtree; POST publishes one, or ends one early."""
    form = CallForm()
    if request.method == "GET":
        return _calls_page(form)
    ends = request.form.get("close", "")
    if not ends and not form.validate():
        return _calls_page(form), 422
    try:
        with transaction():
            if ends:
                services.close(actor=acting(), call=services.call_for(acting(), ends), now=now())
            else:
                services.publish(
                    actor=acting(), title=form.title.data, terms=form.terms.data or "", opens_on=form.opens_on.data,
                    closes_on=form.closes_on.data, now=now(),
                )  # fmt: skip
    except NotFound:
        raise
    except RuleViolation as refusal:
        place(form, refusal)
        return _calls_page(form), 422
    flash(_("已提前结束。") if ends else _("公告已发布。"), "success")
    return redirect(url_for("experts.calls"), 303)


def _calls_page(form: CallForm) -> str:
    return render_template(
        "experts/calls.html", form=form, rows=queries.calls_for(acting()), today=clock.office_date(now()),
        apply_href=url_for("experts.apply", _external=True),
    )  # fmt: skip


@bp.route("/applications", methods=["GET", "POST"])
@requires(Permission.EXPERTS_MANAGE)
def applications() -> Any:
    """Who applied; POST appoints or refuses one."""
    form = DecisionForm()
    form.offer()
    if request.method == "GET":
        return _applications_page(form)
    if not form.validate():
        return _applications_page(form), 422
    try:
        with transaction():
            found = services.application_for(acting(), form.application.data or "")
            if form.decision.data == services.APPOINTED:
                services.appoint(
                    actor=acting(), application=found, code=form.code.data or "", since=form.since.data,
                    until=form.until.data, reason=form.reason.data or "", now=now(),
                )  # fmt: skip
            else:
                services.refuse(actor=acting(), application=found, reason=form.reason.data or "", now=now())
    except NotFound:
        raise
    except RuleViolation as refusal:
        place(form, refusal)
        return _applications_page(form), 422
    flash(_("已决定。"), "success")
    return redirect(url_for("experts.applications"), 303)


def _applications_page(form: DecisionForm) -> str:
    state = request.args.get("state", "")
    state = state if state in words.APPLICATION_STATES else ""
    total = queries.count_for(acting(), state=state)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    chosen = form.application.data or request.args.get("one", "")
    return render_template(
        "experts/applications.html", form=form, state=state, total=total, page=page, pages=pages, per_page=PER_PAGE,
        rows=queries.applications_for(acting(), state=state, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        one=services.application_for(acting(), chosen) if chosen else None, words=words, locale=choose_locale(),
        states=[("", _("全部")), *((code, label.text(choose_locale())) for code, label in words.APPLICATION_STATES.items())],
    )  # fmt: skip
