"""One drawn file for the owning body: how it came, what may be done now, who has the paper."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval import clock
from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.workflow import FileAct, RoundAct, file_acts, round_acts
from qualityeval.database import transaction
from qualityeval.models import Round, SampledCase
from qualityeval.queries import call_in, drawn_files, file_trail
from qualityeval.queries.case_review import has_result
from qualityeval.services import call_in as services
from qualityeval.services import file_loans, hand_in, replacement
from qualityeval.web.call_in import bp
from qualityeval.web.call_in.forms import GiveBackForm, LoanForm, PressForm, ReceiveForm, ReplaceForm
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.words import call_in as words

FORMS: dict[str, type[Form]] = {
    "receive": ReceiveForm, "give_back": GiveBackForm, "missing": PressForm, "replace": ReplaceForm,
    "lend": LoanForm, "take": PressForm,
}  # fmt: skip


@bp.route("/drawn-files/<public_id>", methods=["GET", "POST"])
@requires(Permission.CALL_IN_MANAGE)
def file(public_id: str) -> Any:
    """One file; POST does what its field `act` says."""
    drawn_files.get_for(acting(), public_id)
    act = request.form.get("act", "")
    if request.method == "GET" or act not in FORMS:
        return _page(public_id), 200 if request.method == "GET" else 422
    form = FORMS[act]()
    if not form.validate():
        return _page(public_id, **{act: form}), 422
    try:
        with transaction():
            _round, sampled = drawn_files.get_for(acting(), public_id)
            said, tone = ACTS[act](sampled, form)
    except RuleViolation as refusal:
        place(form, refusal)
        return _page(public_id, refused=form, **{act: form}), 422
    flash(said, tone)
    return redirect(url_for("call_in.file", public_id=public_id), 303)


def _receive(sampled: SampledCase, form: Any) -> tuple[str, str]:
    hand_in.hand_in(
        actor=acting(), sampled=sampled, pages=form.pages.data, handed_in_on=form.handed_in_on.data,
        digest=form.digest.data or "", note=form.note.data or "", now=now(),
    )  # fmt: skip
    return _("已收卷。"), "success"


def _give_back(sampled: SampledCase, form: Any) -> tuple[str, str]:
    services.return_file(actor=acting(), sampled=sampled, reason=form.note.data or "", now=now())
    return _("已退回，机构会收到通知。"), "success"


def _missing(sampled: SampledCase, form: Any) -> tuple[str, str]:
    del form
    services.declare_missing(actor=acting(), sampled=sampled, now=now())
    return _("已记为未提交案卷。"), "success"


def _replace(sampled: SampledCase, form: Any) -> tuple[str, str]:
    outcome = replacement.replace(actor=acting(), sampled=sampled, reason=form.reason.data, now=now())
    return {
        replacement.WAITING: (_("已提出替换，等另一位管理员。"), "success"),
        replacement.MISMATCH: (_("两位管理员写的理由不一致，都已作废。请两位重新提出。"), "warning"),
        replacement.REPLACED: (_("已由下一个备选案件替换。"), "success"),
        replacement.NO_RESERVE: (_("已记为不在范围内；这一层没有备选案件了。"), "warning"),
    }[outcome.state]


def _lend(sampled: SampledCase, form: Any) -> tuple[str, str]:
    file_loans.check_out(
        actor=acting(),
        sampled=sampled,
        taken_by=form.taken_by.data or "",
        place=form.place.data or "",
        now=now(),
    )
    return _("已登记借出。"), "success"


def _take(sampled: SampledCase, form: Any) -> tuple[str, str]:
    del form
    file_loans.check_in(actor=acting(), sampled=sampled, now=now())
    return _("已登记归还。"), "success"


ACTS: dict[str, Callable[[SampledCase, Any], tuple[str, str]]] = {
    "receive": _receive, "give_back": _give_back, "missing": _missing, "replace": _replace, "lend": _lend,
    "take": _take,
}  # fmt: skip


def _page(public_id: str, *, refused: Form | None = None, **filled: Form) -> str:
    round_, sampled = drawn_files.get_for(acting(), public_id)
    today = clock.office_today()
    row = drawn_files.row_of(acting(), round_, sampled, today=today)
    forms = {
        name: filled.get(name) or kind(formdata=None) for name, kind in FORMS.items() if kind is not PressForm
    }
    return render_template(
        "call_in/file.html", round=round_, row=row, forms=forms, summary=next(iter(filled.values()), refused),
        may=_may(round_, sampled), said=file_trail.said_of(round_, sampled), actor_id=acting().account_id,
        events=file_trail.events_of(sampled), loans=file_trail.loans_of(sampled), words=words,
        locale=choose_locale(), replaced_by=file_trail.successor_of(sampled), terms=call_in.terms_of(round_),
        has_result=has_result(sampled),
    )  # fmt: skip


def _may(round_: Round, sampled: SampledCase) -> dict[str, bool]:
    """Which forms to show: allowed by the round's and by the file's state."""
    state = drawn_files.row_of(acting(), round_, sampled, today=clock.office_today()).state
    acts, moves = round_acts(round_.state), file_acts(state)
    terms = call_in.terms_of(round_)
    overdue = terms.call_in == "none" or terms.deadline is None or clock.office_today() > terms.deadline
    is_open = RoundAct.HAND_IN in acts
    return {
        "receive": is_open and FileAct.HAND_IN in moves and terms.call_in != "none",
        "give_back": is_open and FileAct.RETURN in moves,
        "missing": is_open and FileAct.DECLARE_MISSING in moves and overdue,
        "replace": RoundAct.REPLACE in acts and FileAct.REPLACE in moves,
        "lend": round_.state not in file_loans.OVER and state in ("due", "handed_in"),
    }
