"""Hand-ins by a table: the file, what would come of it, then the import."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from qualityeval.authz import Permission
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.models import Round
from qualityeval.services import hand_in_import as services
from qualityeval.web import table_uploads as tables
from qualityeval.web.call_in import bp
from qualityeval.web.call_in.rounds import round_of
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.table_uploads import UploadForm

PURPOSE = "hand_ins"


@bp.route("/rounds/<public_id>/call-in/import", methods=["GET", "POST"])
@requires(Permission.CALL_IN_MANAGE)
def bring(public_id: str) -> Any:
    """Choose the file."""
    round_ = round_of(public_id)
    if request.method == "GET":
        round_after(round_.state, RoundAct.HAND_IN)

    def onward(kept: str) -> str:
        return url_for("call_in.check", public_id=public_id, file=kept)

    return tables.chosen(lambda form: _form_page(round_of(public_id), form), onward, purpose=PURPOSE)


@bp.route("/rounds/<public_id>/call-in/import/<file>", methods=["GET", "POST"])
@requires(Permission.CALL_IN_MANAGE)
def check(public_id: str, file: str) -> Any:
    """What would come of the file; the press hands its files in."""
    round_of(public_id)

    def work(brought: tables.Brought, dry: bool) -> services.HandInReport:
        return services.import_hand_ins(
            actor=acting(), round_=round_of(public_id), lines=brought.lines, now=now(), dry_run=dry
        )

    def done(report: services.HandInReport) -> Any:
        flash(ngettext("已收卷 %(num)s 件。", "已收卷 %(num)s 件。", report.created), "success")
        return redirect(url_for("call_in.of_round", public_id=public_id, state="handed_in"), 303)

    return tables.checked(
        file, work, purpose=PURPOSE, columns=services.NEEDED, done=done,
        form_page=lambda form: _form_page(round_of(public_id), form),
        look_page=lambda **found: render_template("call_in/check.html", round=round_of(public_id), **found),
    )  # fmt: skip


def _form_page(round_: Round, form: UploadForm) -> str:
    return render_template(
        "call_in/import.html", round=round_, form=form, columns=services.COLUMNS, accept=tables.ACCEPT
    )
