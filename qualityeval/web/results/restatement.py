"""After the release: a case read anew, the figures restated by two managers, and every version word for word."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from qualityeval.authz import Permission, require
from qualityeval.core.errors import RuleViolation
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import proofs, result_pages
from qualityeval.queries import released_reviews as queries
from qualityeval.queries import rounds as round_queries
from qualityeval.services import released_reviews, restatements
from qualityeval.services.restatements import LONGEST
from qualityeval.web.attachments import attachment
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.proofs import chosen, on_files
from qualityeval.web.results import bp
from qualityeval.words import objections as words

NEEDED = DataRequired(_l("请填写这一项。"))


class ReviewForm(Form):
    """Which released case is read anew, and why."""

    case = StringField(
        _l("案件"), [NEEDED, Length(max=300)], description=_l("案件的键：机构代码:案号，如抽样框文件所写。")
    )
    basis = RadioField(_l("缘由"), [DataRequired(_l("请选择一项。"))], choices=[])
    reason = TextAreaField(_l("复查的理由"), [NEEDED, Length(max=LONGEST)])
    files = MultipleFileField(_l("佐证材料"), description=_l("可选，最多 5 份。"))


class RestatementForm(Form):
    """What the public reads about the restatement."""

    reason = TextAreaField(
        _l("更正结果的理由"), [NEEDED, Length(max=LONGEST)],
        description=_l("会与新旧两版数字一起公布。不要写案号和姓名。"),
    )  # fmt: skip


@bp.route("/rounds/<public_id>/restatement", methods=["GET", "POST"])
@requires(Permission.ROUND_RELEASE)
def restatement(public_id: str) -> Any:
    """Reviews, proposal and versions; POST opens a review, proposes, issues or drops a restatement."""
    round_ = _round(public_id)
    review, proposal = _review_form(), RestatementForm(prefix="new")
    if request.method == "GET":
        round_after(round_.state, RoundAct.REVIEW)
        review.case.data = request.args.get("case", "")[:300]
        return _page(round_, review, proposal)
    asked = request.form.get("do", "")
    form = {"review": review, "propose": proposal}.get(asked)
    if form is not None and not form.validate():
        return _page(round_, review, proposal), 422
    papers = chosen(review.files.data) if asked == "review" else []
    try:
        with transaction():
            said = _acts(_round(public_id), review, proposal, papers)[asked]()
    except KeyError:
        return redirect(url_for("results.restatement", public_id=public_id), 303)
    except RuleViolation as refusal:
        if form is review:
            refusal = on_files(refusal, review.data)
        place(form or proposal, refusal)
        return _page(_round(public_id), review, proposal), 422
    flash(said, "success")
    return redirect(url_for("results.restatement", public_id=public_id), 303)


def _acts(
    round_: Round, review: ReviewForm, proposal: RestatementForm, papers: Any
) -> dict[str, Callable[[], str]]:
    actor, moment = acting(), now()

    def begin() -> str:
        sampled = queries.sampled_for(actor, round_, (review.case.data or "").strip())
        released_reviews.open_review(
            actor=actor, sampled=sampled, basis=review.basis.data, reason=review.reason.data or "", papers=papers,
            now=moment,
        )  # fmt: skip
        return _("已抽出复查专家，等待评分。")

    def propose() -> str:
        restatements.propose(actor=actor, round_=round_, reason=proposal.reason.data or "", now=moment)
        return _("已记下更正，请另一位管理员在自己的账号里确认。")

    def issue() -> str:
        restatements.issue(actor=actor, round_=round_, now=moment)
        return _("更正已发布，原来的一版保留。")

    def drop() -> str:
        restatements.drop(actor=actor, round_=round_, now=moment)
        return _("已撤回更正。")

    return {"review": begin, "propose": propose, "issue": issue, "drop": drop}


@bp.get("/rounds/<public_id>/results/version.json")
@requires(Permission.ROUND_RESULTS)
def version(public_id: str) -> Response:
    """The version of the published figures that `n` names, byte for byte as it was digested."""
    asked = request.args.get("n", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    round_ = result_pages.round_for(acting(), public_id=public_id)
    found = queries.version_for(acting(), round_, number)
    name = f"{round_.code}-results-{number}.json"
    return attachment(found.text.encode(), name=name, kind="application/json")


def _round(public_id: str) -> Round:
    round_ = round_queries.get_for(acting(), public_id)
    require(acting(), Permission.ROUND_RELEASE, round_)
    return round_


def _review_form() -> ReviewForm:
    form = ReviewForm()
    form.basis.choices = [
        SelectChoice(code, label.text(choose_locale())) for code, label in words.REVIEW_BASES.items()
    ]
    return form


def _page(round_: Round, review: ReviewForm, proposal: RestatementForm) -> str:
    rows = queries.list_for(acting(), round_)
    waiting = queries.open_proposal(round_)
    return render_template(
        "results/restatement.html", round=round_, rows=rows, review=review, proposal=proposal, words=words,
        papers={row.public_id: proofs.of(released_review_id=row.id) for row in rows}, waiting=waiting,
        mine=waiting is not None and waiting.proposed_by_id == acting().account_id,
        may_propose=any(row.state == "read" for row in rows), versions=queries.versions_of(acting(), round_),
        locale=choose_locale(),
    )  # fmt: skip
