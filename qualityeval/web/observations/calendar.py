"""The courts' calendar: choose the table, look at what would come of it, bring it in."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.services import hearing_calendar as services
from qualityeval.web import table_uploads as tables
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.observations import bp
from qualityeval.web.table_uploads import UploadForm

PURPOSE = "hearings"


@bp.route("/calendar", methods=["GET", "POST"])
@requires(Permission.OBSERVATION_PLAN)
def calendar() -> Any:
    """Choose the file."""
    return tables.chosen(
        _form_page, lambda kept: url_for("observations.check_calendar", public_id=kept), purpose=PURPOSE
    )


@bp.route("/calendar/<public_id>", methods=["GET", "POST"])
@requires(Permission.OBSERVATION_PLAN)
def check_calendar(public_id: str) -> Any:
    """What would come of the file; the press takes it in."""

    def work(brought: tables.Brought, dry: bool) -> services.CalendarReport:
        return services.import_calendar(actor=acting(), lines=brought.lines, now=now(), dry_run=dry)

    return tables.checked(
        public_id, work, purpose=PURPOSE, form_page=_form_page, done=_done,
        look_page=partial(render_template, "observations/calendar_check.html"),
    )  # fmt: skip


def _done(report: services.CalendarReport) -> Any:
    flash(_("已导入：%(count)s 件案件的开庭日期有变化。", count=report.updated), "success")
    return redirect(url_for("observations.needed"), 303)


def _form_page(form: UploadForm) -> str:
    return render_template("observations/calendar.html", form=form, accept=tables.ACCEPT)
