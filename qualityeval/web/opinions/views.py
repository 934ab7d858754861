"""Asking organs for their opinion: the list, a new request with its link, what came back."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length

from qualityeval.adapters.form_files import OPINION, shipped_form
from qualityeval.authz import Permission
from qualityeval.core.errors import InvalidInput, NotFound, RuleViolation, msg
from qualityeval.core.opinion import ADOPTED, LINK_DAYS, OpinionState
from qualityeval.core.questionnaire import Unanswered
from qualityeval.database import instance_address, transaction
from qualityeval.models import OrganOpinion
from qualityeval.queries import observations as cases
from qualityeval.queries import opinions as queries
from qualityeval.services import opinions as services
from qualityeval.services.case_files import NewPaper
from qualityeval.web.answer_errors import by_question, posted, summary
from qualityeval.web.forms import Form, required_text
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import place
from qualityeval.web.number_warning import warn_of_numbers
from qualityeval.web.opinions import bp
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.words import channels
from qualityeval.words.figures import share_text

PER_PAGE = 30


class AskForm(Form):
    """About which case, whom, and for how long the link lives."""

    case_key = required_text(
        _l("案件"), description=_l("机构代码:援助案号，如 330102:2026-00001；案号不重复时只写案号。")
    )
    organ = StringField(_l("办案机关"), [Length(max=200)], description=_l("不写就用台账里的。"))
    officer = StringField(_l("办案人员"), [Length(max=200)])
    days = IntegerField(_l("链接有效天数"), [InputRequired(_l("请填写这一项。"))], default=LINK_DAYS)


class ScanForm(Form):
    """The letter itself, scanned."""

    letter = FileField(
        _l("答复的扫描件"),
        description=_l("PDF 或图片，选填；存入这件案件的案卷材料“征询办案机关意见函”。"),
    )


@bp.get("/opinions/", endpoint="list")
@requires(Permission.OPINION_ASK)
def index() -> str:
    """Requests, and the rates over them."""
    state = request.args.get("state", "")
    state = state if state in set(OpinionState) else ""
    total = queries.count_for(acting(), state=state, now=now())
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    return render_template(
        "opinions/list.html", state=state, total=total, page=page, pages=pages, per_page=PER_PAGE, words=channels,
        rows=queries.list_for(acting(), state=state, now=now(), limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        reply=queries.reply_rate_for(acting()), dimensions=queries.dimensions_for(acting()), share_text=share_text,
        adoption=queries.adoption_for(acting()),
        degrees={one.code: one for one in shipped_form(OPINION).by_code[ADOPTED].options},
    )  # fmt: skip


@bp.route("/opinions/ask", methods=["GET", "POST"])
@requires(Permission.OPINION_ASK)
def ask() -> Any:
    """A new request; its link is shown on the answer to this form and never again."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            with transaction():
                row, token = services.ask(
                    actor=acting(), case=_case(form.case_key.data), organ=form.organ.data or "",
                    officer=form.officer.data or "", days=form.days.data, now=now(),
                )  # fmt: skip
                public_id = row.public_id
            link = instance_address() + url_for("opinions.knock", token=token)
            return render_template("opinions/link.html", row=queries.get_for(acting(), public_id), link=link)
        except RuleViolation as refusal:
            place(form, refusal)
    return render_template("opinions/ask.html", form=form), 422 if form.errors or form.form_errors else 200


def _case(key: str) -> Any:
    try:
        return cases.case_for(acting(), key, Permission.OPINION_ASK)
    except NotFound as refusal:
        raise InvalidInput(
            refusal.code, msg("本机构及下级的台账里没有这件案件，或者有几件同号。"), where="case_key"
        ) from None


@bp.get("/opinions/<public_id>")
@requires(Permission.OPINION_ASK)
def detail(public_id: str) -> str:
    """One request and its answer."""
    row = queries.get_for(acting(), public_id)
    form = services.form_of(row)
    return render_template(
        "opinions/detail.html", row=row, form=form, asked=form.asked(row.answers),
        state=queries.state_of(row, now=now()), words=channels,
    )  # fmt: skip


@bp.post("/opinions/<public_id>/revoke")
@requires(Permission.OPINION_ASK)
def revoke(public_id: str) -> Any:
    """Take the link back."""
    with transaction():
        services.revoke(actor=acting(), opinion=_locked(public_id), now=now())
    flash(_("链接已撤回。"), "success")
    return redirect(url_for("opinions.detail", public_id=public_id))


@bp.route("/opinions/<public_id>/letter", methods=["GET", "POST"])
@requires(Permission.OPINION_ASK)
def letter(public_id: str) -> Any:
    """Enter what came on paper."""
    row = queries.get_for(acting(), public_id)
    form, scan = services.form_of(row), ScanForm()
    if request.method == "GET":
        return render_template(
            "opinions/letter.html", row=row, form=form, typed={}, errors={}, said=[], scan=scan
        )
    typed = posted(form)
    try:
        with transaction():
            services.enter_letter(
                actor=acting(), opinion=_locked(public_id), given=typed, now=now(), letter=_scanned(scan)
            )
    except (Unanswered, InvalidInput) as refusal:
        if refusal.where not in form.by_code:
            refusal.where = "letter"
            place(scan, refusal)
        errors = by_question(refusal)
        said = summary(form, errors)
        return render_template(
            "opinions/letter.html", row=row, form=form, typed=typed, errors=errors, said=said, scan=scan
        ), 422
    flash(_("已录入书面答复。"), "success")
    warn_of_numbers(typed.values())
    return redirect(url_for("opinions.detail", public_id=public_id))


def _scanned(scan: ScanForm) -> NewPaper | None:
    upload = scan.letter.data
    if not upload or not upload.filename:
        return None
    return NewPaper(upload.filename, upload.read(), services.PAPER)


def _locked(public_id: str) -> OrganOpinion:
    return queries.get_for(acting(), public_id, lock=True)
