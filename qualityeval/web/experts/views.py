"""The pool as a list, as a file, and one expert of it."""

from dataclasses import asdict
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation, Stale
from qualityeval.database import transaction
from qualityeval.models import Expert
from qualityeval.queries import experts as queries
from qualityeval.queries import interests, terms
from qualityeval.queries.experts import ExpertFilter
from qualityeval.services import experts as services
from qualityeval.services.appointments import COLUMNS as TERMS
from qualityeval.services.expert_import import COLUMNS
from qualityeval.web.attachments import csv_file
from qualityeval.web.experts import bp
from qualityeval.web.experts.forms import ExpertForm
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.words import rounds as words

PER_PAGE = 50
LONGEST = 100
EXPORTED = tuple(name for name in COLUMNS if name not in {"email", "id_number", "licence"})


def asked() -> ExpertFilter:
    """The filters of the address."""
    given = {
        name: request.args.get(name, "").strip()[:LONGEST]
        for name in ("text", "region", "specialty", "state")
    }
    given["state"] = given["state"] if given["state"] in queries.STATES else ""
    return ExpertFilter(**given)


@bp.get("", endpoint="list")
@requires(Permission.EXPERTS_MANAGE)
def index() -> str:
    """The pool."""
    filters = asked()
    total = queries.count_for(acting(), filters)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    rows = queries.list_for(acting(), filters, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    everything = [("", _("全部"))]
    return render_template(
        "experts/list.html", rows=rows, asked=filters, total=total, page=page, pages=pages, per_page=PER_PAGE,
        regions=everything + queries.regions_for(acting()),
        specialties=everything + [(one, one) for one in queries.specialties_for(acting())],
        states=[*everything, ("active", _("可派案")), ("paused", _("已停用"))],
        narrowed=filters != ExpertFilter(),
        export_href=url_for("experts.export", **{k: v for k, v in asdict(filters).items() if v}),
    )  # fmt: skip


@bp.get("/export.csv")
@requires(Permission.EXPERTS_MANAGE)
def export() -> Response:
    """The rows of the list under the headings of the import; addresses and numbers of persons stay here."""
    former, appointed = interests.past_providers(), terms.columns()
    nothing = ("",) * len(TERMS)
    lines = (
        (
            row.code, row.name, row.provider, row.region_code, ";".join(row.specialties), row.practice_years,
            row.cap, row.quota, former.get(row.code, ""), *appointed.get(row.code, nothing),
        )
        for row in queries.list_for(acting(), asked())
    )  # fmt: skip
    return csv_file("experts.csv", EXPORTED, lines)


@bp.route("/<public_id>", methods=["GET", "POST"])
@requires(Permission.EXPERTS_MANAGE)
def detail(public_id: str) -> Any:
    """One expert: what the pool knows, what they carry, how many files they take."""
    expert = queries.get_for(acting(), public_id)
    form = ExpertForm(obj=expert) if request.method == "GET" else ExpertForm()
    if request.method == "GET":
        return _page(expert, form)
    if not form.validate():
        return _page(expert, form), 422
    try:
        with transaction():
            services.change_limits(
                actor=acting(), expert=queries.get_for(acting(), public_id), cap=form.cap.data, quota=form.quota.data,
                active=bool(form.active.data), seen_version=form.version.data or 0, now=now(),
            )  # fmt: skip
    except Stale as refusal:
        form.version.data = expert.version
        place(form, refusal)
        return _page(queries.get_for(acting(), public_id), form), 409
    except RuleViolation as refusal:
        place(form, refusal)
        return _page(queries.get_for(acting(), public_id), form), 422
    flash(_("已保存。"), "success")
    return redirect(url_for("experts.detail", public_id=public_id), 303)


def _page(expert: Expert, form: ExpertForm) -> str:
    return render_template(
        "experts/detail.html", expert=expert, form=form, loads=queries.loads_for(acting(), expert),
        may_change=queries.may_change(acting(), expert), words=words, locale=choose_locale(),
    )  # fmt: skip
