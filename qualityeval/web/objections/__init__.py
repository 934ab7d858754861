"""Notified grades of one's own institution, objections to them, and the owning body's decisions."""

from flask import Blueprint

bp = Blueprint("objections", __name__)

from qualityeval.web.objections import decisions, own_opinion, views  # noqa: E402, F401 -- the views need the blueprint
