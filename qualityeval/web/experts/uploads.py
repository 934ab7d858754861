"""Bringing experts in: the file, what would come of it, then the import."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.services import expert_import as services
from qualityeval.web import table_uploads as tables
from qualityeval.web.experts import bp
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.table_uploads import UploadForm

PURPOSE = "experts"
NEEDED = ("code", "name")


@bp.route("/import", methods=["GET", "POST"])
@requires(Permission.EXPERTS_MANAGE)
def bring() -> Any:
    """Choose the file."""
    return tables.chosen(_form_page, lambda kept: url_for("experts.check", public_id=kept), purpose=PURPOSE)


@bp.route("/import/<public_id>", methods=["GET", "POST"])
@requires(Permission.EXPERTS_MANAGE)
def check(public_id: str) -> Any:
    """What would come of the file; the press takes it in."""

    def work(brought: tables.Brought, dry: bool) -> services.ExpertReport:
        return services.import_experts(actor=acting(), lines=brought.lines, now=now(), dry_run=dry)

    return tables.checked(
        public_id, work, purpose=PURPOSE, columns=NEEDED, form_page=_form_page, done=_done,
        look_page=partial(render_template, "experts/check.html"),
    )  # fmt: skip


def _done(report: services.ExpertReport) -> Any:
    created, updated = report.created, report.updated
    flash(
        _("已导入：新增 %(created)s 名，更新 %(updated)s 名。", created=created, updated=updated), "success"
    )
    return redirect(url_for("experts.list"), 303)


def _form_page(form: UploadForm) -> str:
    return render_template("experts/import.html", form=form, columns=services.COLUMNS, accept=tables.ACCEPT)
