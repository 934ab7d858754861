"""The built browser bundle: names with hashes from the manifest, served by ourselves."""

import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, send_from_directory, url_for

from qualityeval.web.guards import public

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"
bp = Blueprint("assets", __name__)


@cache
def _manifest() -> dict[str, str]:
    path = DIST / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def asset(name: str) -> str:
    """The address of a built file, `app.css` for instance."""
    return url_for("assets.file", name=_manifest().get(name, name))


def built(name: str) -> bytes:
    """The content of a built file, for one that has to stand at an address of its own."""
    return (DIST / _manifest().get(name, name)).read_bytes()


@bp.get("/assets/<path:name>")
@public
def file(name: str) -> Response:
    """One built file."""
    return send_from_directory(DIST, name)
