"""The four channels on one case, and the cases on which they contradict each other, as the actor may see them.

A grade counts here only when it was released: until then nobody is led by it, and it leads nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from qualityeval.adapters.form_files import CALLBACK, shipped_form
from qualityeval.authz import Actor, Permission, scope
from qualityeval.authz.policy import RELEASED
from qualityeval.core.four_channels import Heard, apart, majority
from qualityeval.core.rubric_parts import Grade
from qualityeval.database import db
from qualityeval.models import (
    Callback,
    Case,
    CaseResult,
    FrameCase,
    Institution,
    Observation,
    OrganOpinion,
    Round,
    SampledCase,
)
from qualityeval.queries.result_rows import STEPS
from qualityeval.queries.rubric_texts import rubrics_of


@dataclass(frozen=True)
class Contradicted:
    """A case on which channels contradict each other; `kinds` are codes of core.four_channels."""

    public_id: str
    number: str
    institution: str
    cause: str
    round_code: str
    grade: str
    heard: Heard
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class _Judged:
    grade: str
    good: bool
    round_code: str


def contradictions(actor: Actor, *, first: date, last: date, kind: str = "") -> list[Contradicted]:
    """Cases of the own subtree closed in these days, by institution and number."""
    within = select(Case.id).where(
        scope.cases(actor, Permission.CHANNELS_READ), Case.closed_on >= first, Case.closed_on <= last
    )
    judged = _judged(actor, within)
    others = _others(within)
    both = {case: judged[case] for case in judged.keys() & others.keys()}
    found = {
        case: (one, heard, kinds)
        for case, one in both.items()
        if (kinds := apart(heard := _heard(one, others[case]))) and (not kind or kind in kinds)
    }
    rows = db.session.execute(
        select(Case.id, Case.public_id, Case.number, Case.cause, Institution.name)
        .join(Institution, Case.institution_id == Institution.id)
        .where(Case.id.in_(within))
        .order_by(Institution.code, Case.number)
    )
    return [
        Contradicted(
            public_id, number, place, cause, found[id_][0].round_code, found[id_][0].grade, *found[id_][1:]
        )
        for id_, public_id, number, cause, place in rows
        if id_ in found
    ]


def on_case(actor: Actor, case: Case) -> tuple[str, Heard, tuple[str, ...]]:
    """The released grade ("" for none), each channel's word, and where they contradict each other."""
    within = select(Case.id).where(Case.id == case.id, scope.cases(actor, Permission.CHANNELS_READ))
    one = _judged(actor, within).get(case.id)
    heard = _heard(one, _others(within).get(case.id, Heard()))
    return (one.grade if one else ""), heard, apart(heard)


def _heard(judged: _Judged | None, others: Heard) -> Heard:
    peer = judged.good if judged else None
    return Heard(peer, others.satisfied, others.organ, others.hearing, others.alarms)


def _judged(actor: Actor, within: Select[Any]) -> dict[int, _Judged]:
    """By case its latest released result."""
    rows = db.session.execute(
        select(FrameCase.case_id, FrameCase.rubric, CaseResult.grade, CaseResult.step, Round.code)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .join(CaseResult, CaseResult.sampled_case_id == SampledCase.id)
        .join(Round, FrameCase.round_id == Round.id)
        .where(FrameCase.case_id.in_(within), Round.state.in_(RELEASED), scope.results(actor))
        .order_by(Round.released_at, Round.id)
    ).all()
    good = _good_grades({row.rubric for row in rows})
    latest: dict[int, tuple[str, int, _Judged]] = {}
    for case, rubric, grade, step, code in rows:
        known = latest.get(case)
        if known is None or known[0] != code or STEPS[step] > known[1]:
            latest[case] = (code, STEPS[step], _Judged(grade, good[rubric][grade].good, code))
    return {case: judged for case, (_code, _step, judged) in latest.items()}


def _good_grades(rubrics: Iterable[str]) -> Mapping[str, Mapping[str, Grade]]:
    return {
        key: {grade.name: grade for grade in rubric.grades} for key, rubric in rubrics_of(rubrics).items()
    }


def _others(within: Select[Any]) -> dict[int, Heard]:
    satisfied, alarms = _recipients(within)
    organ, hearing = _organs(within), _hearings(within)
    return {
        case: Heard(None, satisfied.get(case), organ.get(case), hearing.get(case), case in alarms)
        for case in satisfied.keys() | alarms | organ.keys() | hearing.keys()
    }


def _recipients(within: Select[Any]) -> tuple[dict[int, bool], set[int]]:
    satisfied, alarms = {}, set()
    rows = db.session.execute(
        select(Callback.case_id, Callback.form, Callback.answers, Callback.alarms).where(
            Callback.case_id.in_(within), Callback.form == CALLBACK, Callback.state == "done"
        )
    )
    for case, key, answers, told in rows:
        form = shipped_form(key)
        chosen = form.by_code[form.overall].option((answers or {}).get(form.overall, ""))
        if chosen is not None and chosen.good is not None:
            satisfied[case] = chosen.good
        # the overall answer is an alarm too when it is as bad as can be; it is heard as "not satisfied" already
        if set(told or ()) - {form.overall}:
            alarms.add(case)
    return satisfied, alarms


def _organs(within: Select[Any]) -> dict[int, bool | None]:
    good: dict[int, int] = defaultdict(int)
    judged: dict[int, int] = defaultdict(int)
    rows = db.session.execute(
        select(OrganOpinion.case_id, OrganOpinion.form, OrganOpinion.answers).where(
            OrganOpinion.case_id.in_(within), OrganOpinion.answered_at.is_not(None)
        )
    )
    for case, key, answers in rows:
        form = shipped_form(key)
        for question in form.asked(answers or {}):
            chosen = question.option((answers or {}).get(question.code, ""))
            if chosen is not None and chosen.good is not None:
                judged[case] += 1
                good[case] += chosen.good
    return {case: majority(good[case], judged[case]) for case in judged}


def _hearings(within: Select[Any]) -> dict[int, int]:
    """The lowest score where a case was heard more than once: the worst day is the one to look at."""
    rows = db.session.execute(
        select(Observation.case_id, func.min(Observation.score))
        .where(
            Observation.case_id.in_(within), Observation.state == "submitted", Observation.score.is_not(None)
        )
        .group_by(Observation.case_id)
    )
    return {case: score for case, score in rows if score is not None}
