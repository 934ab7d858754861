"""The draw: seed, sample, certificate."""

from flask import Blueprint

bp = Blueprint("sampling", __name__)

from qualityeval.web.sampling import downloads, room, views  # noqa: E402, F401 -- the views need the blueprint
