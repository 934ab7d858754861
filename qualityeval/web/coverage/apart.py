"""Cases on which the four channels contradict each other: a list, and the same rows as a file."""

from datetime import date

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.four_channels import KINDS
from qualityeval.queries import four_channels as queries
from qualityeval.web.attachments import csv_file
from qualityeval.web.coverage import bp
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.period import asked_period
from qualityeval.words import channels
from qualityeval.words.voices import voices

PER_PAGE = 50


def _asked() -> tuple[date, date, str]:
    period, kind = asked_period(), request.args.get("kind", "")
    return period.first, period.last, kind if kind in KINDS else ""


@bp.get("/apart")
@requires(Permission.CHANNELS_READ)
def apart() -> str:
    """The cases of the period."""
    first, last, kind = _asked()
    rows = queries.contradictions(acting(), first=first, last=last, kind=kind)
    pages = pages_of(len(rows), PER_PAGE)
    page = page_asked(pages)
    chosen = [("", _("全部"))] + [
        (code, channels.CONTRADICTIONS[code].text(choose_locale())) for code in KINDS
    ]
    return render_template(
        "coverage/apart.html", rows=rows[(page - 1) * PER_PAGE : page * PER_PAGE], total=len(rows), page=page, pages=pages,
        per_page=PER_PAGE, first=first, last=last, kind=kind, kinds=chosen, said=channels.CONTRADICTIONS, voices=voices,
        export_href=url_for("coverage.export_apart", **request.args),
    )  # fmt: skip


@bp.get("/apart.csv")
@requires(Permission.CHANNELS_READ)
def export_apart() -> Response:
    """Exactly the rows of the list."""
    first, last, kind = _asked()
    locale = choose_locale()
    heading = (
        _("案号"), _("机构"), _("案由"), _("批次"), _("同行评估"), _("庭审旁听"), _("办案机关"), _("受援人"),
        _("矛盾之处"),
    )  # fmt: skip
    lines = (
        (
            row.number, row.institution, row.cause, row.round_code, row.grade,
            *(text for _title, text in voices(row.heard, locale)),
            _("；").join(channels.CONTRADICTIONS[kind].text(locale) for kind in row.kinds),
        )
        for row in queries.contradictions(acting(), first=first, last=last, kind=kind)
    )  # fmt: skip
    return csv_file("channels-apart.csv", heading, lines)
