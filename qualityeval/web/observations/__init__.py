"""Hearing observations: a phone in a corridor first."""

from flask import Blueprint

bp = Blueprint("observations", __name__, url_prefix="/observations")

from qualityeval.web.observations import calendar, mend, needed, papers, views, whole  # noqa: E402, F401 -- the views need the blueprint
