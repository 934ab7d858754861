"""The papers of cases, for those who keep them: check list, upload, replacement, pages."""

from flask import Blueprint

bp = Blueprint("case_files", __name__, url_prefix="/papers")

from qualityeval.web.case_files import intake, masking, views  # noqa: E402, F401 -- the views need the blueprint
