"""The record of a hearing on the ministry's form, to print and sign."""

from flask import Response

from qualityeval.authz import Permission
from qualityeval.queries import observations as queries
from qualityeval.reports.observation_record import record_pdf
from qualityeval.services.observations import form_of
from qualityeval.web.attachments import attachment
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.observations import bp


@bp.get("/<public_id>/record.pdf")
@requires(Permission.OBSERVATION_READ)
def paper(public_id: str) -> Response:
    """The form as PDF; a record not handed in yet has empty fields for the pen."""
    row = queries.get_for(acting(), public_id)
    content = record_pdf(row, form_of(row), made_at=now())
    return attachment(content, name=f"observation-{public_id}.pdf", kind="application/pdf")
