"""The three administrators: accounts and settings, roles, the audit log."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

from qualityeval.web.admin import (  # noqa: E402, F401 -- the views need the blueprint
    accounts,
    audit_log,
    changes,
    roles,
    settings,
)
