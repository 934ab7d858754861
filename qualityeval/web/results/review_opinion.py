"""The opinion on one case, as a file to edit, sign and put into the volume 审批卷."""

from flask import Response
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.database import transaction
from qualityeval.queries import drawn_files
from qualityeval.services import review_opinions as services
from qualityeval.web.attachments import attachment
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.results import bp
from qualityeval.web.results.circular import KINDS


@bp.get("/drawn-files/<public_id>/review-opinion/<any(docx, pdf):kind>")
@requires(Permission.ROUND_ASSIGN)
def review_opinion(public_id: str, kind: str) -> Response:
    """The owning body's copy, experts by their codes; the log notes that it was made."""
    with transaction():
        round_, sampled = drawn_files.get_for(acting(), public_id)
        content = services.make_opinion(actor=acting(), round_=round_, sampled=sampled, kind=kind, now=now())
        title = _("评估意见书")
        name = f"{round_.code}-{sampled.frame_case.key}-{title}.{kind}".replace(":", "-")
    return attachment(content, name=name, kind=KINDS[kind])
