"""The owning body's side of a round: who has handed in what, the notice, overdue files, supplements."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields import SelectChoice

from qualityeval import clock
from qualityeval.authz import Permission, require
from qualityeval.core.disposition import refuse_missing
from qualityeval.core.errors import RuleViolation
from qualityeval.core.workflow import RoundAct, RoundState, round_acts, round_after
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import call_in, drawn_files
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.drawn_files import CALLED, FILTERS, FileFilter
from qualityeval.services import call_in as services
from qualityeval.services import replacement
from qualityeval.services.rounds import read_spec
from qualityeval.web.call_in import bp
from qualityeval.web.call_in.forms import PressForm, SupplementForm
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.messages import words as message
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.round_pages import stratum_lines
from qualityeval.words import call_in as words
from qualityeval.words.figures import share_text

PER_PAGE = 50
LONGEST = 100


def round_of(public_id: str) -> Round:
    """A round whose files the actor manages."""
    round_ = round_queries.get_for(acting(), public_id)
    require(acting(), Permission.CALL_IN_MANAGE, round_)
    return round_


def asked() -> FileFilter:
    """The filters of the address."""
    state = request.args.get("state", "")
    return FileFilter(
        state=state if state in FILTERS else "",
        institution=request.args.get("institution", "").strip()[:LONGEST],
        text=request.args.get("text", "").strip()[:LONGEST],
    )


@bp.get("/rounds/<public_id>/call-in")
@requires(Permission.CALL_IN_MANAGE)
def of_round(public_id: str) -> str:
    """Where the round's files stand: in all, by institution, one by one."""
    round_, today, filters = round_of(public_id), clock.office_today(), asked()
    total = drawn_files.count_for(acting(), round_, filters, today=today)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    rows = drawn_files.list_for(
        acting(), round_, filters, today=today, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
    )
    institutions = drawn_files.institutions_of(acting(), round_, today=today)
    acts, terms = round_acts(round_.state), call_in.terms_of(round_)
    overdue = terms.call_in != "none" and (terms.deadline is None or today > terms.deadline)
    counts = call_in.counts(round_)
    return render_template(
        "call_in/round.html", round=round_, terms=terms, counts=counts, rows=rows, total=total, page=page,
        pages=pages, per_page=PER_PAGE, asked=filters, institutions=institutions, shares=_shares(institutions),
        words=words, locale=choose_locale(), choices=filter_choices(), said=call_in.replacements_said(round_),
        is_called=round_.state in CALLED, may_call=RoundAct.CALL_IN in acts,
        may_take=RoundAct.HAND_IN in acts and terms.call_in != "none",
        may_supplement=RoundAct.REPLACE in acts, overdue=counts.due if overdue and RoundAct.HAND_IN in acts else 0,
        late=sum(one.late for one in institutions),
    )  # fmt: skip


def _shares(rows: list[drawn_files.InstitutionRow]) -> dict[str, tuple[str, str]]:
    """(missing, replaced) as shares of the opened tickets, by institution."""
    return {
        one.code: (share_text(one.missing, one.opened), share_text(one.replaced, one.opened)) for one in rows
    }


def filter_choices() -> list[tuple[str, str]]:
    """States of a file, late ones and lent ones, for the filter."""
    locale = choose_locale()
    named = [(code, label.text(locale)) for code, label in words.STATES.items()]
    return [("", _("全部")), *named, (drawn_files.LATE, _("逾期")), (drawn_files.OUT, _("借出"))]


@bp.route("/rounds/<public_id>/call-in/notice", methods=["GET", "POST"])
@requires(Permission.CALL_IN_MANAGE)
def call(public_id: str) -> Any:
    """What the call-in does, then the notice to every institution."""
    round_ = round_of(public_id)
    if request.method == "GET":
        round_after(round_.state, RoundAct.CALL_IN)
        return _call_page(round_)
    if not PressForm().validate():
        return _call_page(round_), 422
    try:
        with transaction():
            told = services.call_in(actor=acting(), round_=round_of(public_id), now=now())
    except RuleViolation as refusal:
        return _call_page(round_of(public_id), refusal=message(refusal)), 422
    flash(ngettext("已通知 %(num)s 家机构交卷。", "已通知 %(num)s 家机构交卷。", told), "success")
    return redirect(url_for("call_in.of_round", public_id=public_id), 303)


