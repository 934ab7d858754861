"""A paper beside an objection, a review or a ticket: its pages as pictures, never the file itself."""

from flask import Response, render_template, request

from qualityeval.authz import Permission
from qualityeval.queries import proofs as queries
from qualityeval.services.paper_pages import Kept
from qualityeval.web.follow_ups import bp
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.page_pictures import picture
from qualityeval.words.moments import moment


@bp.get("/proofs/<public_id>")
@requires(Permission.FOLLOW_UP_ANSWER)
def proof(public_id: str) -> str:
    """All pages of one paper."""
    return render_template("follow_ups/proof.html", row=queries.get_for(acting(), public_id))


@bp.get("/proofs/<public_id>/page")
@requires(Permission.FOLLOW_UP_ANSWER)
def proof_page(public_id: str) -> Response:
    """One page, drawn, with the reader's name over it."""
    row = queries.get_for(acting(), public_id)
    asked = request.args.get("n", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    paper = Kept(row.sha256, row.file.public_id, row.pages)
    return picture(paper, number, mark=f"{acting().name} {moment(now())}")
