"""Dealing: who reads what in a round, what nobody reads, sheets brought from elsewhere, sheets given back."""

from flask import Blueprint

bp = Blueprint("assignments", __name__)

from qualityeval.web.assignments import (  # noqa: E402, F401 -- they need the blueprint
    agreement,
    answers,
    calibration,
    clearances,
    payments,
    previews,
    staff,
    staff_uploads,
    story,
    uploads,
    views,
)
