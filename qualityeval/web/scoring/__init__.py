"""The scoring desk: an expert's files and sheets."""

from flask import Blueprint

bp = Blueprint("scoring", __name__, url_prefix="/scoring")

from qualityeval.web.scoring import anchors, offline, paper, papers, progress, views, withdrawing  # noqa: E402, F401 -- the views need the blueprint
