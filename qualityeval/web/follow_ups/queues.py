"""The monitoring queues: counts by institution, and the late cases of one queue."""

from flask import render_template, request

from qualityeval.authz import Permission
from qualityeval.clock import office_date
from qualityeval.queries import monitoring as queries
from qualityeval.web.follow_ups import bp
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.words.follow_ups import QUEUES, RULES

PER_PAGE = 50


@bp.get("/queues")
@requires(Permission.FOLLOW_UP_KEEP)
def queues() -> str:
    """Queue and institution stand in the address; without a queue only the counts."""
    today = office_date(now())
    counts = queries.counts_for(acting(), today=today)
    asked, place = request.args.get("queue", ""), request.args.get("institution", "")
    queue = next((one for one in queries.KINDS if one == asked), None)
    place = place if any(code == place for code, _name in counts) else ""
    parts = [one[queue] for (code, _name), one in counts.items() if queue and place in ("", code)]
    pages = pages_of(sum(parts), PER_PAGE)
    page = page_asked(pages)
    rows = (
        queries.list_for(
            acting(), queue, today=today, place=place, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
        )
        if queue
        else []
    )
    return render_template(
        "follow_ups/queues.html", counts=counts, totals=queries.totals(counts), queue=queue, place=place, rows=rows,
        total=sum(parts), page=page, pages=pages, per_page=PER_PAGE, words=QUEUES, rules=RULES, locale=choose_locale(),
    )  # fmt: skip
