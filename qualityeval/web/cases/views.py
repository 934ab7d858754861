"""The list of cases, its export, one case, and a sealed number of it."""

from tempfile import TemporaryFile
from typing import Any

from flask import Response, render_template, request, send_file, stream_with_context, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from qualityeval import clock
from qualityeval.adapters.workbook_out import Sheet, csv_lines, write_workbook
from qualityeval.authz import Permission
from qualityeval.core.case_fields import BY_NAME, Kind
from qualityeval.core.errors import NotFound, RuleViolation
from qualityeval.database import transaction
from qualityeval.queries import cases as queries
from qualityeval.queries import institutions
from qualityeval.queries.case_checks import checks_of
from qualityeval.queries.case_files import catalogue_of
from qualityeval.reports import case_list
from qualityeval.services import case_access
from qualityeval.web.cases import bp, filters, shown
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.process_checks import lines_of
from qualityeval.words.cases import CODES

PER_PAGE = 50
KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class RevealForm(Form):
    """Why the number has to be seen."""

    reason = TextAreaField(
        _l("查看原因"),
        [DataRequired(_l("请填写这一项。")), Length(max=case_access.LONGEST)],
        description=_l("例如：电话回访、核对身份。原因、时间和您的账号会记入审计日志。"),
    )


@bp.get("", endpoint="list")
@requires(Permission.REGISTER_READ)
def index() -> str:
    """The cases of the own subtree, narrowed by the address."""
    actor, chosen, sort = acting(), filters.asked(), filters.asked_sort()
    places = institutions.list_for(actor)
    total = queries.count_for(actor, chosen)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    rows = queries.list_for(actor, chosen, sort=sort, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return render_template(
        "cases/list.html", rows=rows, total=total, page=page, pages=pages, per_page=PER_PAGE, sort=sort, chosen=chosen,
        places=filters.place_choices(places), chips=_chips(chosen, places), choices_of=filters.choices_of,
        codes=CODES, locale=choose_locale(),
    )  # fmt: skip


def _chips(chosen: queries.CaseFilters, places: list[institutions.InstitutionRow]) -> list[tuple[str, str]]:
    kept = request.args.to_dict()
    return [
        (
            label,
            url_for("cases.list", **{n: v for n, v in kept.items() if v and n not in {*names, "page"}}),
        )
        for label, names in filters.chips(chosen, places)
    ]


@bp.get("/export.<any(csv, xlsx):kind>")
@requires(Permission.REGISTER_READ)
def export(kind: str) -> Any:
    """Exactly the filtered rows, in the list's order; no sealed numbers."""
    header = [_("机构代码"), _("法律援助机构"), *(_(field.label) for field in queries.EXPORTED)]
    rows = case_list.cells(
        queries.export_for(acting(), filters.asked(), sort=filters.asked_sort()), queries.EXPORTED, choose_locale()
    )  # fmt: skip
    name = f"cases-{clock.office_today():%Y%m%d}.{kind}"
    if kind == "csv":
        lines = (line.encode() for line in csv_lines(header, rows))
        return Response(
            stream_with_context(lines),
            mimetype=KINDS[kind],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    target = TemporaryFile()  # noqa: SIM115 -- send_file closes it
    write_workbook(target, [Sheet(_("案件台账"), header, rows)])
    target.seek(0)
    return send_file(target, mimetype=KINDS[kind], as_attachment=True, download_name=name)


@bp.get("/<public_id>")
@requires(Permission.REGISTER_READ)
def detail(public_id: str) -> str:
    """One case."""
    return _page(queries.get_for(acting(), public_id))


@bp.route("/<public_id>/reveal/<field>", methods=["GET", "POST"])
@requires(Permission.CASE_REVEAL)
def reveal(public_id: str, field: str) -> Any:
    """Ask why, log it, then show the number once."""
    case = queries.get_for(acting(), public_id, Permission.CASE_REVEAL)
    if field not in BY_NAME or BY_NAME[field].kind is not Kind.SECRET:
        raise NotFound
    form = RevealForm()
    label = _(BY_NAME[field].label)
    if not form.validate_on_submit():
        page = render_template("cases/reveal.html", case=case, label=label, form=form)
        return page, 422 if form.errors else 200
    try:
        with transaction():
            case = queries.get_for(acting(), public_id, Permission.CASE_REVEAL)
            number = case_access.reveal_number(
                actor=acting(), case=case, field=field, reason=form.reason.data or "", now=now()
            )
    except RuleViolation as refusal:
        place(form, refusal)
        case = queries.get_for(acting(), public_id)
        return render_template("cases/reveal.html", case=case, label=label, form=form), 422
    response = Response(_page(queries.get_for(acting(), public_id), field, number))
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(case: Any, revealed: str = "", number: str = "") -> str:
    return render_template(
        "cases/detail.html", case=case, groups=shown.groups_of(case), title=shown.title_of(case),
        events=shown.events_of(queries.trail_of(acting(), case)), revealed=revealed, number=number,
        channels=shown.channels_of(acting(), case, choose_locale()),
        follow_ups=shown.follow_ups_of(acting(), case, choose_locale()),
        checks=lines_of(checks_of(case), catalogue_of(case), blind=False),
    )  # fmt: skip
