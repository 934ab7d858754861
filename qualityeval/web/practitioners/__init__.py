"""Practitioners: the feedback behind a one-time link, and the manager's list of statements."""

from flask import Blueprint

bp = Blueprint("practitioners", __name__)

from qualityeval.web.practitioners import public, statements  # noqa: E402, F401 -- the views need the blueprint
