"""The manager's page of rates: each with numerator, denominator, and what was left out and why."""

from flask import render_template
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.coverage import Rate, still_needed
from qualityeval.queries import coverage as queries
from qualityeval.queries.hearings import target
from qualityeval.web.coverage import bp
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.period import asked_period
from qualityeval.words import channels
from qualityeval.words.figures import share_text


@bp.get("/")
@requires(Permission.CHANNELS_READ)
def index() -> str:
    """The rates of a period, this year where none is asked for."""
    period = asked_period()
    rows, together = queries.coverage_for(acting(), period)
    return render_template(
        "coverage/index.html", rows=rows, together=together, period=period, share_text=share_text, left_out=_left_out,
        needed=still_needed(together.observed, target()), percent=target() * 100,
    )  # fmt: skip


def _left_out(rate: Rate) -> str:
    """What isn't in the denominator, in words; empty where everything is."""
    parts = [
        _("%(reason)s %(count)s 件", reason=channels.LEFT_OUT[reason].text(choose_locale()), count=count)
        for reason, count in sorted(rate.left_out.items())
    ]
    return _("；不计入：%(parts)s", parts=_("、").join(parts)) if parts else ""
