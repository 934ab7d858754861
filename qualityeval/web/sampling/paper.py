"""The certificate's facts for page and paper, and the names of the files that go with it."""

import json
from typing import Any

from flask import current_app, url_for

from qualityeval.adapters.qr_codes import qr_svg
from qualityeval.models import Draw, Round
from qualityeval.queries import round_trail
from qualityeval.reports.certificate import DrawOnPaper, certificate_pdf, file_sha256
from qualityeval.web import round_pages as pages
from qualityeval.web.guards import acting


def address_of(round_: Round) -> str:
    """Where anybody may have the draw reckoned anew."""
    path = url_for("verify.detail", name=round_.code if round_.code.isascii() else round_.public_id)
    return str(current_app.config["URL"]).rstrip("/") + path


def file_names(round_: Round) -> dict[str, str]:
    """Names of the downloads; the verifier's command line uses them too."""
    return {
        "certificate": f"{round_.code}-D1.json",
        "frame": f"{round_.code}-frame.csv",
        "pdf": f"{round_.code}-D1.pdf",
    }


def facts(round_: Round, drawn: Draw) -> dict[str, Any]:
    """What the page's certificate shows."""
    content = json.loads(drawn.certificate)
    return {
        "number": f"{round_.code}-D1",
        "size": drawn.size,
        "frame_size": round_.frame_size,
        "drawn_at": drawn.drawn_at,
        "drawn_by": round_trail.drawn_by(drawn),
        "typed_by": round_trail.typed_by(acting(), round_),
        "public": content["public"],
        "frame": pages.digest_lines(content["frame_digest"]),
        "plan": pages.digest_lines(content["plan_digest"]),
        "secret": pages.digest_lines(content["secret"]),
        "seed": pages.digest_lines(content["seed"]),
        "earlier": content["earlier_rounds"],
        "files": file_names(round_),
    }


def qr_of(round_: Round, drawn: Draw | None) -> str:
    """The code that leads from paper or screen to the page; from the draw on with the certificate file's digest."""
    digest = f"#sha256={file_sha256(drawn.certificate)}" if drawn else ""
    return qr_svg(f"{address_of(round_)}{digest}")


def pdf_of(round_: Round, drawn: Draw) -> bytes:
    """The certificate on A4."""
    if round_.frozen_at is None:
        raise ValueError("a drawn round has been frozen")
    names = file_names(round_)
    return certificate_pdf(
        DrawOnPaper(
            title=round_.title,
            institution=round_.institution.name,
            certificate=drawn.certificate,
            frozen_at=round_.frozen_at,
            drawn_at=drawn.drawn_at,
            drawn_by=round_trail.drawn_by(drawn),
            typed_by=round_trail.typed_by(acting(), round_),
            address=address_of(round_),
            frame_file=names["frame"],
            certificate_file=names["certificate"],
            places=round_trail.places_of(acting(), pages.plan_of(round_).get("strata_fields", [])),
        )
    )
