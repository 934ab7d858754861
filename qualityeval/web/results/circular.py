"""The circular: what it says now, and the file of it."""

from flask import Response, render_template
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.database import transaction
from qualityeval.queries import rounds
from qualityeval.services import circulars as services
from qualityeval.web.attachments import XLSX, attachment
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.results import bp

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf", "xlsx": XLSX,
}  # fmt: skip


@bp.get("/rounds/<public_id>/circular")
@requires(Permission.ROUND_RESULTS)
def circular(public_id: str) -> str:
    """The seven parts as a page."""
    round_ = rounds.get_for(acting(), public_id)
    made = services.read_circular(actor=acting(), rounds=[round_], now=now())
    return render_template("results/circular.html", round=round_, made=made)


@bp.get("/rounds/<public_id>/circular/<any(docx, pdf, xlsx):kind>")
@requires(Permission.ROUND_RESULTS)
def circular_file(public_id: str, kind: str) -> Response:
    """The file; the log notes that it was made."""
    with transaction():
        round_ = rounds.get_for(acting(), public_id)
        content = services.make_circular(actor=acting(), rounds=[round_], kind=kind, now=now())
        name = f"{round_.code}-{_('通报')}.{kind}"
    return attachment(content, name=name, kind=KINDS[kind])
