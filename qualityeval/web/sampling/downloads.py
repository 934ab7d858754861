"""The files of a draw: certificate as JSON and PDF, the frame as it was digested, the verifier."""

from importlib.resources import files

from flask import Response

from qualityeval.authz import Permission
from qualityeval.core.errors import WrongState, msg
from qualityeval.models import Draw, Round
from qualityeval.queries import rounds as queries
from qualityeval.services import sampling as services
from qualityeval.web.attachments import attachment
from qualityeval.web.guards import acting, requires
from qualityeval.web.sampling import bp, paper


def _drawn(public_id: str) -> tuple[Round, Draw]:
    round_ = queries.get_for(acting(), public_id)
    drawn = queries.draw_of(round_)
    if drawn is None:
        raise WrongState("draw.not_yet", msg("这个批次还没有抽取。"), where="round")
    return round_, drawn


@bp.get("/rounds/<public_id>/certificate.json")
@requires(Permission.ROUND_READ)
def certificate(public_id: str) -> Response:
    """The certificate, byte for byte as it was issued."""
    round_, drawn = _drawn(public_id)
    name = paper.file_names(round_)["certificate"]
    return attachment(drawn.certificate.encode(), name=name, kind="application/json")


@bp.get("/rounds/<public_id>/certificate.pdf")
@requires(Permission.ROUND_READ)
def certificate_pdf(public_id: str) -> Response:
    """The certificate to print, sign and seal."""
    round_, drawn = _drawn(public_id)
    return attachment(
        paper.pdf_of(round_, drawn), name=paper.file_names(round_)["pdf"], kind="application/pdf"
    )


@bp.get("/rounds/<public_id>/frame.csv")
@requires(Permission.ROUND_READ)
def frame(public_id: str) -> Response:
    """The frame file for the owning body, from the freeze on."""
    round_ = queries.get_for(acting(), public_id)
    content = services.frame_file(actor=acting(), round_=round_)
    return attachment(content, name=paper.file_names(round_)["frame"], kind="text/csv")


@bp.get("/verify_draw.py")
@requires(Permission.ROUND_READ)
def verifier() -> Response:
    """The stand-alone program that repeats a draw from the two files."""
    content = (files("qualityeval") / "verifier" / "verify_draw.py").read_bytes()
    return attachment(content, name="verify_draw.py", kind="text/x-python")
