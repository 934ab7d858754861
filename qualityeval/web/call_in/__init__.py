"""Drawn files: called in, handed in, given back, lent on site, missing, replaced; supplements."""

from flask import Blueprint

bp = Blueprint("call_in", __name__)

from qualityeval.web.call_in import files, own, papers, rounds, uploads  # noqa: E402, F401 -- they need the blueprint
