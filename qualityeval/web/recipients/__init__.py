"""The form behind a recipient's link."""

from flask import Blueprint

bp = Blueprint("recipients", __name__)

from qualityeval.web.recipients import views  # noqa: E402, F401 -- the views need the blueprint
