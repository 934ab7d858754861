"""Links by which recipients answer themselves: who gets one, letters to print, figures apart from the phone's."""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectChoice
from wtforms.validators import DataRequired, InputRequired

from qualityeval.adapters.form_files import CALLBACK, shipped_form
from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.opinion import LINK_DAYS
from qualityeval.core.self_service import Asked, Way, phone_and_online
from qualityeval.database import transaction
from qualityeval.queries import recipient_links as queries
from qualityeval.queries.link_marks import marks_for
from qualityeval.services import letters as letters_service
from qualityeval.services import recipient_links as services
from qualityeval.web import letter_parts
from qualityeval.web.callbacks import bp
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.words import channels
from qualityeval.words.figures import share_text
from qualityeval.words.results import points

PER_PAGE = 30
AT_ONCE = 500


class LinksForm(Form):
    """How the links go out, and how long they live."""

    way = RadioField(
        _l("方式"), [DataRequired(_l("请选择一项。"))], default=Way.SMS.value,
        choices=[SelectChoice("sms", _l("短信：只含链接，不含姓名和案情")), SelectChoice("letter", _l("信函：打印带二维码的信"))],
    )  # fmt: skip
    days = IntegerField(_l("链接有效天数"), [InputRequired(_l("请填写这一项。"))], default=LINK_DAYS)


@bp.route("/links", methods=["GET", "POST"])
@requires(Permission.CALLBACK_PLAN)
def links() -> Any:
    """Figures by means, the links, and sending more."""
    form = LinksForm()
    if form.validate_on_submit():
        try:
            with transaction():
                rows = queries.open_callbacks(acting(), limit=AT_ONCE)
                sent, left_out = services.send_all(
                    actor=acting(), rows=rows, way=Way(form.way.data), days=form.days.data, now=now()
                )
            flash(_("已发出 %(count)s 个链接。", count=sent), "success")
            for reason, count in left_out.items():
                label = channels.LEFT_OUT[reason].text(choose_locale())
                flash(_("没有发：%(reason)s %(count)s 人", reason=label, count=count), "info")
            return redirect(url_for("callbacks.links"), 303)
        except RuleViolation as refusal:
            place(form, refusal)
    total = queries.count_for(acting())
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    means = queries.means_for(acting())
    return render_template(
        "callbacks/links.html", form=form, total=total, page=page, pages=pages, per_page=PER_PAGE,
        rows=queries.list_for(acting(), limit=PER_PAGE, offset=(page - 1) * PER_PAGE), now=now(),
        figures=queries.figures_for(acting()), means=means, words=channels, beside=phone_and_online(means), odd=marks_for(acting()),
        ticked=_ticked(means), silent=_silent(means), by_code=shipped_form(CALLBACK).by_code, points=points, share_text=share_text, letters=letter_parts.buttons(queries.waiting_letters(acting(), now=now()), "callbacks.letters"),
    ), 422 if form.errors or form.form_errors else 200  # fmt: skip


def _silent(means: Mapping[str, Asked]) -> dict[str, dict[str, Any]]:
    """Questions that somebody left out, in the form's order: by means who left it out among those who were asked."""
    left = {code: asked.unanswered for code, asked in means.items() if asked.answered}
    found = {
        one.code: {code: rates[one.code] for code, rates in left.items() if one.code in rates}
        for one in shipped_form(CALLBACK).questions
    }
    return {code: rates for code, rates in found.items() if any(rate.done for rate in rates.values())}


def _ticked(means: Mapping[str, Asked]) -> list[tuple[str, dict[str, Any]]]:
    """Each question with several ticks: the means by which anything was ticked, as columns, and their rates."""
    found = []
    for one in shipped_form(CALLBACK).questions:
        rates = {code: asked.ticks[one.code] for code, asked in means.items() if one.code in asked.ticks}
        heads = [
            {"label": channels.MEANS[code].text(choose_locale()), "num": True, "code": code} for code in rates
        ]
        if rates:
            found.append((one.code, {"means": heads, "rates": rates}))
    return found


@bp.post("/links/<public_id>/revoke")
@requires(Permission.CALLBACK_PLAN)
def revoke(public_id: str) -> Any:
    """Take one back."""
    with transaction():
        services.revoke(actor=acting(), link=queries.get_for(acting(), public_id, lock=True), now=now())
    flash(_("链接已撤回。"), "success")
    return redirect(url_for("callbacks.links"), 303)


@bp.get("/links/letters.pdf")
@requires(Permission.CALLBACK_PLAN)
def letters() -> Response:
    """A letter with a QR code for each unopened link by letter, a sheet each."""
    ids = letter_parts.asked(queries.waiting_letters(acting(), now=now()))
    content = letters_service.recipients(actor=acting(), ids=ids, now=now())
    return letter_parts.printed(content, "letters.pdf")
