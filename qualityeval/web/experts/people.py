"""An expert's terms and leave; pairs who may be one person; the watch lists."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound, RuleViolation
from qualityeval.database import transaction
from qualityeval.models import Expert
from qualityeval.queries import experts as queries
from qualityeval.queries import people, terms
from qualityeval.services import appointments, identities, watch
from qualityeval.web.experts import bp
from qualityeval.web.experts.people_forms import LeaveForm, PairForm, TermsForm, WatchDecisionForm, WatchForm
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.words import appointments as words


@bp.route("/<public_id>/terms", methods=["GET", "POST"])
@requires(Permission.EXPERTS_MANAGE)
def terms_of(public_id: str) -> Any:
    """The appointment; POST changes it, or adds days of leave."""
    expert = queries.get_for(acting(), public_id)
    form, leave = TermsForm(prefix="terms-"), LeaveForm(prefix="leave-")
    form.offer(acting())
    if request.method == "GET":
        form.show(terms.of_expert(expert))
        return _terms_page(expert, form, leave)
    wanted = leave if "leave-since" in request.form else form
    if not wanted.validate():
        return _terms_page(expert, form, leave), 422
    try:
        with transaction():
            expert = queries.get_for(acting(), public_id)
            if wanted is leave:
                appointments.add_leave(
                    actor=acting(), expert=expert, since=leave.since.data, until=leave.until.data,
                    reason=leave.reason.data or "", now=now(),
                )  # fmt: skip
            else:
                appointments.change_terms(
                    actor=acting(),
                    expert=expert,
                    values=form.said(),
                    station=form.station.data or "",
                    head_of=form.head_of.data or "",
                    only_round=form.only_round.data or "",
                    now=now(),
                )
    except RuleViolation as refusal:
        place(wanted, refusal)
        return _terms_page(queries.get_for(acting(), public_id), form, leave), 422
    flash(_("已保存。"), "success")
    return redirect(url_for("experts.terms_of", public_id=public_id), 303)


def _terms_page(expert: Expert, form: TermsForm, leave: LeaveForm) -> str:
    return render_template(
        "experts/terms.html", expert=expert, form=form, leave=leave, leaves=terms.leaves_of(expert),
        may_change=queries.may_change(acting(), expert),
    )  # fmt: skip


@bp.route("/identities", methods=["GET", "POST"])
@requires(Permission.EXPERTS_MANAGE)
def identity() -> Any:
    """Pairs who may be one person; POST looks for further ones, or decides one."""
    form = PairForm()
    if request.method == "GET":
        return _pairs_page(form)
    if "proposal" in request.form and not form.validate():
        return _pairs_page(form), 422
    try:
        with transaction():
            said = _decided(form) if "proposal" in request.form else _looked()
    except NotFound:
        raise
    except RuleViolation as refusal:
        place(form, refusal)
        return _pairs_page(form), 422
    flash(said, "success")
    return redirect(url_for("experts.identity"), 303)


def _decided(form: PairForm) -> str:
    pair = people.pair_for(acting(), form.proposal.data or "")
    identities.decide(
        actor=acting(),
        proposal=pair,
        decision=form.decision.data or "",
        reason=form.reason.data or "",
        now=now(),
    )
    return _("已判定。")


def _looked() -> str:
    return _("已查找，新增 %(count)s 对。", count=identities.propose(actor=acting(), now=now()))


def _pairs_page(form: PairForm) -> str:
    return render_template(
        "experts/identities.html", form=form, rows=people.pairs(acting()), words=words, locale=choose_locale()
    )


@bp.route("/watch", methods=["GET", "POST"])
@requires(Permission.EXPERTS_MANAGE)
def watched() -> Any:
    """The watch lists; POST proposes, or decides a proposal of somebody else."""
    form, decision = WatchForm(prefix="new-"), WatchDecisionForm()
    form.offer()
    if request.method == "GET":
        return _watch_page(form, decision)
    wanted = decision if "proposal" in request.form else form
    if not wanted.validate():
        return _watch_page(form, decision), 422
    try:
        with transaction():
            if wanted is form:
                watch.propose(
                    actor=acting(), about=form.about.data, whom=form.whom.data or "", act=form.act.data,
                    reason=form.reason.data or "", now=now(),
                )  # fmt: skip
            else:
                watch.decide(
                    actor=acting(), proposal=watch.get_for(acting(), decision.proposal.data or ""),
                    agreed=request.form.get("do") == "agree", reason=decision.decision_reason.data or "", now=now(),
                )  # fmt: skip
    except NotFound:
        raise
    except RuleViolation as refusal:
        place(wanted, refusal)
        return _watch_page(form, decision), 422
    flash(_("已提议，等另一位管理员决定。") if wanted is form else _("已决定。"), "success")
    return redirect(url_for("experts.watched"), 303)


def _watch_page(form: WatchForm, decision: WatchDecisionForm) -> str:
    return render_template(
        "experts/watch.html", form=form, decision=decision, rows=people.watched(acting()), words=words,
        locale=choose_locale(),
    )  # fmt: skip
