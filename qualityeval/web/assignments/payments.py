"""The payment list of a round."""

from collections.abc import Sequence

from flask import Response, render_template
from flask_babel import gettext as _

from qualityeval.adapters.workbook_out import Cell, Sheet
from qualityeval.authz import Permission
from qualityeval.queries import payments as queries
from qualityeval.web.assignments import bp
from qualityeval.web.assignments.views import round_of
from qualityeval.web.attachments import csv_file, workbook_file
from qualityeval.web.guards import acting, requires


@bp.get("/rounds/<public_id>/payments")
@requires(Permission.ROUND_ASSIGN)
def payments(public_id: str) -> str:
    """Experts, their sheets, rate and amount."""
    round_ = round_of(public_id)
    lines = queries.payments(acting(), round_)
    return render_template(
        "assignments/payments.html", round=round_, lines=lines, sheets=sum(one.sheets for one in lines),
        amount=sum(one.amount for one in lines), rate=lines[0].rate if lines else 0,
    )  # fmt: skip


@bp.get("/rounds/<public_id>/payments.<any(csv, xlsx):kind>")
@requires(Permission.ROUND_ASSIGN)
def payments_file(public_id: str, kind: str) -> Response:
    """The same as a file, with a place to sign."""
    round_ = round_of(public_id)
    header, rows = table_of(queries.payments(acting(), round_))
    name = f"{round_.code}-payments.{kind}"
    if kind == "csv":
        return csv_file(name, header, rows)
    return workbook_file(name, [Sheet(_("评审费"), header, rows)])


def table_of(lines: Sequence[queries.Payment]) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """Header and rows of the file."""
    header = (
        _("编号"), _("专家"), _("单位"), _("首轮"), _("复评"), _("异议复核"), _("合计份数"), _("每份（元）"), _("金额（元）"), _("签收"),
    )  # fmt: skip
    return header, [
        (one.code, one.name, one.provider, one.first, one.arbitration, one.objection, one.sheets, one.rate, one.amount, "")
        for one in lines
    ]  # fmt: skip