def _call_page(round_: Round, *, refusal: str = "") -> str:
    rows = drawn_files.institutions_of(acting(), round_, today=clock.office_today())
    return render_template(
        "call_in/call.html", round=round_, terms=call_in.terms_of(round_), refusal=refusal,
        institutions=len(rows), files=sum(one.opened for one in rows),
    )  # fmt: skip


@bp.route("/rounds/<public_id>/call-in/overdue", methods=["GET", "POST"])
@requires(Permission.CALL_IN_MANAGE)
def overdue(public_id: str) -> Any:
    """Files still due after the deadline: what it means, then 未提交 for all of them."""
    round_ = round_of(public_id)
    if request.method == "GET":
        round_after(round_.state, RoundAct.HAND_IN)
        terms = call_in.terms_of(round_)
        refuse_missing(call_in=terms.call_in, deadline=terms.deadline, today=clock.office_today())
        return _overdue_page(round_)
    if not PressForm().validate():
        return _overdue_page(round_), 422
    try:
        with transaction():
            count = services.declare_overdue_missing(actor=acting(), round_=round_of(public_id), now=now())
    except RuleViolation as refusal:
        return _overdue_page(round_of(public_id), refusal=message(refusal)), 422
    flash(ngettext("已记为未提交 %(num)s 件。", "已记为未提交 %(num)s 件。", count), "success")
    return redirect(url_for("call_in.of_round", public_id=public_id, state="missing"), 303)


def _overdue_page(round_: Round, *, refusal: str = "") -> str:
    terms = call_in.terms_of(round_)
    return render_template(
        "call_in/overdue.html", round=round_, terms=terms, refusal=refusal, due=call_in.counts(round_).due
    )


@bp.route("/rounds/<public_id>/supplement", methods=["GET", "POST"])
@requires(Permission.CALL_IN_MANAGE)
def supplement(public_id: str) -> Any:
    """Open further tickets of a stratum, in their order."""
    round_ = round_of(public_id)
    form = SupplementForm()
    lines = _strata(round_)
    form.stratum.choices = [SelectChoice(one["key"], one["label"]) for one in lines]
    if request.method == "GET":
        round_after(round_.state, RoundAct.REPLACE)
        return _supplement_page(round_, form)
    if not form.validate():
        return _supplement_page(round_, form), 422
    try:
        with transaction():
            added = replacement.supplement(
                actor=acting(), round_=round_of(public_id), stratum=form.stratum.data, size=form.size.data or 0,
                reason=form.reason.data or "", now=now(),
            )  # fmt: skip
            count = len(added)
    except RuleViolation as refusal:
        place(form, refusal)
        return _supplement_page(round_of(public_id), form), 422
    flash(ngettext("已增补 %(num)s 件。", "已增补 %(num)s 件。", count), "success")
    return redirect(url_for("call_in.of_round", public_id=public_id, state="due"), 303)


def _strata(round_: Round) -> list[dict[str, Any]]:
    """The strata with how far their tickets are open, for the table and the choice."""
    rows = round_queries.strata_of(round_)
    opened = call_in.strata_weights(round_)
    return [
        {
            "label": line.label,
            "key": line.key,
            "of": opened[line.key],
            "N": line.frame_size,
            "n": line.sample_size,
        }
        for line in stratum_lines(rows, read_spec(round_.spec).strata_fields if rows else ())
    ]


def _supplement_page(round_: Round, form: SupplementForm) -> str:
    return render_template(
        "call_in/supplement.html", round=round_, form=form, strata=_strata(round_),
        is_scored=round_.state in (RoundState.SCORING, RoundState.ARBITRATION),
    )  # fmt: skip
