"""Callbacks: the caller's desk, and the manager's lists."""

from flask import Blueprint

bp = Blueprint("callbacks", __name__, url_prefix="/callbacks")

from qualityeval.web.callbacks import checks, links, lists, views  # noqa: E402, F401 -- the views need the blueprint
