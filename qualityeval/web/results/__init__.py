"""Results: rounds that have some, one round or a period in figures, exports, and the way to release."""

from flask import Blueprint

bp = Blueprint("results", __name__)

from qualityeval.web.results import (  # noqa: E402, F401 -- they need the blueprint
    beside,
    circular,
    composite,
    dashboard,
    expert_lines,
    exports,
    feedback,
    items,
    model_cases,
    moves,
    restatement,
    review_opinion,
    training,
    views,
)
