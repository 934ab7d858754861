"""An institution's side: its own files that a round calls in, and handing one in."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval import clock
from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound, RuleViolation
from qualityeval.core.workflow import FileAct, RoundAct, file_acts, round_acts
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import call_in, drawn_files, file_trail
from qualityeval.queries.case_files import papers_digest
from qualityeval.services import hand_in as services
from qualityeval.services.file_events import case_of
from qualityeval.web.call_in import bp
from qualityeval.web.call_in.forms import HandInForm
from qualityeval.web.call_in.rounds import PER_PAGE, asked, filter_choices
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.words import call_in as words


def own_round(rounds: list[Round], public_id: str) -> Round | None:
    """The round that the address names, the latest where it names none; NotFound for any other."""
    if not public_id:
        return rounds[0] if rounds else None
    for one in rounds:
        if one.public_id == public_id:
            return one
    raise NotFound(where="round")


@bp.get("/hand-in")
@requires(Permission.FILE_HAND_IN)
def own() -> str:
    """The own files of a round, with deadline and what is still due."""
    rounds = drawn_files.own_rounds(acting())
    round_ = own_round(rounds, request.args.get("round", ""))
    if round_ is None:
        return render_template("call_in/own.html", round=None, rounds=[], rows=[])
    today, filters = clock.office_today(), asked()
    total = drawn_files.count_for(acting(), round_, filters, today=today)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    (counts,) = drawn_files.institutions_of(acting(), round_, today=today) or (None,)
    return render_template(
        "call_in/own.html", round=round_, rounds=rounds, total=total, page=page, pages=pages, per_page=PER_PAGE,
        rows=drawn_files.list_for(
            acting(), round_, filters, today=today, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
        ),
        counts=counts, terms=call_in.terms_of(round_), asked=filters, words=words, locale=choose_locale(),
        choices=filter_choices(), is_open=RoundAct.HAND_IN in round_acts(round_.state),
    )  # fmt: skip


@bp.route("/hand-in/<public_id>", methods=["GET", "POST"])
@requires(Permission.FILE_HAND_IN)
def hand_in(public_id: str) -> Any:
    """One own file; POST hands it in."""
    drawn_files.own_for(acting(), public_id)
    form = HandInForm()
    if request.method == "GET":
        return _page(public_id, form)
    if not form.validate():
        return _page(public_id, form), 422
    try:
        with transaction():
            round_, sampled = drawn_files.own_for(acting(), public_id)
            services.hand_in(
                actor=acting(), sampled=sampled, pages=form.pages.data or 0, digest=form.digest.data or "",
                note=form.note.data or "", now=now(),
            )  # fmt: skip
            code = round_.public_id
    except RuleViolation as refusal:
        place(form, refusal)
        return _page(public_id, form), 422
    flash(_("已交卷。"), "success")
    return redirect(url_for("call_in.own", round=code), 303)


def _page(public_id: str, form: HandInForm) -> str:
    round_, sampled = drawn_files.own_for(acting(), public_id)
    row = drawn_files.row_of(acting(), round_, sampled, today=clock.office_today())
    stored = papers_digest(case_of(sampled))
    if stored.papers and form.pages.data is None and not form.is_submitted():
        form.pages.data = stored.pages
    is_open = RoundAct.HAND_IN in round_acts(round_.state) and FileAct.HAND_IN in file_acts(row.state)
    return render_template(
        "call_in/hand_in.html", round=round_, row=row, form=form, is_open=is_open, stored=stored, words=words,
        locale=choose_locale(), terms=call_in.terms_of(round_), events=file_trail.events_of(sampled),
    )  # fmt: skip
