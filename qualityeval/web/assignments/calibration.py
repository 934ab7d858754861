"""A round's anchors and hidden repeats for its owning body: chosen, given a reference answer, what they show."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.rubric_parts import Rubric, show_points
from qualityeval.database import transaction
from qualityeval.models import Anchor, Round
from qualityeval.queries import calibration as queries
from qualityeval.queries import calibration_figures as figures
from qualityeval.services import calibration as services
from qualityeval.services.scoring import frozen_rubric
from qualityeval.web.assignments import bp
from qualityeval.web.assignments.forms import AnchorForm, ReferenceForm, RepeatsForm
from qualityeval.web.assignments.views import round_of
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.messages import words as message
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.words.calibration import LEANINGS, SOURCES
from qualityeval.words.figures import points, share_text, signed_points

PER_PAGE = 50
Forms = tuple[AnchorForm, RepeatsForm]


@bp.route("/rounds/<public_id>/calibration", methods=["GET", "POST"])
@requires(Permission.ROUND_ASSIGN)
def calibration(public_id: str) -> Any:
    """Anchors, repeats and deviations; POST does what its button says."""
    round_, forms = round_of(public_id), (AnchorForm(), RepeatsForm())
    act = ACTS.get(request.form.get("do", ""))
    if request.method == "GET" or act is None:
        return _round_page(round_, _filled(round_, forms))
    form, do = act
    if form is not None and not forms[form].validate():
        return _round_page(round_, forms), 422
    try:
        with transaction():
            said = do(round_of(public_id), forms)
    except RuleViolation as refusal:
        if form is not None:
            place(forms[form], refusal)
            return _round_page(round_of(public_id), forms), 422
        return _round_page(round_of(public_id), forms, refusal=message(refusal)), 422
    flash(said, "success")
    return redirect(url_for("assignments.calibration", public_id=public_id), 303)


def _choose(round_: Round, forms: Forms) -> str:
    services.choose(actor=acting(), round_=round_, key=forms[0].case.data or "", now=now())
    return _("已选为定标卷。请接着写参考答案。")


def _set(round_: Round, forms: Forms) -> str:
    services.set_repeats(
        actor=acting(), round_=round_, rate=forms[1].rate.data or "", days=forms[1].days.data or 0, now=now()
    )
    return _("已保存复评比例。")


def _deal(round_: Round, forms: Forms) -> str:
    del forms
    count = services.deal_repeats(actor=acting(), round_=round_, now=now())
    return ngettext("派出 %(num)s 份隐性复评。", "派出 %(num)s 份隐性复评。", count)


def _drop(round_: Round, forms: Forms) -> str:
    del forms
    _round, anchor = figures.reference_for(acting(), request.form.get("anchor", ""))
    services.drop(actor=acting(), round_=round_, anchor=anchor, now=now())
    return _("已取消这件定标卷。")


ACTS: dict[str, tuple[int | None, Callable[[Round, Forms], str]]] = {
    "choose": (0, _choose), "repeats": (1, _set), "deal": (None, _deal), "drop": (None, _drop),
}  # fmt: skip


def _filled(round_: Round, forms: Forms) -> Forms:
    row = figures.settings_of(round_)
    if row is not None:
        rate = Fraction(row.rate)
        forms[1].rate.data = share_text(rate.numerator, rate.denominator)
        forms[1].days.data = row.days
    return forms


def _round_page(round_: Round, forms: Forms, *, refusal: str = "") -> str:
    found, locale = figures.figures_of(acting(), round_), choose_locale()
    pages = pages_of(len(found.experts), PER_PAGE)
    page = page_asked(pages)
    return render_template(
        "assignments/calibration.html", round=round_, choosing=forms[0], repeating=forms[1], refusal=refusal,
        anchors=[(anchor, queries.key_of(anchor)) for anchor in queries.anchors_of(round_.id)],
        submitted=figures.submitted_of(round_.id), experts=found.experts[(page - 1) * PER_PAGE : page * PER_PAGE],
        total=len(found.experts), page=page, pages=pages, per_page=PER_PAGE, found=found, signed=signed_points,
        leanings={code: label.text(locale) for code, label in LEANINGS.items()}, show_points=show_points,
        sources={code: label.text(locale) for code, label in SOURCES.items()}, required=queries.asks(round_),
        may_choose=round_.state in services.BEFORE_SCORING, may_deal=round_.state in services.REPEATING,
        has_rate=figures.settings_of(round_) is not None, points=points,
    )  # fmt: skip


@bp.route("/anchors/<public_id>/reference", methods=["GET", "POST"])
@requires(Permission.ROUND_ASSIGN)
def reference(public_id: str) -> Any:
    """The reference answer of an anchor: points by item, from whom, on what grounds."""
    round_, anchor = figures.reference_for(acting(), public_id)
    rubric, form = frozen_rubric(anchor.rubric), ReferenceForm()
    form.offer()
    if request.method == "GET":
        if anchor.source:
            form.source.data, form.reason.data = anchor.source, anchor.reason
        return _reference_page(round_, anchor, rubric, form, _typed(anchor, rubric))
    typed = {code: request.form.get(f"mark-{code}", "").strip() for code in rubric.by_item}
    if not form.validate():
        return _reference_page(round_, anchor, rubric, form, typed), 422
    try:
        with transaction():
            round_, anchor = figures.reference_for(acting(), public_id)
            services.set_reference(
                actor=acting(), round_=round_, anchor=anchor, rubric=rubric, content=services.answer_of(typed, rubric),
                source=form.source.data, reason=form.reason.data or "", now=now(),
            )  # fmt: skip
    except RuleViolation as refusal:
        if refusal.where in rubric.by_item:
            errors = {f"mark-{refusal.where}": message(refusal)}
            return _reference_page(round_, anchor, rubric, form, typed, errors), 422
        place(form, refusal)
        return _reference_page(round_, anchor, rubric, form, typed), 422
    flash(_("已保存参考答案。"), "success")
    return redirect(url_for("assignments.calibration", public_id=round_.public_id), 303)


def _typed(anchor: Anchor, rubric: Rubric) -> dict[str, str]:
    marks = anchor.reference["content"]["marks"] if anchor.reference else {}
    five = rubric.method == "five_mark"
    return {
        code: services.NOT_APPLICABLE if mark.get("na")
        else str(mark["earned"]) if five and mark.get("earned") is not None
        else show_points(mark["earned"] if mark.get("earned") is not None
                         else rubric.by_item[code].points - sum(mark.get("deductions") or ()))
        for code, mark in marks.items()
    }  # fmt: skip


def _reference_page(
    round_: Round,
    anchor: Anchor,
    rubric: Rubric,
    form: ReferenceForm,
    typed: dict[str, str],
    errors: dict[str, str] | None = None,
) -> str:
    return render_template(
        "assignments/reference.html", round=round_, anchor=anchor, key=queries.key_of(anchor), rubric=rubric, form=form,
        typed=typed, errors=errors or {}, said=[(text, name) for name, text in (errors or {}).items()],
        show_points=show_points, locale=choose_locale(), five=rubric.method == "five_mark",
    )  # fmt: skip
