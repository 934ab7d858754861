"""The owning body's side: who was told, letters to print, statements and the answers to them."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.opinion import LINK_DAYS
from qualityeval.database import transaction
from qualityeval.queries import practitioner_links as queries
from qualityeval.queries import rounds
from qualityeval.queries.notified import RELEASED
from qualityeval.queries.practitioner_feedback import about, may_be_told
from qualityeval.services import letters as letters_service
from qualityeval.services import practitioner_links as services
from qualityeval.web import letter_parts
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.number_warning import warn_of_numbers
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.practitioners import bp
from qualityeval.words import channels

PER_PAGE = 50


class SendForm(Form):
    """How long the links live."""

    days = IntegerField(_l("链接有效天数"), [InputRequired(_l("请填写这一项。"))], default=LINK_DAYS)


class ReplyForm(Form):
    """The answer to a statement."""

    reply = TextAreaField(_l("答复"), [InputRequired(_l("请填写这一项。"))])


@bp.route("/rounds/<public_id>/statements", methods=["GET", "POST"])
@requires(Permission.OBJECTION_DECIDE)
def of_round(public_id: str) -> Any:
    """The round's links and statements; POST makes links for all who have none."""
    form, round_ = SendForm(), rounds.get_for(acting(), public_id)
    if form.validate_on_submit():
        try:
            with transaction():
                sent = services.send(
                    actor=acting(), round_=rounds.get_for(acting(), public_id), days=form.days.data, now=now()
                )
            flash(_("已给 %(count)s 件案件的承办人做好链接，信函可以打印了。", count=sent.made), "success")
            for reason, count in sent.left_out.items():
                label = channels.LEFT_OUT[reason].text(choose_locale())
                flash(_("没有告知：%(reason)s %(count)s 件", reason=label, count=count), "info")
            return redirect(url_for("practitioners.of_round", public_id=public_id), 303)
        except RuleViolation as refusal:
            place(form, refusal)
            round_ = rounds.get_for(acting(), public_id)
    total = queries.count_of(round_)
    pages = pages_of(total, PER_PAGE)
    here = page_asked(pages)
    page = render_template(
        "practitioners/list.html", round=round_, form=form, total=total, page=here, pages=pages, per_page=PER_PAGE,
        rows=queries.list_of(round_, now=now(), limit=PER_PAGE, offset=(here - 1) * PER_PAGE), words=channels,
        waiting=letter_parts.buttons(queries.waiting_letters(round_, now=now()), "practitioners.letters", public_id=public_id),
        told=may_be_told(round_, now=now()), released=round_.state in RELEASED,
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@bp.get("/rounds/<public_id>/statements/letters.pdf")
@requires(Permission.OBJECTION_DECIDE)
def letters(public_id: str) -> Response:
    """A letter with a QR code for each unopened link, a sheet a case."""
    round_ = rounds.get_for(acting(), public_id)
    round_ = rounds.get_for(acting(), public_id)
    ids = letter_parts.asked(queries.waiting_letters(round_, now=now()))
    content = letters_service.practitioners(actor=acting(), round_=round_, ids=ids, now=now())
    return letter_parts.printed(content, "practitioner-letters.pdf")


@bp.route("/statements/<public_id>", methods=["GET", "POST"])
@requires(Permission.OBJECTION_DECIDE)
def statement(public_id: str) -> Any:
    """One statement; POST answers it."""
    form = ReplyForm()
    queries.get_for(acting(), public_id)
    if form.validate_on_submit():
        try:
            with transaction():
                round_, link = queries.get_for(acting(), public_id, lock=True)
                services.reply(
                    actor=acting(), round_=round_, link=link, text=form.reply.data or "", now=now()
                )
            flash(_("已答复。"), "success")
            warn_of_numbers((form.reply.data or "",))
            return redirect(url_for("practitioners.statement", public_id=public_id), 303)
        except RuleViolation as refusal:
            place(form, refusal)
    round_, link = queries.get_for(acting(), public_id)
    page = render_template(
        "practitioners/statement.html", round=round_, link=link, form=form, found=about(link),
        state=queries.state_of(link, now=now()), words=channels,
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


@bp.post("/statements/<public_id>/revoke")
@requires(Permission.OBJECTION_DECIDE)
def revoke(public_id: str) -> Any:
    """Take a link back."""
    with transaction():
        round_, link = queries.get_for(acting(), public_id, lock=True)
        services.revoke(actor=acting(), round_=round_, link=link, now=now())
        there = round_.public_id
    flash(_("链接已撤回。"), "success")
    return redirect(url_for("practitioners.of_round", public_id=there), 303)
