"""Complaints, and papers that a file lacks: what waits, the answer, the second person."""

from flask import Blueprint

bp = Blueprint("follow_ups", __name__, url_prefix="/follow-ups")

from qualityeval.web.follow_ups import proofs, queues, tickets, views  # noqa: E402, F401 -- the views need the blueprint
