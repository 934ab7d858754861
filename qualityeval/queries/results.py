"""The figures of a round: what was found, for how many, how sure; by institution and over all."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from qualityeval.adapters.rubric_files import read_rubric
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.distribution import Distribution, Graded, distribution
from qualityeval.core.expert_share import ExpertShare, expert_share
from qualityeval.core.rubric_parts import Grade
from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    CaseResult,
    Expert,
    FrameCase,
    Institution,
    Round,
    RubricVersion,
    SampledCase,
    Sheet,
)
from qualityeval.queries.assignments import FIRST_ROUND

STEPS = {"first": 0, "arbitrated": 1, "objected": 2}
RELEASED = frozenset({"released", "closed"})


@dataclass(frozen=True)
class Found:
    """A drawn case with what it came to; grade None is pending."""

    sampled_id: int
    key: str
    institution: str
    rubric: str
    weight: float
    grade: str | None
    total: int | None


@dataclass(frozen=True)
class FirstSheet:
    """An independent first-round sheet."""

    sampled_id: int
    expert: str
    grade: str
    total: int


def results(actor: Actor, round_: Round) -> dict[str, Any]:
    """`round results`: overall and by institution, with interval and the reason of what is null."""
    require(actor, Permission.ROUND_RESULTS, round_)
    cases, sheets = found_cases(round_), first_sheets(round_)
    grades = grades_of({case.rubric for case in cases})
    good = {grade.name for grade in grades if grade.good}
    share = expert_share([(one.sampled_id, one.expert, float(one.grade in good)) for one in sheets])
    groups = _by_institution(cases)
    sizes = _frame_sizes(round_)
    overall = _distribution(cases, grades, sheets, population=sum(sizes.values()), share=share)
    return {
        "code": round_.code,
        "state": "released" if round_.state in RELEASED else "preliminary",
        "rubric_set": ", ".join(sorted({case.rubric for case in cases})),
        "overall": _shown(overall),
        "pending": overall.pending,
        "missing": overall.missing,
        "n_eff": overall.good.n_eff,
        "rho": share.rho,
        "rho_reason": share.reason or None,
        "institutions": [
            {
                "code": code, "name": name, "band": None,
                **_shown(
                    _distribution(
                        groups.get(code, []), grades, sheets, population=sizes[code], share=share
                    )
                ),
            }
            for code, name in _institutions(sizes)
        ],
        "agreement": agreement(sheets),
        "severity": [],
    }  # fmt: skip


def found_cases(round_: Round) -> list[Found]:
    """The drawn cases with their last result and design weight."""
    latest: dict[int, tuple[int, str, int]] = {}
    for row in db.session.execute(select(CaseResult).where(CaseResult.round_id == round_.id)).scalars():
        known = latest.get(row.sampled_case_id)
        if known is None or STEPS[row.step] > known[0]:
            latest[row.sampled_case_id] = (STEPS[row.step], row.grade, row.total)
    rows = db.session.execute(
        select(SampledCase, FrameCase.key, FrameCase.rubric)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id)
        .order_by(FrameCase.id)
    )
    cases = []
    for sampled, key, rubric in rows:
        _step, grade, total = latest.get(sampled.id, (0, None, None))
        weight = sampled.weight_numerator / sampled.weight_denominator
        cases.append(Found(sampled.id, key, key.partition(":")[0], rubric, weight, grade, total))
    return cases


def first_sheets(round_: Round) -> list[FirstSheet]:
    """The last revision of every submitted first-round sheet."""
    rows = db.session.execute(
        select(Assignment.sampled_case_id, Expert.code, Sheet.grade, Sheet.total, Assignment.id)
        .join(Sheet, Sheet.assignment_id == Assignment.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .where(
            Assignment.round_id == round_.id,
            Assignment.state == "submitted",
            Assignment.slot.in_(FIRST_ROUND),
        )
        .order_by(Assignment.sampled_case_id, Assignment.slot, Sheet.revision)
    )
    last = {
        assignment: FirstSheet(sampled, expert, grade, total)
        for sampled, expert, grade, total, assignment in rows
    }
    return list(last.values())


def grades_of(rubrics: set[str]) -> tuple[Grade, ...]:
    """The grades of the rubrics, best first; those of the first where all agree in name and meaning."""
    found: list[tuple[Grade, ...]] = []
    for key in sorted(rubrics):
        code, _, version = key.partition("@")
        text = db.session.execute(
            select(RubricVersion.text).where(
                RubricVersion.code == code, RubricVersion.version == int(version)
            )
        ).scalar_one()
        found.append(read_rubric(text).grades)
    merged: dict[str, Grade] = {}
    for grades in found:
        for grade in grades:
            merged.setdefault(grade.name, grade)
    return tuple(sorted(merged.values(), key=lambda grade: grade.order))


def agreement(sheets: Sequence[FirstSheet]) -> dict[str, Any]:
    """Pairs of first-round sheets of one case that say the same grade."""
    by_case: dict[int, list[str]] = defaultdict(list)
    for one in sheets:
        by_case[one.sampled_id].append(one.grade)
    pairs = [
        grades[i] == grades[j]
        for grades in by_case.values()
        for i in range(len(grades))
        for j in range(i + 1, len(grades))
    ]
    reason = None if pairs else "no_pairs"
    return {
        "pairs": len(pairs), "raw": sum(pairs) / len(pairs) if pairs else None, "alpha": None, "ac2": None,
        "icc": None, "reason": reason or "not_computed",
    }  # fmt: skip


def _distribution(
    cases: Sequence[Found],
    grades: Sequence[Grade],
    sheets: Sequence[FirstSheet],
    *,
    population: int,
    share: ExpertShare,
) -> Distribution:
    here = {case.sampled_id for case in cases}
    loads = Counter(one.expert for one in sheets if one.sampled_id in here)
    return distribution(
        [Graded(case.grade, case.weight) for case in cases], grades, population=population,
        sheets_by_expert=list(loads.values()), rho=share.rho,
    )  # fmt: skip


def _shown(found: Distribution) -> dict[str, Any]:
    if found.suppressed:
        return {
            "n": found.n, "N": found.population, "grades": None, "weighted": None, "good_rate": None,
            "interval": None, "method": None, "sampling_interval": None, "suppressed": True,
            "reason": "suppressed",
        }  # fmt: skip
    interval, sampling = found.good.interval, found.good.sampling
    return {
        "n": found.n,
        "N": found.population,
        "grades": found.counts,
        "weighted": found.weighted,
        "good_rate": found.good.value,
        "interval": [interval.lo, interval.hi] if interval else None,
        "method": interval.method if interval else None,
        "sampling_interval": [sampling.lo, sampling.hi] if sampling else None,
        "suppressed": False,
        "reason": found.good.reason or None,
    }


def _by_institution(cases: Sequence[Found]) -> dict[str, list[Found]]:
    groups: dict[str, list[Found]] = defaultdict(list)
    for case in cases:
        groups[case.institution].append(case)
    return groups


def _frame_sizes(round_: Round) -> dict[str, int]:
    keys = db.session.execute(select(FrameCase.key).where(FrameCase.round_id == round_.id)).scalars()
    return dict(Counter(key.partition(":")[0] for key in keys))


def _institutions(sizes: Mapping[str, int]) -> list[tuple[str, str]]:
    names = dict(db.session.execute(select(Institution.code, Institution.name)).all())
    return [(code, names.get(code, code)) for code in sorted(sizes, key=str.encode)]
