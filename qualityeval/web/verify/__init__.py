"""Public verification: anyone repeats a draw in their own browser, without an account."""

from flask import Blueprint

bp = Blueprint("verify", __name__, url_prefix="/verify")

from qualityeval.web.verify import files, results, views  # noqa: E402, F401 -- the views need the blueprint
