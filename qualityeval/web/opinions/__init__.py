"""Organs' opinions: the manager's pages, and the form behind a one-time link."""

from flask import Blueprint

bp = Blueprint("opinions", __name__)

from qualityeval.web.opinions import batch, public, views  # noqa: E402, F401 -- the views need the blueprint
