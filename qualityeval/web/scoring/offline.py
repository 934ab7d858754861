"""The workbook to fill away from the desk: taken out, brought back, looked through, kept as drafts."""

from functools import partial
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from qualityeval.adapters.workbook_formulas import refuse_formulas
from qualityeval.adapters.workbook_out import Sheet
from qualityeval.authz import Permission
from qualityeval.core.offline_sheet import COLUMNS, NEEDED
from qualityeval.services import offline as services
from qualityeval.web import table_uploads as tables
from qualityeval.web.attachments import workbook_file
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.scoring import bp, stale
from qualityeval.web.table_uploads import UploadForm

PURPOSE = "offline"


@bp.get("/workbook.xlsx")
@requires(Permission.SHEET_WRITE)
def workbook() -> Response:
    """Every open sheet of mine."""
    return workbook_file(
        "sheets.xlsx", [Sheet(_("评分表"), COLUMNS, list(services.lines_for(actor=acting())))]
    )


@bp.route("/workbook", methods=["GET", "POST"])
@requires(Permission.SHEET_WRITE)
def bring() -> Any:
    """Choose the filled workbook."""
    return tables.chosen(
        _form_page,
        lambda kept: url_for("scoring.look", public_id=kept),
        purpose=PURPOSE,
        check=refuse_formulas,
    )


@bp.route("/workbook/<public_id>", methods=["GET", "POST"])
@requires(Permission.SHEET_WRITE)
def look(public_id: str) -> Any:
    """What would change, field by field; the press keeps it as drafts."""

    def work(brought: tables.Brought, dry: bool) -> services.OfflineReport:
        return services.take_in(actor=acting(), lines=brought.lines, now=now(), dry_run=dry)

    return tables.checked(
        public_id, work, purpose=PURPOSE, columns=NEEDED, form_page=_form_page, done=_done,
        look_page=partial(render_template, "scoring/look.html", differing=stale.differing),
    )  # fmt: skip


def _done(report: services.OfflineReport) -> Any:
    flash(ngettext("已保存 %(num)s 份草稿。", "已保存 %(num)s 份草稿。", report.changed), "success")
    return redirect(url_for("scoring.list"), 303)


def _form_page(form: UploadForm) -> str:
    return render_template("scoring/workbook.html", form=form)
