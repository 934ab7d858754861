"""Freezing a round and taking it back: a page that says what will happen, then one press."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission, require
from qualityeval.core.errors import RuleViolation
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import rounds as queries
from qualityeval.services import framing, freezing
from qualityeval.services import rounds as services
from qualityeval.web import round_pages as pages
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import words
from qualityeval.web.rounds import bp
from qualityeval.web.rounds.forms import WithdrawForm


@bp.route("/rounds/<public_id>/freeze", methods=["GET", "POST"])
@requires(Permission.ROUND_PLAN)
def freeze(public_id: str) -> Any:
    """What becomes immutable, then the freeze."""
    round_ = queries.get_for(acting(), public_id)
    require(acting(), Permission.ROUND_PLAN, round_)
    if request.method == "GET":
        round_after(round_.state, RoundAct.FREEZE)
        return _freeze_page(round_)
    if not _is_meant(round_):
        return _freeze_page(round_, wrong=_("输入的代码与批次代码不同。")), 422
    try:
        with transaction():
            freezing.freeze(actor=acting(), round_=queries.get_for(acting(), public_id), now=now())
    except RuleViolation as refusal:
        return _freeze_page(queries.get_for(acting(), public_id), refusal=words(refusal)), 422
    flash(_("方案已冻结，抽样框、方案和密钥承诺的摘要已经公布。"), "success")
    return redirect(url_for("rounds.detail", public_id=public_id))


def _is_meant(round_: Round) -> bool:
    return request.form.get("confirm", "").strip() == round_.code


def _freeze_page(round_: Round, *, wrong: str = "", refusal: str = "") -> str:
    preview = None
    if not refusal:
        try:
            preview = pages.preview(framing.foreseen(actor=acting(), round_=round_))
        except RuleViolation as fault:
            refusal = words(fault)
    return render_template("rounds/freeze.html", round=round_, preview=preview, refusal=refusal, wrong=wrong)


@bp.route("/rounds/<public_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.ROUND_WITHDRAW)
def withdraw(public_id: str) -> Any:
    """The reason, then the end of the round."""
    round_ = queries.get_for(acting(), public_id)
    require(acting(), Permission.ROUND_WITHDRAW, round_)
    form = WithdrawForm()
    if request.method == "GET":
        round_after(round_.state, RoundAct.WITHDRAW)
        return _withdraw_page(round_, form)
    wrong = "" if _is_meant(round_) else _("输入的代码与批次代码不同。")
    if not form.validate() or wrong:
        return _withdraw_page(round_, form, wrong=wrong), 422
    try:
        with transaction():
            fresh = queries.get_for(acting(), public_id)
            services.withdraw(actor=acting(), round_=fresh, reason=form.reason.data or "", now=now())
    except RuleViolation as refusal:
        form.reason.errors = [*form.reason.errors, words(refusal)]
        return _withdraw_page(queries.get_for(acting(), public_id), form), 422
    flash(_("批次已撤回，其中的案件可以进入别的批次。"), "success")
    return redirect(url_for("rounds.detail", public_id=public_id))


def _withdraw_page(round_: Round, form: WithdrawForm, *, wrong: str = "") -> str:
    return render_template(
        "rounds/withdraw.html", round=round_, form=form, wrong=wrong, drawn=queries.sample_size(round_)
    )
