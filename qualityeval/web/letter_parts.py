"""Letters on pages: a button for each part, and the part that an address asks for."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request, url_for

from qualityeval.core.letter_parts import Part, chosen, parts


def buttons(ids: Sequence[str], endpoint: str, **arguments: Any) -> list[tuple[Part, str]]:
    """Each part of these letters and where it is printed."""
    return [(one, url_for(endpoint, **arguments, **{"from": one.first})) for one in parts(ids)]


def asked(ids: Sequence[str]) -> list[str]:
    """The letters of the part that `from` names."""
    return chosen(ids, request.args.get("from", ""))


def printed(content: bytes, name: str) -> Response:
    """The PDF as a file to save; no cache keeps it: it holds links."""
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
