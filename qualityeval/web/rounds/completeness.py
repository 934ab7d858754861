"""The completeness report of a round, and the list of paid cases that it is compared with."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.adapters.workbook_out import Cell, Sheet
from qualityeval.authz import Permission
from qualityeval.core.completeness import Compared, Key, Series
from qualityeval.queries import completeness as reports
from qualityeval.queries import rounds as queries
from qualityeval.services import subsidy_lists as services
from qualityeval.services.rounds import read_spec
from qualityeval.web import table_uploads as tables
from qualityeval.web.attachments import workbook_file
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.rounds import bp
from qualityeval.web.table_uploads import UploadForm

PURPOSE = "subsidies"
SHOWN = 100
CENTS = 100


@bp.get("/rounds/<public_id>/completeness")
@requires(Permission.ROUND_PLAN)
def completeness(public_id: str) -> str:
    """Gaps, doublets, late registrations, and payments beside the register."""
    round_ = queries.get_for(acting(), public_id)
    found = reports.report(acting(), round_, read_spec(round_.spec))
    return render_template(
        "rounds/completeness.html", round=round_, found=found, most=SHOWN, runs=runs, **_rows(found.compared)
    )


def _rows(compared: Compared | None) -> dict[str, list[list[str]]]:
    """What the list and the register don't agree on, in words."""
    if compared is None:
        return {}
    return {
        "unregistered": [[case(one.key), str(one.row), yuan(one.amount)] for one in compared.unregistered],
        "twice": [[case(key), str(count)] for key, count in compared.paid_twice],
        "differ": [[case(key), yuan(known), yuan(paid)] for key, known, paid in compared.differ],
        "unpaid": [[case(key)] for key in compared.unpaid],
    }


@bp.get("/rounds/<public_id>/completeness.xlsx")
@requires(Permission.ROUND_PLAN)
def export_completeness(public_id: str) -> Response:
    """The whole report as a workbook."""
    round_ = queries.get_for(acting(), public_id)
    found = reports.report(acting(), round_, read_spec(round_.spec))
    return workbook_file(f"{round_.code}-completeness.xlsx", _sheets(found))


@bp.route("/rounds/<public_id>/subsidies", methods=["GET", "POST"])
@requires(Permission.ROUND_PLAN)
def bring_subsidies(public_id: str) -> Any:
    """Choose the list."""
    queries.get_for(acting(), public_id)

    def onward(kept: str) -> str:
        return url_for("rounds.check_subsidies", public_id=public_id, file=kept)

    return tables.chosen(lambda form: _form_page(public_id, form), onward, purpose=PURPOSE)


@bp.route("/rounds/<public_id>/subsidies/check", methods=["GET", "POST"])
@requires(Permission.ROUND_PLAN)
def check_subsidies(public_id: str) -> Any:
    """What the list holds; the press keeps it."""
    queries.get_for(acting(), public_id)

    def work(brought: tables.Brought, dry: bool) -> services.ListReport:
        return services.import_list(
            actor=acting(), round_=queries.get_for(acting(), public_id), name=brought.name, lines=brought.lines,
            now=now(), dry_run=dry,
        )  # fmt: skip

    def done(report: services.ListReport) -> Any:
        flash(_("清单已存入，共 %(n)s 行。", n=report.rows), "success")
        return redirect(url_for("rounds.completeness", public_id=public_id), 303)

    return tables.checked(
        request.args.get("file", ""), work, purpose=PURPOSE, done=done,
        form_page=lambda form: _form_page(public_id, form),
        look_page=lambda **found: render_template(
            "rounds/subsidies_check.html", round=queries.get_for(acting(), public_id), **found
        ),
    )  # fmt: skip


def _form_page(public_id: str, form: UploadForm) -> str:
    round_ = queries.get_for(acting(), public_id)
    return render_template("rounds/subsidies.html", round=round_, form=form, accept=tables.ACCEPT)


def case(key: Key) -> str:
    """A case as people write it."""
    return ":".join(key)


def yuan(cents: int | None) -> str:
    """Whole cents as yuan; a dash for none."""
    return "—" if cents is None else f"{cents // CENTS:,}.{cents % CENTS:02d}"


def runs(series: Series, most: int = 12) -> str:
    """The missing serials as runs, `3–4、6`; of many the first ones."""
    texts = [str(first) if first == last else f"{first}–{last}" for first, last in series.gaps[:most]]
    return _("、").join(texts) + ("…" if len(series.gaps) > most else "")


def _sheets(found: reports.Completeness) -> list[Sheet]:
    places: list[list[Cell]] = [
        [one.code, one.name, one.cases, one.framed, one.late, one.after, one.missing] for one in found.places
    ]
    series: list[list[Cell]] = [
        [
            place.code,
            one.before + "#" + one.after,
            one.lowest,
            one.highest,
            one.count,
            one.missing,
            runs(one, 10_000),
        ]
        for place in found.places
        for one in place.series
    ]
    twins: list[list[Cell]] = [
        [place.code, _("、").join(group)] for place in found.places for group in place.doublets
    ]
    sheets = [
        Sheet(
            _("各机构"),
            [_("机构编码"), _("机构"), _("本期案件"), _("在抽样框"), _("其中补登"), _("冻结后登记"), _("缺号")], places,
        ),
        Sheet(_("案号序列"), [_("机构编码"), _("写法"), _("最小"), _("最大"), _("件数"), _("缺号"), _("缺的号")], series),
        Sheet(_("疑似重号"), [_("机构编码"), _("案号")], twins),
    ]  # fmt: skip
    return sheets + (_payment_sheets(found) if found.compared else [])


def _payment_sheets(found: reports.Completeness) -> list[Sheet]:
    compared = found.compared
    if compared is None:
        return []
    return [
        Sheet(
            _("发了补贴没有登记"), [_("行"), _("案件"), _("金额")],
            [[one.row, case(one.key), one.amount and one.amount / CENTS] for one in compared.unregistered],
        ),
        Sheet(_("发了多次"), [_("案件"), _("次数")], [[case(key), count] for key, count in compared.paid_twice]),
        Sheet(_("没有发补贴"), [_("案件")], [[case(key)] for key in compared.unpaid]),
        Sheet(
            _("金额不同"), [_("案件"), _("台账金额"), _("清单金额")],
            [[case(key), known / CENTS, paid / CENTS] for key, known, paid in compared.differ],
        ),
    ]  # fmt: skip
