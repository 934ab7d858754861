"""How much of each channel was done."""

from flask import Blueprint

bp = Blueprint("coverage", __name__, url_prefix="/coverage")

from qualityeval.web.coverage import apart, views  # noqa: E402, F401 -- the views need the blueprint
