"""What a recheck draws from and is compared with: the evaluated cases of named rounds of the same body."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.concordance import Concordance, Estimate, Pair, Rechecked, concordance, double_sampling
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    Case,
    CaseResult,
    Expert,
    FrameCase,
    Round,
    SampledCase,
    TargetedTrack,
)
from qualityeval.queries.last_round import rubrics_of


@dataclass(frozen=True)
class Recheck:
    """A recheck beside the rounds that it repeats; `grades` best first."""

    rounds: tuple[str, ...]
    grades: tuple[str, ...]
    table: Concordance
    estimate: Estimate
    found: int


def evaluated(round_: Round, codes: Sequence[str]) -> ColumnElement[bool]:
    """The case has a result in one of the rounds. Refuses a code that names no round of the body with results."""
    rounds = select(Round.id, Round.code).where(
        Round.code.in_(codes),
        Round.institution_id == round_.institution_id,
        Round.state != "withdrawn",
        exists().where(CaseResult.round_id == Round.id),
        ~exists().where(TargetedTrack.track_id == Round.id),
    )
    known = {code: id_ for id_, code in db.session.execute(rounds)}
    for code in codes:
        if code not in known:
            raise InvalidInput(
                "recheck.round",
                msg("“%(round)s”不是本机构有结果的批次，不能复查。"),
                where="rounds",
                round=code,
            )
    return exists().where(
        FrameCase.case_id == Case.id,
        SampledCase.frame_case_id == FrameCase.id,
        CaseResult.sampled_case_id == SampledCase.id,
        CaseResult.round_id.in_(known.values()),
    )


def concordance_of(actor: Actor, round_: Round) -> Recheck:
    """First and second results of the recheck's cases; WrongState for a round that is none, or isn't frozen."""
    require(actor, Permission.ROUND_RESULTS, round_)
    codes = json.loads(round_.plan)["rounds"] if round_.plan else []
    if not codes:
        raise WrongState("recheck.none", msg("只有冻结后的复查批次才有对照。"), where="round")
    rounds = select(Round.id).where(
        Round.code.in_(codes), Round.institution_id == round_.institution_id, Round.state != "withdrawn"
    )
    frame = select(FrameCase.case_id).where(FrameCase.round_id == round_.id)
    first = {
        case_id: row
        for case_id, row in _results(CaseResult.round_id.in_(rounds)).items()
        if case_id in set(db.session.execute(frame).scalars())
    }
    second = _results(CaseResult.round_id == round_.id)
    known = rubrics_of({row[2] for row in (*first.values(), *second.values())})
    order = {grade.name: (grade.order, grade.good) for rubric in known.values() for grade in rubric.grades}
    grades = tuple(sorted(order, key=lambda name: (order[name][0], name)))
    pairs = [
        Pair(first[one][0], grade, first[one][1], total)
        for one, (grade, total, _) in second.items()
        if one in first
    ]
    found = Counter(grade for grade, _, _ in first.values())
    read = Counter(pair.first for pair in pairs)
    good = Counter(pair.first for pair in pairs if order[pair.second][1])
    estimate = double_sampling([Rechecked(found[name], read[name], good[name]) for name in grades])
    return Recheck(tuple(codes), grades, concordance(pairs, grades=grades), estimate, len(first))


def _results(condition: ColumnElement[bool]) -> dict[int, tuple[str, int | None, str]]:
    """By case, the last result's grade, total and rubric."""
    rows = db.session.execute(
        select(FrameCase.case_id, CaseResult.grade, CaseResult.total, FrameCase.rubric)
        .join(SampledCase, CaseResult.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(condition)
        .order_by(CaseResult.id)
    )
    return {case_id: (grade, total, rubric) for case_id, grade, total, rubric in rows}


def earlier_readers(round_: Round, codes: Sequence[str]) -> dict[str, set[str]]:
    """By case key, the codes of the experts who read it in the rounds that a recheck repeats."""
    if not codes:
        return {}
    rounds = select(Round.id).where(Round.code.in_(codes), Round.institution_id == round_.institution_id)
    mine = select(FrameCase.case_id, FrameCase.key).where(FrameCase.round_id == round_.id).subquery()
    rows = db.session.execute(
        select(mine.c.key, Expert.code)
        .join(FrameCase, FrameCase.case_id == mine.c.case_id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Assignment, Assignment.sampled_case_id == SampledCase.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .where(Assignment.round_id.in_(rounds))
    )
    found: dict[str, set[str]] = {}
    for key, code in rows:
        found.setdefault(key, set()).add(code)
    return found
