"""The pool of experts: list, import, one expert."""

from flask import Blueprint

bp = Blueprint("experts", __name__, url_prefix="/experts")

from qualityeval.web.experts import calls, interests, people, uploads, views  # noqa: E402, F401 -- they need the blueprint
