"""A recheck beside the evaluation that it repeats."""

from flask import render_template
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.queries import rechecks
from qualityeval.queries import rounds as queries
from qualityeval.web.guards import acting, requires
from qualityeval.web.planner_page import percent, tenths
from qualityeval.web.rounds import bp


@bp.get("/rounds/<public_id>/concordance")
@requires(Permission.ROUND_RESULTS)
def concordance(public_id: str) -> str:
    """The table of both results, how far they agree, and what the recheck says of all first results."""
    round_ = queries.get_for(acting(), public_id)
    found = rechecks.concordance_of(acting(), round_)
    interval = found.estimate.interval
    return render_template(
        "rounds/concordance.html", round=round_, found=found, percent=percent,
        columns=[{"label": _("原评估")}, *({"label": name, "num": True} for name in found.grades)],
        change=_points(found.table.mean_change), spread=_points(found.table.sd_change),
        kappa=None if found.table.kappa is None else f"{found.table.kappa:.2f}",
        interval=f"{percent(interval[0])} – {percent(interval[1])}" if interval else None,
    )  # fmt: skip


def _points(hundredths: float | None) -> str | None:
    if hundredths is None:
        return None
    return ("−" if hundredths < 0 else "") + tenths(abs(hundredths) / 100)
