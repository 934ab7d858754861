"""Rounds: list, specification, freeze, withdrawal; and the rubrics that they name."""

from flask import Blueprint

bp = Blueprint("rounds", __name__)

from qualityeval.web.rounds import (  # noqa: E402, F401 -- they need the blueprint
    completeness,
    concordance,
    moves,
    planner,
    rubric_editing,
    rubrics,
    spec_views,
    targeted,
    views,
)
