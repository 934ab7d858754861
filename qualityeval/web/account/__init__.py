"""Signing in and out, one's own account."""

from flask import Blueprint

bp = Blueprint("account", __name__)

from qualityeval.web.account import own, tokens, views  # noqa: E402, F401 -- the views need the blueprint
