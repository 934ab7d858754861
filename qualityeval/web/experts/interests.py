"""What keeps one expert from cases: the list, a further one, lifting one by two managers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound, RuleViolation
from qualityeval.database import db, transaction
from qualityeval.models import Expert, Interest
from qualityeval.queries import experts as queries
from qualityeval.queries import interests as kept
from qualityeval.services import interests as services
from qualityeval.web.experts import bp
from qualityeval.web.experts.forms import InterestForm, LiftForm
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.words import interests as words


@bp.route("/<public_id>/interests", methods=["GET", "POST"])
@requires(Permission.EXPERTS_MANAGE)
def interests(public_id: str) -> Any:
    """Every interest of an expert; POST records one, or says that one may be lifted."""
    expert = queries.get_for(acting(), public_id)
    form, lifting = InterestForm(prefix="new-"), LiftForm()
    form.offer()
    if request.method == "GET":
        return _page(expert, form, lifting)
    wanted = lifting if "interest" in request.form else form
    if not wanted.validate():
        return _page(expert, form, lifting), 422
    try:
        with transaction():
            said = _lift(public_id, lifting) if wanted is lifting else _record(public_id, form)
    except NotFound:
        raise
    except RuleViolation as refusal:
        place(wanted, refusal)
        return _page(queries.get_for(acting(), public_id), form, lifting), 422
    flash(said, "success")
    return redirect(url_for("experts.interests", public_id=public_id), 303)


def _record(public_id: str, form: InterestForm) -> str:
    services.record_interest(
        actor=acting(), expert=queries.get_for(acting(), public_id), kind=form.kind.data, about=form.about.data,
        whom=form.whom.data or "", reason=form.reason.data or "", since=form.since.data, until=form.until.data,
        source=form.source.data, now=now(),
    )  # fmt: skip
    return _("已登记。涉及的案件已从专家的列表里撤下，请到批次的派案页换人。")


def _lift(public_id: str, form: LiftForm) -> str:
    expert = queries.get_for(acting(), public_id)
    found = db.session.execute(
        select(Interest).where(
            Interest.expert_id == expert.id, Interest.public_id == (form.interest.data or "")
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(where="interest")
    outcome = services.lift(actor=acting(), interest=found, reason=form.lift_reason.data or "", now=now())
    return _("已解除。") if outcome == services.LIFTED else _("已记下，等另一位管理员同意。")


def _page(expert: Expert, form: InterestForm, lifting: LiftForm) -> str:
    return render_template(
        "experts/interests.html", expert=expert, form=form, lifting=lifting, words=words, locale=choose_locale(),
        rows=kept.of_expert(acting(), expert),
    )  # fmt: skip
