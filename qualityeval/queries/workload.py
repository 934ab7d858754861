"""What files cost their readers in expected minutes, where the round's plan counts them.

Pages are those of the papers that are stored now: a paper added later shows at once, and moves no file.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select, union_all

from qualityeval.authz import Actor
from qualityeval.core.workload import Spread, Workload, spread_of, workload_of
from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    CalibrationSheet,
    Case,
    CaseFile,
    Expert,
    FrameCase,
    Round,
    SampledCase,
)
from qualityeval.queries import calibration, sheets
from qualityeval.queries.assignments import FIRST_ROUND


def of_round(round_: Round) -> Workload:
    """The workload that the plan fixed; files before the freeze."""
    return workload_of(json.loads(round_.plan)) if round_.plan else Workload()


def _pages() -> Any:
    """Pages of a case's papers, to be joined by case."""
    return (
        select(CaseFile.case_id, func.sum(CaseFile.pages).label("pages"))
        .where(CaseFile.removed_at.is_(None))
        .group_by(CaseFile.case_id)
        .subquery()
    )


def minutes_of(round_: Round, load: Workload) -> dict[int, int]:
    """Expected minutes of every drawn case of the round."""
    papers = _pages()
    rows = db.session.execute(
        select(SampledCase.id, papers.c.pages, Case.case_type)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .outerjoin(papers, papers.c.case_id == Case.id)
        .where(SampledCase.round_id == round_.id)
    )
    return {sampled: load.minutes(pages, case_type) for sampled, pages, case_type in rows}


def carried(
    round_: Round, minutes: Mapping[int, int] | None = None, *, slots: Collection[str] = ()
) -> Counter[int]:
    """Minutes that each expert carries in the round, arbitrations too (or these slots); none where files count."""
    load = of_round(round_)
    if not load.in_minutes:
        return Counter()
    each = minutes_of(round_, load) if minutes is None else minutes
    query = select(Assignment.expert_id, Assignment.sampled_case_id).where(Assignment.round_id == round_.id)
    found: Counter[int] = Counter()
    for expert, sampled in db.session.execute(query.where(Assignment.slot.in_(slots)) if slots else query):
        found[expert] += each[sampled]
    return found


def spread(round_: Round) -> Spread | None:
    """Minutes of the first round over active experts and others who carry some; None where files count."""
    if not of_round(round_).in_minutes:
        return None
    loads = carried(round_, slots=FIRST_ROUND)
    active = db.session.execute(select(Expert.id).where(Expert.active)).scalars()
    return spread_of([loads[one] for one in {*active, *loads}])


def status(round_: Round) -> dict[str, int]:
    """The keys that a round in minutes adds to `assignment` of `round status`."""
    found = spread(round_)
    if found is None:
        return {}
    return {"minutes_min": found.least, "minutes_max": found.most, "minutes_mean": found.mean}


def headings(round_: Round) -> tuple[str, ...]:
    """The headings of `assignments`, with `minutes` where the round counts them."""
    return ("case", "expert", "slot", "state", *(("minutes",) if of_round(round_).in_minutes else ()))


def by_key(round_: Round) -> dict[str, int]:
    """Expected minutes by case key; empty where files count."""
    load = of_round(round_)
    if not load.in_minutes:
        return {}
    minutes = minutes_of(round_, load)
    rows = db.session.execute(
        select(SampledCase.id, FrameCase.key)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id)
    )
    return {key: minutes[sampled] for sampled, key in rows}


def minutes_left(actor: Actor) -> int:
    """Expected minutes of the expert's files that wait for a sheet, in rounds that count minutes.

    Anchors and files that came back are among them, as they are among the files.
    """
    dealt = (
        sheets.own_lines(actor, state="open")
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .with_only_columns(Round.id.label("round_id"), FrameCase.case_id)
    )
    beside = calibration.own_lines(actor, state="open").with_only_columns(Round.id, CalibrationSheet.case_id)
    lines = union_all(dealt, beside).subquery()
    in_minutes = Round.plan.contains('"workload":'), Round.id.in_(select(lines.c.round_id))
    plans = db.session.execute(select(Round.id, Round.plan).where(*in_minutes)).all()
    if not plans:
        return 0
    loads = {id_: workload_of(json.loads(str(plan))) for id_, plan in plans}
    papers = _pages()
    rows = db.session.execute(
        select(lines.c.round_id, papers.c.pages, Case.case_type)
        .join(Case, Case.id == lines.c.case_id)
        .outerjoin(papers, papers.c.case_id == lines.c.case_id)
        .where(lines.c.round_id.in_(loads))
    )
    return sum(loads[round_id].minutes(pages, case_type) for round_id, pages, case_type in rows)
