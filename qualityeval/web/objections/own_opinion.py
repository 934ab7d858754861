"""The opinion on an own case after the release: nothing about the experts in it."""

from flask import Response
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.database import transaction
from qualityeval.queries import notified
from qualityeval.services import review_opinions as services
from qualityeval.web.attachments import attachment
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.objections import bp

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}  # fmt: skip


@bp.get("/grades/<public_id>/review-opinion/<any(docx, pdf):kind>")
@requires(Permission.OBJECTION_RAISE)
def own_opinion(public_id: str, kind: str) -> Response:
    """The institution's copy; the log notes that it was made."""
    with transaction():
        row = notified.get_for(acting(), public_id, now=now()).row
        content = services.make_own_opinion(actor=acting(), public_id=public_id, kind=kind, now=now())
        title = _("评估意见书")
        name = f"{row.number}-{title}.{kind}"
    return attachment(content, name=name, kind=KINDS[kind])
