"""What an institution sees of its own cases: notified grades and deductions, and the way to object."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.rubric_parts import show_points
from qualityeval.database import transaction
from qualityeval.queries import notified as queries
from qualityeval.queries.objections import window_end
from qualityeval.services import objections as services
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.objections import bp
from qualityeval.web.objections.forms import ObjectionForm
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.proofs import chosen, on_files
from qualityeval.words import objections as words

PER_PAGE = 50


@bp.get("/grades")
@requires(Permission.OBJECTION_RAISE)
def index() -> str:
    """Own cases whose grades were notified or released."""
    rounds = queries.visible_rounds(acting(), now=now())
    total = queries.count_for(acting(), rounds)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    return render_template(
        "objections/grades.html", total=total, page=page, pages=pages, per_page=PER_PAGE, words=words,
        rows=queries.list_for(acting(), rounds, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        windows=[(one.title, window_end(one)) for one in rounds if one.state == "objection"],
        show_points=show_points, locale=choose_locale(),
    )  # fmt: skip


@bp.route("/grades/<public_id>", methods=["GET", "POST"])
@requires(Permission.OBJECTION_RAISE)
def grade(public_id: str) -> Any:
    """One case: grade, deductions, objection. POST raises one."""
    form = ObjectionForm()
    if request.method == "GET":
        return _page(public_id, form)
    queries.get_for(acting(), public_id, now=now())
    if not form.validate():
        return _page(public_id, form), 422
    papers = chosen(form.files.data)
    try:
        with transaction():
            _round, sampled, _case = queries.sampled_for(acting(), public_id)
            services.raise_objection(
                actor=acting(), sampled=sampled, reason=form.reason.data or "", papers=papers, now=now()
            )
    except RuleViolation as refusal:
        place(form, on_files(refusal, form.data))
        return _page(public_id, form), 422
    flash(_("异议已提出，等待评估单位决定。"), "success")
    return redirect(url_for("objections.grade", public_id=public_id), 303)


def _page(public_id: str, form: ObjectionForm) -> str:
    return render_template(
        "objections/grade.html", found=queries.get_for(acting(), public_id, now=now()), form=form, words=words,
        show_points=show_points, locale=choose_locale(), public_id=public_id,
    )  # fmt: skip
