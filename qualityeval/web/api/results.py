"""Released results out: which rounds, and one round's figures as `round results --json` prints them."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from qualityeval.core.api_access import ApiScope
from qualityeval.queries import result_pages as queries
from qualityeval.web.api import bp
from qualityeval.web.api.door import scoped
from qualityeval.web.guards import acting

PAGE = 100


class Paging(ma.Schema):
    """Which page of a list."""

    page = ma.fields.Integer(load_default=1, validate=ma.validate.Range(min=1, max=100_000))


class RoundLine(ma.Schema):
    """One round of which the account may read something."""

    code = ma.fields.String()
    title = ma.fields.String()
    kind = ma.fields.String()
    state = ma.fields.String()
    institution = ma.fields.String()
    frame_size = ma.fields.Integer(allow_none=True)
    sample_size = ma.fields.Integer(allow_none=True)


class RoundList(ma.Schema):
    """A page of rounds; `total` counts all of them."""

    total = ma.fields.Integer()
    rounds = ma.fields.List(ma.fields.Nested(RoundLine))


class Asked(ma.Schema):
    """Which part of a round's figures."""

    by = ma.fields.String(load_default="institution", validate=ma.validate.OneOf(sorted(queries.GROUPS)))
    place = ma.fields.String(load_default="", metadata={"description": "code of an institution; its subtree"})


@bp.route("/rounds")
@scoped(ApiScope.RESULTS)
@bp.arguments(Paging, location="query")
@bp.response(200, RoundList)
@bp.doc(summary="Rounds with readable results, the latest first, 100 a page")
def rounds(asked: dict[str, Any]) -> dict[str, Any]:
    """The list that the results page shows."""
    found = queries.list_for(acting(), limit=PAGE, offset=(asked["page"] - 1) * PAGE)
    return {"total": queries.count_for(acting()), "rounds": found}


@bp.route("/rounds/<code>/results")
@scoped(ApiScope.RESULTS)
@bp.arguments(Asked, location="query")
@bp.response(200, ma.Schema(), description="The keys of `qualityeval round results CODE --json`")
@bp.doc(summary="Figures of one round, as far as the account may see them")
def figures(asked: dict[str, Any], code: str) -> Response:
    """Counts, shares, intervals and groups; small groups are withheld as on the page."""
    round_ = queries.round_for(acting(), code=code)
    return jsonify(queries.results_for(acting(), round_, by=(asked["by"],), place=asked["place"].strip()))
