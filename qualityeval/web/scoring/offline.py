"""The workbook to fill away from the desk: taken out, brought back, looked through, kept as drafts."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from qualityeval.adapters.workbook_formulas import refuse_formulas
from qualityeval.adapters.workbook_out import Sheet
from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound, RuleViolation
from qualityeval.core.offline_sheet import COLUMNS, NEEDED
from qualityeval.services import offline as services
from qualityeval.web import table_uploads as tables
from qualityeval.web.attachments import workbook_file
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import place
from qualityeval.web.scoring import bp
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
    form = UploadForm()
    if request.method == "GET":
        return _form_page(form)
    if not form.validate():
        return _form_page(form), 422
    try:
        refuse_formulas(form.file.data.stream)
    except RuleViolation as refusal:
        place(form, refusal)
        return _form_page(form), 422
    return redirect(url_for("scoring.look", public_id=tables.keep(form, purpose=PURPOSE)), 303)


@bp.route("/workbook/<public_id>", methods=["GET", "POST"])
@requires(Permission.SHEET_WRITE)
def look(public_id: str) -> Any:
    """What would change, field by field; the press keeps it as drafts."""
    dry = request.method == "GET"
    try:
        name, report = tables.taken_in(public_id, _work, purpose=PURPOSE, columns=NEEDED, dry=dry)
    except NotFound:
        raise
    except RuleViolation as refusal:
        form = UploadForm(formdata=None)
        place(form, refusal)
        return _form_page(form), 422
    if dry:
        return render_template(
            "scoring/look.html", name=name, report=report, public_id=public_id,
            rejected=tables.rejected(report.rejected), most=tables.SHOWN,
        )  # fmt: skip
    flash(ngettext("已保存 %(num)s 份草稿。", "已保存 %(num)s 份草稿。", report.changed), "success")
    return redirect(url_for("scoring.list"), 303)


def _work(brought: tables.Brought, dry: bool) -> services.OfflineReport:
    return services.take_in(actor=acting(), lines=brought.lines, now=now(), dry_run=dry)


def _form_page(form: UploadForm) -> str:
    return render_template("scoring/workbook.html", form=form)
