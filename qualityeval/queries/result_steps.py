"""Grades before and after arbitration and objections: the same cases, counted three times."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from qualityeval.core.consensus import ConsensusRule, first_round
from qualityeval.core.plan import read_plan
from qualityeval.core.rubric_parts import Grade
from qualityeval.core.sheet import stored_reading
from qualityeval.database import db
from qualityeval.models import Assignment, CaseResult, FrameCase, Round, SampledCase, Sheet
from qualityeval.queries import call_in
from qualityeval.queries.assignments import FIRST_ROUND
from qualityeval.queries.rubric_texts import rubrics_of

STEPS = ("first", "arbitrated", "objected", "restated")
RESTATED = STEPS[-1]


def by_step(rounds: Sequence[Round], grades: Sequence[Grade]) -> list[dict[str, Any]]:
    """For each of STEPS the number of cases in each grade as it stood after that step.

    `first` is what the first-round sheets alone come to by the round's rule; every case with a result is
    counted at every step, so all have one sum; `restated` is there only where something was. `changed` says how many grades the step changed.
    """
    stored = _stored(rounds)
    alone = _first_alone(rounds, [case for case, found in stored.items() if "first" not in found])
    lines: list[dict[str, Any]] = []
    standing: dict[int, str] = {}
    is_restated = any(RESTATED in found for found in stored.values())
    for step in STEPS if is_restated else STEPS[:-1]:
        before = standing
        standing = {
            case: found.get(step) or (alone[case] if step == "first" else before[case])
            for case, found in stored.items()
        }
        counted = Counter(standing.values())
        changed = sum(before[case] != grade for case, grade in standing.items()) if before else 0
        lines.append({
            "step": step, "grades": {grade.name: counted[grade.name] for grade in grades}, "changed": changed,
        })  # fmt: skip
    return lines


def _stored(rounds: Sequence[Round]) -> dict[int, dict[str, str]]:
    """By case the grade of every stored step."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    query = select(CaseResult.sampled_case_id, CaseResult.step, CaseResult.grade)
    for case, step, grade in db.session.execute(
        query.where(
            CaseResult.round_id.in_([one.id for one in rounds]),
            CaseResult.sampled_case_id.not_in(call_in.replaced_ids()),
        )
    ):
        found[case][step] = grade
    return found


def _first_alone(rounds: Sequence[Round], cases: Sequence[int]) -> dict[int, str]:
    """What the first-round sheets of arbitrated cases would have come to."""
    rules = {one.id: _rule(one) for one in rounds}
    wanted, sheets, of_case = set(cases), defaultdict[int, dict[int, dict[str, Any]]](dict), {}
    for case, round_id, rubric, line, total, vetoes, content in _sheets(rules):
        if case in wanted:
            sheets[case][line] = {"total": total, "vetoes": vetoes, "content": content}
            of_case[case] = round_id, rubric
    rubrics = rubrics_of(key for _round, key in of_case.values())
    alone = {}
    for case, (round_id, key) in of_case.items():
        readings = [stored_reading(rubrics[key], **sheet) for sheet in sheets[case].values()]
        outcome = first_round(rubrics[key], readings, rule=rules[round_id])
        if outcome.grade is not None:
            alone[case] = outcome.grade.name
    return alone


def _sheets(rules: Mapping[int, ConsensusRule]) -> Any:
    """First-round sheets of the cases without a first result, later revisions after earlier ones."""
    arbitrated = select(CaseResult.sampled_case_id).where(
        CaseResult.round_id.in_(rules), CaseResult.step == "arbitrated"
    )
    return db.session.execute(
        select(
            Assignment.sampled_case_id, Assignment.round_id, FrameCase.rubric, Assignment.id, Sheet.total,
            Sheet.vetoes, Sheet.content,
        )
        .join(Sheet, Sheet.assignment_id == Assignment.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(
            Assignment.round_id.in_(rules), Assignment.slot.in_(FIRST_ROUND), Assignment.state == "submitted",
            Assignment.sampled_case_id.in_(arbitrated),
        )
        .order_by(Assignment.slot, Sheet.revision)
    )  # fmt: skip


def _rule(round_: Round) -> ConsensusRule:
    """The consensus rule as the frozen plan has it."""
    plan = read_plan(str(round_.plan)).content["consensus"]
    return ConsensusRule(
        rule=plan["rule"], gap=plan["gap"], triggers=frozenset(plan["triggers"]), resolve=plan["resolve"],
        rescore_band=plan["rescore_band"],
    )  # fmt: skip
