"""后台任务: one's own jobs, how far they are, cancelling them, what they led to."""

from flask import Blueprint

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

from qualityeval.web.jobs import views  # noqa: E402, F401 -- the views need the blueprint
