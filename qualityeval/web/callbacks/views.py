"""The caller's desk: one recipient at a time, the number from 拨打 until the outcome is written."""

from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.callback import MOST, MOST_A_DAY, Outcome, masked_name, masked_number
from qualityeval.core.errors import RuleViolation
from qualityeval.database import transaction
from qualityeval.models import Callback
from qualityeval.queries import callbacks as queries
from qualityeval.services import callbacks as services
from qualityeval.web.answer_errors import by_question, posted, summary
from qualityeval.web.callbacks import bp
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import words
from qualityeval.web.number_warning import warn_of_numbers
from qualityeval.words import channels
from qualityeval.words.figures import share_text
from qualityeval.words.moments import OFFICE
from qualityeval.words.rounds import CASE_TYPES

FIRST_KEYS = ("reached", "no_answer", "dead", "refused", "rescheduled")
Errors = dict[str, str]


@bp.get("/")
@requires(Permission.CALLBACK_CALL)
def desk() -> str:
    """Whom I have before me, and who comes next."""
    return _desk({}, {})


def _desk(typed: dict[str, str], errors: Errors, *, of: str = "") -> str:
    current = queries.get_for(acting(), of) if of else queries.current_for(acting(), now=now())
    form = services.form_of(current) if current else None
    return render_template(
        "callbacks/desk.html", current=current, form=form, queue=queries.queue_for(acting(), now=now()),
        tally=queries.own_tally(acting()), waiting=queries.waiting_for(acting(), now=now()), typed=typed,
        errors=errors, said=summary(form, errors) if form else [], words=channels,
        case_types=CASE_TYPES, outcomes=_outcomes(), masked_name=masked_name, masked_number=masked_number,
        share_text=share_text, limits=(MOST_A_DAY, MOST),
    )  # fmt: skip


def _outcomes() -> list[tuple[str, str]]:
    """Codes with their words; the five most used first, so that their keys are 1 to 5."""
    codes = [*FIRST_KEYS, *(one for one in Outcome if one not in FIRST_KEYS)]
    return [(code, channels.OUTCOMES[code].text(choose_locale())) for code in codes]


@bp.post("/<public_id>/dial")
@requires(Permission.CALLBACK_CALL)
def dial(public_id: str) -> Any:
    """Show the number for this call; the log says so."""
    try:
        with transaction():
            services.dial(actor=acting(), callback=_own(public_id), now=now())
    except RuleViolation as refusal:
        if refusal.code == "not_found":
            raise
        return _desk({}, {"": words(refusal)}, of=public_id), 422
    return redirect(url_for("callbacks.desk"))


@bp.post("/<public_id>/outcome")
@requires(Permission.CALLBACK_CALL)
def outcome(public_id: str) -> Any:
    """Write down how the call ended, with the answers where somebody answered."""
    row = queries.get_for(acting(), public_id)
    answers = posted(services.form_of(row))
    typed = {name: value for name, value in request.form.items() if name != "csrf_token"} | answers
    try:
        ended = services.Ended(
            outcome=typed.get("outcome", ""), note=typed.get("note", ""),
            answers=answers, again_at=_again(typed), opt_out="opt_out" in typed,
        )  # fmt: skip
        with transaction():
            services.write_outcome(actor=acting(), callback=_own(public_id), ended=ended, now=now())
    except RuleViolation as refusal:
        if refusal.code == "not_found":
            raise
        return _desk(typed, by_question(refusal), of=public_id), 422
    flash(_("已记下。下一位。"), "success")
    warn_of_numbers((ended.note, *answers.values()))
    return redirect(url_for("callbacks.desk"))


def _again(typed: dict[str, str]) -> datetime | None:
    """The appointment as day and time of the office; None where either can't be read."""
    try:
        day = date.fromisoformat(typed.get("again_day", "").strip())
        clock = datetime.strptime(typed.get("again_at", "").strip().replace("：", ":"), "%H:%M").time()  # noqa: DTZ007 -- the zone is put on below
    except ValueError:
        return None
    return datetime.combine(day, clock, OFFICE)


def _own(public_id: str) -> Callback:
    return queries.get_for(acting(), public_id, lock=True)
