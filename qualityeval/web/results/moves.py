"""The way to release: notifying preliminary grades, release by two managers, the end of a round."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval import clock
from qualityeval.authz import Permission, require
from qualityeval.core.errors import RuleViolation
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import public_results, staff_parts
from qualityeval.queries import releases as queries
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.published import public_name
from qualityeval.services import arbitration, publications
from qualityeval.services import releases as services
from qualityeval.services.rounds import read_spec
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import words as message
from qualityeval.web.results import bp


def _round(public_id: str) -> Round:
    round_ = round_queries.get_for(acting(), public_id)
    require(acting(), Permission.ROUND_RELEASE, round_)
    return round_


def _move(public_id: str, act: RoundAct, work: Callable[[Round], str], page: Callable[..., str]) -> Any:
    """GET: the page that says what will happen, refused by state. POST: the act, or the page with why not."""
    round_ = _round(public_id)
    if request.method == "GET":
        round_after(round_.state, act)
        return page(round_)
    if request.form.get("confirm", "").strip() != round_.code:
        return page(round_, wrong=_("输入的代码与批次代码不同。")), 422
    try:
        with transaction():
            said = work(_round(public_id))
    except RuleViolation as refusal:
        return page(_round(public_id), refusal=message(refusal)), 422
    flash(said, "success")
    return redirect(url_for("results.detail", public_id=public_id), 303)


@bp.route("/rounds/<public_id>/notify", methods=["GET", "POST"])
@requires(Permission.ROUND_RELEASE)
def notify(public_id: str) -> Any:
    """Open the objection window."""

    def work(round_: Round) -> str:
        services.notify(actor=acting(), round_=round_, now=now())
        return _("已通知初评等次，异议期开始。")

    return _move(public_id, RoundAct.NOTIFY, work, _notify_page)


def _notify_page(round_: Round, *, wrong: str = "", refusal: str = "") -> str:
    return render_template(
        "results/notify.html", round=round_, wrong=wrong, refusal=refusal,
        open_sheets=arbitration.open_sheets(round_), open_needs=arbitration.open_needs(round_),
        pending=services.pending_cases(round_), open_parts=staff_parts.open_count(round_), days=read_spec(round_.spec).deadlines.objection_days,
    )  # fmt: skip


@bp.route("/rounds/<public_id>/release", methods=["GET", "POST"])
@requires(Permission.ROUND_RELEASE)
def release(public_id: str) -> Any:
    """One manager's word for the release; the second one releases."""

    def work(round_: Round) -> str:
        out = services.release(actor=acting(), round_=round_, now=now())
        return _("结果已发布。") if out else _("已记下您的同意，请另一位管理员在自己的账号里再确认一次。")

    return _move(public_id, RoundAct.RELEASE, work, _release_page)


def _release_page(round_: Round, *, wrong: str = "", refusal: str = "") -> str:
    said = queries.words_for(acting(), round_)
    until = services.objections_until(round_) if round_.notified_at else None
    return render_template(
        "results/release.html", round=round_, wrong=wrong, refusal=refusal, said=said, until=until,
        early=until is not None and clock.office_date(now()) < until, pending=services.pending_cases(round_),
        mine=any(one.name == acting().name for one in said),
    )  # fmt: skip


@bp.route("/rounds/<public_id>/publish", methods=["GET", "POST"])
@requires(Permission.ROUND_RELEASE)
def publish(public_id: str) -> Any:
    """One manager's word for showing the released figures to everybody; the second one shows them."""

    def work(round_: Round) -> str:
        out = publications.publish(actor=acting(), round_=round_, now=now())
        return (
            _("结果已向社会公开。") if out else _("已记下您的同意，请另一位管理员在自己的账号里再确认一次。")
        )

    return _move(public_id, RoundAct.PUBLISH, work, _publish_page)


def _publish_page(round_: Round, *, wrong: str = "", refusal: str = "") -> str:
    said = queries.words_for(acting(), round_, public_results.ACT)
    return render_template(
        "results/publish.html", round=round_, wrong=wrong, refusal=refusal, said=said,
        done=public_results.is_public(round_), mine=any(one.name == acting().name for one in said),
        public_name=public_name(round_.code, round_.public_id),
    )  # fmt: skip


@bp.route("/rounds/<public_id>/close", methods=["GET", "POST"])
@requires(Permission.ROUND_RELEASE)
def close(public_id: str) -> Any:
    """Nothing more will happen in this round."""

    def work(round_: Round) -> str:
        services.close(actor=acting(), round_=round_, now=now())
        return _("批次已办结。")

    return _move(public_id, RoundAct.CLOSE, work, _close_page)


def _close_page(round_: Round, *, wrong: str = "", refusal: str = "") -> str:
    return render_template("results/close.html", round=round_, wrong=wrong, refusal=refusal)
