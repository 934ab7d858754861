"""Staff parts of many cases in a table: the table to fill, a look at what was filled in, then the answers."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from qualityeval.adapters.workbook_out import Sheet
from qualityeval.authz import Permission
from qualityeval.models import Round
from qualityeval.queries import staff_lines as queries
from qualityeval.services import staff_import as services
from qualityeval.web import table_uploads as tables
from qualityeval.web.assignments import bp
from qualityeval.web.assignments.views import round_of
from qualityeval.web.attachments import workbook_file
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.table_uploads import UploadForm

PURPOSE = "staff_parts"


@bp.get("/rounds/<public_id>/staff.xlsx")
@requires(Permission.ROUND_ASSIGN)
def staff_lines(public_id: str) -> Response:
    """Every item of every open case, to fill."""
    round_ = round_of(public_id)
    rows = queries.open_lines(round_)
    return workbook_file(f"{round_.code}-staff.xlsx", [Sheet(_("工作人员部分"), queries.COLUMNS, rows)])


@bp.route("/rounds/<public_id>/staff/import", methods=["GET", "POST"])
@requires(Permission.ROUND_ASSIGN)
def staff_bring(public_id: str) -> Any:
    """Choose the file."""
    round_of(public_id)

    def onward(kept: str) -> str:
        return url_for("assignments.staff_check", public_id=public_id, file=kept)

    return tables.chosen(lambda form: _form_page(round_of(public_id), form), onward, purpose=PURPOSE)


@bp.route("/rounds/<public_id>/staff/import/<file>", methods=["GET", "POST"])
@requires(Permission.ROUND_ASSIGN)
def staff_check(public_id: str, file: str) -> Any:
    """What would come of the file; the press keeps its answers."""
    round_of(public_id)

    def work(brought: tables.Brought, dry: bool) -> services.StaffReport:
        return services.import_staff_parts(
            actor=acting(), round_=round_of(public_id), lines=brought.lines, now=now(), dry_run=dry
        )

    def done(report: services.StaffReport) -> Any:
        said = ngettext(
            "已保存 %(num)s 件的工作人员部分。", "已保存 %(num)s 件的工作人员部分。", report.cases
        )
        flash(said, "success")
        return redirect(url_for("assignments.staff", public_id=public_id), 303)

    return tables.checked(
        file, work, purpose=PURPOSE, columns=services.NEEDED, done=done,
        form_page=lambda form: _form_page(round_of(public_id), form),
        look_page=lambda **found: render_template("assignments/staff_check.html", round=round_of(public_id), **found),
    )  # fmt: skip


def _form_page(round_: Round, form: UploadForm) -> str:
    return render_template(
        "assignments/staff_import.html",
        round=round_,
        form=form,
        columns=services.COLUMNS,
        accept=tables.ACCEPT,
    )
