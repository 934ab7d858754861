"""The public files of a draw: certificate, frame as it was digested, the stand-alone verifier."""

import gzip
from functools import lru_cache
from importlib.resources import files

from flask import Response, request

from qualityeval import clock
from qualityeval.core.errors import NotFound
from qualityeval.extensions import limiter
from qualityeval.queries import published as queries
from qualityeval.queries.published import PublishedRound
from qualityeval.services import sampling as services
from qualityeval.web.attachments import attachment
from qualityeval.web.guards import now, public
from qualityeval.web.verify import bp

KEPT = 4  # frames of the rounds that are being looked at, packed: a province's is below a megabyte


def file_names(row: PublishedRound) -> dict[str, str]:
    """Names of the downloads; the verifier's command line uses them too."""
    return {"certificate": f"{row.code}-D1.json", "frame": f"{row.code}-frame.csv"}


@lru_cache(maxsize=KEPT)
def _packed(public_id: str, digest: str) -> bytes:
    """The frame file, packed. Kept by its digest: the bytes never change, and once public it stays so."""
    del digest
    row = queries.get(public_id)
    content = services.published_frame(round_=queries.stored(row), today=clock.office_date(now()))
    return gzip.compress(content, compresslevel=6, mtime=0)


@bp.get("/<name>/certificate.json")
@public
@limiter.limit("120 per minute")
def certificate(name: str) -> Response:
    """The certificate, byte for byte as it was issued."""
    row = queries.get(name)
    if row.certificate is None:
        raise NotFound("certificate.none", where="round")
    return attachment(row.certificate.encode(), name=file_names(row)["certificate"], kind="application/json")


@bp.get("/<name>/frame.csv")
@public
@limiter.limit("30 per minute")
def frame(name: str) -> Response:
    """The frame file, once its day has come; packed on the way where the browser unpacks it."""
    row = queries.get(name)
    packed = _packed(row.public_id, row.frame_digest)
    accepts = "gzip" in request.accept_encodings
    content = packed if accepts else gzip.decompress(packed)
    answer = attachment(content, name=file_names(row)["frame"], kind="text/csv")
    if accepts:
        answer.headers["Content-Encoding"] = "gzip"
    answer.vary.add("Accept-Encoding")
    return answer


@bp.get("/verify_draw.py")
@public
def verifier() -> Response:
    """The stand-alone program that repeats a draw from the two files."""
    content = (files("qualityeval") / "verifier" / "verify_draw.py").read_bytes()
    return attachment(content, name="verify_draw.py", kind="text/x-python")
