"""案件台账: the list, one case, a sealed number with a reason, and the import of a register."""

from flask import Blueprint

bp = Blueprint("cases", __name__, url_prefix="/cases")

from qualityeval.web.cases import import_results, import_views, views  # noqa: E402, F401 -- the views need the blueprint
