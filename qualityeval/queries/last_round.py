"""What the last evaluated round of a body tells of the next: grades by stratum and institution, disputes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import String, case, cast, exists, func, select
from sqlalchemy.orm import aliased

from qualityeval.adapters.rubric_files import read_rubric
from qualityeval.core.allocation import SizeRules, Spread, Total
from qualityeval.core.grading import grade_of
from qualityeval.core.neyman import expected_variance
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.trigger_shares import CaseMarks
from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    Case,
    CaseResult,
    FrameCase,
    Institution,
    Round,
    RubricVersion,
    SampledCase,
    Sheet,
    TargetedTrack,
)
from qualityeval.queries.assignments import FIRST_ROUND

STEPS = ("first", "arbitrated", "objected")
Shares = Mapping[str, tuple[int, int]]  # good ones, of so many


@dataclass(frozen=True)
class LastRound:
    """A round with results: good ones of so many, by stratum and by institution."""

    id: int
    code: str
    title: str
    strata: Shares
    institutions: Shares

    @property
    def good(self) -> int:
        """Cases with a good grade."""
        return sum(good for good, _ in self.strata.values())

    @property
    def n(self) -> int:
        """Cases with a result."""
        return sum(n for _, n in self.strata.values())


def of_body(round_: Round, *, code: str = "") -> LastRound | None:
    """The round of this code, else the last frozen one of the same body and kind, that has results.

    Withdrawn rounds and tracks of targeted files are none.
    """
    query = select(Round.id, Round.code, Round.title).where(
        Round.institution_id == round_.institution_id,
        Round.id != round_.id,
        Round.state != "withdrawn",
        exists().where(CaseResult.round_id == Round.id),
        ~exists().where(TargetedTrack.track_id == Round.id),
    )
    query = query.where(Round.code == code) if code else query.where(Round.kind == round_.kind)
    found = db.session.execute(query.order_by(Round.frozen_at.desc(), Round.id.desc()).limit(1)).first()
    return LastRound(*found, *_shares(found.id)) if found else None


def _shares(round_id: int) -> tuple[Shares, Shares]:
    order = {name: place for place, name in enumerate(STEPS)}
    later = aliased(CaseResult)
    is_last = ~exists().where(
        later.sampled_case_id == CaseResult.sampled_case_id,
        case(order, value=later.step) > case(order, value=CaseResult.step),
    )
    rows = db.session.execute(
        select(SampledCase.stratum, Institution.code, FrameCase.rubric, CaseResult.grade, func.count())
        .join(SampledCase, CaseResult.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .where(CaseResult.round_id == round_id, is_last)
        .group_by(SampledCase.stratum, Institution.code, FrameCase.rubric, CaseResult.grade)
    ).all()
    rubrics = rubrics_of({row.rubric for row in rows})
    strata: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    places: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for stratum, place, rubric, grade, count in rows:
        good = count * any(one.good for one in rubrics[rubric].grades if one.name == grade)
        for found, name in ((strata, stratum), (places, place)):
            found[name] = (found[name][0] + good, found[name][1] + count)
    return dict(strata), dict(places)


def marks_of(last: LastRound) -> dict[str, list[CaseMarks]]:
    """By stratum, what the first-round sheets of each case dispute; cases with one sheet are left out, as are
    those of indicator rubrics, whose sheets have no marks.
    """
    newer = aliased(Sheet)
    rows = db.session.execute(
        select(
            SampledCase.stratum, FrameCase.rubric, func.min(Sheet.total), func.max(Sheet.total),
            func.max(case((Sheet.asks, 1), else_=0)),
            func.min(cast(Sheet.vetoes, String)) != func.max(cast(Sheet.vetoes, String)),
        )
        .join(Assignment, Assignment.sampled_case_id == SampledCase.id)
        .join(Sheet, Sheet.assignment_id == Assignment.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(
            Assignment.round_id == last.id, Assignment.state == "submitted", Assignment.slot.in_(FIRST_ROUND),
            Sheet.total.is_not(None),
            ~exists().where(newer.assignment_id == Sheet.assignment_id, newer.revision > Sheet.revision),
        )
        .group_by(SampledCase.id, SampledCase.stratum, FrameCase.rubric)
        .having(func.count() > 1)
    ).all()  # fmt: skip
    rubrics = rubrics_of({row[1] for row in rows})
    found: dict[str, list[CaseMarks]] = defaultdict(list)
    for stratum, key, low, high, asks, veto in rows:
        rubric = rubrics[key]
        cuts = (rubric.grades[0].minimum, rubric.grades[-2].minimum)
        crosses = grade_of(rubric, low) != grade_of(rubric, high)
        found[stratum].append(CaseMarks(low, high, crosses, bool(asks), bool(veto), cuts))
    return found


def spread_of(round_: Round, rules: SizeRules) -> Spread | None:
    """S² of the round that a Neyman total names; None where it has no results or nothing asks for it."""
    ask = rules.default.ask
    if not isinstance(ask, Total) or not ask.neyman:
        return None
    last = of_body(round_, code=ask.neyman)
    if last is None:
        return None
    return Spread(
        {label: expected_variance(good, n) for label, (good, n) in last.strata.items()},
        expected_variance(last.good, last.n),
    )


def rubrics_of(keys: Iterable[str]) -> dict[str, Rubric]:
    """The stored rubrics of these keys (`code@version`), read once a text."""
    wanted = set(keys)
    rows = db.session.execute(select(RubricVersion.code, RubricVersion.version, RubricVersion.text))
    return {key: _read(text) for code, version, text in rows if (key := f"{code}@{version}") in wanted}


@lru_cache(maxsize=64)
def _read(text: str) -> Rubric:
    return read_rubric(text)
