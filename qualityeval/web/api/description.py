"""What the interface offers, for programs that read OpenAPI."""

from flask import Response, current_app, jsonify

from qualityeval.web.api import bp
from qualityeval.web.guards import public


@bp.route("/openapi.json")
@public
@bp.doc(summary="This description", security=[])
def openapi() -> Response:
    """The interface in OpenAPI 3.1."""
    return jsonify(current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict())
