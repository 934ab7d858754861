"""The ceremony for everybody in the room: a screen that follows what happens, and the plan on paper."""

import json
from typing import Any

from flask import Response, render_template

from qualityeval.authz import Permission
from qualityeval.core.ceremony import SeedKind, is_weak
from qualityeval.core.errors import WrongState, msg
from qualityeval.models import Round
from qualityeval.queries import round_trail
from qualityeval.queries import rounds as queries
from qualityeval.reports.announcement import PlanOnPaper, announcement_pdf
from qualityeval.services import seeds
from qualityeval.web import round_pages as pages
from qualityeval.web.attachments import attachment
from qualityeval.web.guards import acting, requires
from qualityeval.web.sampling import bp, paper
from qualityeval.web.sampling.views import dice_of, sizes_of, stages, svg_address

MOST_STRATA = 5  # lines that can be read from the last row


@bp.get("/rounds/<public_id>/room")
@requires(Permission.ROUND_READ)
def room(public_id: str) -> str:
    """What is fixed, who has typed, then seed and draw; renews itself until the draw is made.

    Shows nothing that isn't public but the names of those who typed: never a value that waits for its second.
    """
    round_ = _frozen(public_id)
    fixed, drawn = queries.seed_of(round_), queries.draw_of(round_)
    source = seeds.source_of(round_)
    rows = queries.strata_of(round_)
    lines = pages.stratum_lines(rows, pages.plan_of(round_).get("strata_fields", []))
    return render_template(
        "sampling/room.html",
        round=round_,
        source=source,
        fixed=fixed,
        drawn=drawn,
        live=round_.state == "frozen",
        strata=[*lines[:MOST_STRATA], pages.total_line(rows)],
        more=len(lines) - MOST_STRATA,
        sizes=sizes_of(round_),
        digests=pages.digests_of(round_)[:3],
        typists=round_trail.typists_of(acting(), round_),
        typed_by=round_trail.typed_by(acting(), round_) if fixed else [],
        discarded=not fixed and _last_typing(round_) == "seed.mismatch",
        weak=bool(fixed and is_weak(source, fixed.public)),
        dice=dice_of(fixed.public) if fixed and source.kind is SeedKind.DICE else [],
        seed_lines=pages.digest_lines(fixed.seed) if fixed else [],
        stages=stages(_stage(fixed, drawn)),
        address=paper.address_of(round_),
        qr_src=svg_address(paper.qr_of(round_, drawn)),
    )


def _frozen(public_id: str) -> Round:
    round_ = queries.get_for(acting(), public_id)
    if round_.frozen_at is None or round_.plan is None:
        raise WrongState("room.not_frozen", msg("方案还没有冻结，没有可以公布的内容。"), where="round")
    return round_


def _stage(fixed: Any, drawn: Any) -> int:
    return 5 if drawn else 3 if fixed else 2


def _last_typing(round_: Round) -> str:
    """The last thing that happened to the public value."""
    happened = (row.action for row in round_trail.trail_of(acting(), round_))
    return next((action for action in happened if action.startswith("seed.")), "")


@bp.get("/rounds/<public_id>/announcement.pdf")
@requires(Permission.ROUND_READ)
def announcement(public_id: str) -> Response:
    """The frozen plan with its digests, to print and hand out before the seed."""
    round_ = _frozen(public_id)
    fields = json.loads(str(round_.plan)).get("strata_fields", [])
    content = announcement_pdf(
        PlanOnPaper(
            title=round_.title,
            institution=round_.institution.name,
            plan=str(round_.plan),
            frozen_at=round_.frozen_at,  # type: ignore[arg-type]
            address=paper.address_of(round_),
            places=round_trail.places_of(acting(), fields),
        )
    )
    return attachment(content, name=f"{round_.code}-plan.pdf", kind="application/pdf")
