"""Sheets that experts filled elsewhere: the file, a look at it, then the import by proxy."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.adapters.workbook_out import Sheet
from qualityeval.authz import Permission, require
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.models import Round
from qualityeval.queries import rounds as round_queries
from qualityeval.queries import sheet_lines as queries
from qualityeval.services import sheet_import as services
from qualityeval.web import table_uploads as tables
from qualityeval.web.assignments import bp
from qualityeval.web.attachments import workbook_file
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.table_uploads import UploadForm

PURPOSE = "sheets"


def _round(public_id: str) -> Round:
    round_ = round_queries.get_for(acting(), public_id)
    require(acting(), Permission.ROUND_PROXY, round_)
    return round_


@bp.route("/rounds/<public_id>/sheets", methods=["GET", "POST"])
@requires(Permission.ROUND_PROXY)
def bring(public_id: str) -> Any:
    """Choose the file."""
    round_ = _round(public_id)
    if request.method == "GET":
        round_after(round_.state, RoundAct.SCORE)

    def onward(kept: str) -> str:
        return url_for("assignments.check", public_id=public_id, file=kept)

    return tables.chosen(lambda form: _form_page(_round(public_id), form), onward, purpose=PURPOSE)


@bp.get("/rounds/<public_id>/sheets.xlsx")
@requires(Permission.ROUND_PROXY)
def sheet_lines(public_id: str) -> Response:
    """The sheets line by line, as they are brought back: the open ones to fill, or what was submitted."""
    round_, submitted = _round(public_id), bool(request.args.get("submitted"))
    rows = queries.lines_of_round(round_, submitted=submitted)
    return workbook_file(
        f"{round_.code}-{'submitted' if submitted else 'sheets'}.xlsx",
        [Sheet(_("评分表"), queries.COLUMNS, rows)],
    )


@bp.route("/rounds/<public_id>/sheets/<file>", methods=["GET", "POST"])
@requires(Permission.ROUND_PROXY)
def check(public_id: str, file: str) -> Any:
    """What would come of the file; the press submits its sheets."""
    _round(public_id)

    def work(brought: tables.Brought, dry: bool) -> services.SheetReport:
        return services.import_sheets(
            actor=acting(), round_=_round(public_id), lines=brought.lines, now=now(), dry_run=dry
        )

    def done(report: services.SheetReport) -> Any:
        flash(_("已代录 %(count)s 份评分表。", count=report.created), "success")
        return redirect(url_for("assignments.list", public_id=public_id), 303)

    return tables.checked(
        file, work, purpose=PURPOSE, columns=services.NEEDED, done=done,
        form_page=lambda form: _form_page(_round(public_id), form),
        look_page=lambda **found: render_template("assignments/check.html", round=_round(public_id), **found),
    )  # fmt: skip


def _form_page(round_: Round, form: UploadForm) -> str:
    return render_template(
        "assignments/import.html", round=round_, form=form, columns=services.COLUMNS, accept=tables.ACCEPT
    )
