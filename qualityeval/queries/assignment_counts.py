"""How far a round's dealing and scoring are: the parts of `round status`."""

from collections import Counter
from typing import Any

from sqlalchemy import func, select

from qualityeval.core.judging_graph import components
from qualityeval.database import db
from qualityeval.models import ArbitrationNeed, Assignment, Expert, FrameCase, Round, SampledCase
from qualityeval.queries import assignments, call_in, second_check


def status(
    round_: Round, *, reviewers: int, region: str, provider: bool, specialty: str = "ignore"
) -> dict[str, Any]:
    """The `assignment` part of `round status`: slots of the files that are there."""
    drawn = dict(
        db.session.execute(
            select(SampledCase.id, FrameCase.key)
            .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
            .where(SampledCase.round_id == round_.id, call_in.there(round_))
        ).all()
    )
    readers = {
        sampled: [expert for slot, expert in pairs if slot in assignments.FIRST_ROUND]
        for sampled, pairs in assignments.readers_of(round_).items()
        if sampled in drawn
    }
    loads = Counter(expert for one in readers.values() for expert in one)
    pool = db.session.execute(select(func.count()).select_from(Expert).where(Expert.active)).scalar_one()
    unfilled = [
        {"case": key, "missing": reviewers - len(readers.get(sampled, ()))}
        for sampled, key in sorted(drawn.items(), key=lambda pair: pair[1].encode())
        if len(readers.get(sampled, ())) < reviewers
    ]
    broken = second_check.broken_rules(round_, region=region, provider=provider, specialty=specialty)
    return {
        "slots": len(drawn) * reviewers,
        "filled": sum(loads.values()),
        "load_min": min(loads.values()) if len(loads) >= pool and loads else 0,
        "load_max": max(loads.values(), default=0),
        "violations": len(broken),
        "violating": [{"case": one.case, "expert": one.expert, "rule": one.rule} for one in broken],
        "components": components(list(readers.values())),
        "unfilled": unfilled,
    }


def sheet_counts(round_: Round) -> dict[str, int]:
    """First-round sheets: how many are expected, how many submitted."""
    rows = db.session.execute(
        select(Assignment.state, func.count())
        .where(Assignment.round_id == round_.id, Assignment.slot.in_(assignments.FIRST_ROUND))
        .group_by(Assignment.state)
    ).all()
    counts = dict(rows)
    return {"expected": sum(counts.values()), "submitted": counts.get("submitted", 0)}


def arbitration_counts(round_: Round) -> dict[str, int]:
    """Cases that need an arbitrator: still open, and done."""
    rows = db.session.execute(
        select(ArbitrationNeed.settled_at.is_(None), func.count())
        .where(ArbitrationNeed.round_id == round_.id)
        .group_by(ArbitrationNeed.settled_at.is_(None))
    ).all()
    counts = {bool(is_open): count for is_open, count in rows}
    return {"open": counts.get(True, 0), "done": counts.get(False, 0)}
