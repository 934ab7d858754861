"""What results are made of: drawn cases with what they came to, independent sheets, sizes of the frame."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from qualityeval.core.codes import Level
from qualityeval.core.distribution import MISSING, MissingFile
from qualityeval.core.workflow import FileState
from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    Case,
    CaseResult,
    Expert,
    FrameCase,
    Institution,
    Provider,
    Round,
    RoundStratum,
    SampledCase,
    Sheet,
)
from qualityeval.queries import call_in
from qualityeval.queries.assignments import FIRST_ROUND

STEPS = {"first": 0, "arbitrated": 1, "objected": 2, "restated": 3}
INSTITUTION, CITY, PROVIDER, CASE_TYPE = "institution", "city", "provider", "case_type"
Place = tuple[int, str]  # a round's id and the label of a stratum
Cell = tuple[str, str, str]  # codes of institution, provider and case type


@dataclass(frozen=True, slots=True)
class Found:
    """A case in scope with what it came to: grade None is pending, MISSING a file that wasn't handed in.

    `weight` is the final weight, `base` what it stands for before anybody's response (core.weights). `groups` holds
    its code by dimension.
    """

    sampled_id: int
    key: str
    place: Place
    groups: Mapping[str, str]
    rubric: str
    weight: float
    base: float
    missing_file: MissingFile
    grade: str | None
    total: int | None

    @property
    def is_counted(self) -> bool:
        """Whether it is in n: it has a result, or is missing and that means a fail."""
        return self.grade is not None and (self.grade != MISSING or self.missing_file == "fail")


@dataclass(frozen=True, slots=True)
class FirstSheet:
    """An independent first-round sheet."""

    sampled_id: int
    expert: str
    grade: str
    total: int | None  # None under an indicator rubric


def _latest(ids: Sequence[int]) -> dict[int, tuple[int, str, int | None]]:
    """By drawn case of these rounds the last step with its grade and total."""
    latest: dict[int, tuple[int, str, int | None]] = {}
    results = select(CaseResult.sampled_case_id, CaseResult.step, CaseResult.grade, CaseResult.total)
    for sampled, step, grade, total in db.session.execute(results.where(CaseResult.round_id.in_(ids))):
        if sampled not in latest or STEPS[step] > latest[sampled][0]:
            latest[sampled] = (STEPS[step], grade, total)
    return latest


def found_cases(rounds: Sequence[Round]) -> list[Found]:
    """The drawn cases of the rounds with their last result and final weight; replaced ones are left out."""
    ids = [one.id for one in rounds]
    latest = _latest(ids)
    rows = db.session.execute(
        select(
            SampledCase.id, SampledCase.round_id, SampledCase.stratum, FrameCase.key, FrameCase.rubric,
            Case.case_type, Provider.name,
        )
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .where(SampledCase.round_id.in_(ids))
        .order_by(FrameCase.id)
    )  # fmt: skip
    weights = {id_: of for one in rounds for id_, of in call_in.weights_of(one).items()}
    rules = {one.id: call_in.terms_of(one).missing_file for one in rounds}
    cases, city = [], cities()
    for id_, round_id, stratum, key, rubric, case_type, provider in rows:
        weight = weights[id_]
        if weight.state is FileState.REPLACED:
            continue
        last: Sequence[Any] = latest.get(id_, (0, None, None))[1:]
        if weight.state is FileState.MISSING:
            last = (MISSING, None)
        code = key.partition(":")[0]
        groups = {
            INSTITUTION: code,
            CITY: city.get(code, code),
            PROVIDER: provider or "",
            CASE_TYPE: case_type,
        }
        place = (round_id, stratum)
        cases.append(
            Found(
                id_,
                key,
                place,
                groups,
                rubric,
                weight.counts_as,
                float(weight.base or weight.design),
                rules[round_id],
                *last,
            )
        )
    return cases


def first_sheets(rounds: Sequence[Round]) -> dict[int, list[FirstSheet]]:
    """By drawn case, the last revision of every submitted first-round sheet in the order of slots."""
    rows = db.session.execute(
        select(Assignment.sampled_case_id, Expert.code, Sheet.grade, Sheet.total, Assignment.id)
        .join(Sheet, Sheet.assignment_id == Assignment.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .where(
            Assignment.round_id.in_([one.id for one in rounds]),
            Assignment.state == "submitted",
            Assignment.slot.in_(FIRST_ROUND),
            Assignment.sampled_case_id.not_in(call_in.replaced_ids()),
        )
        .order_by(Assignment.sampled_case_id, Assignment.slot, Sheet.revision)
    )
    last = {
        assignment: FirstSheet(sampled, expert, grade, total)
        for sampled, expert, grade, total, assignment in rows
    }
    return sheets_by_case(last.values())


def sheets_by_case(sheets: Iterable[FirstSheet]) -> dict[int, list[FirstSheet]]:
    """The sheets by their drawn case, in their order."""
    by_case: dict[int, list[FirstSheet]] = defaultdict(list)
    for one in sheets:
        by_case[one.sampled_id].append(one)
    return by_case


def strata_of(rounds: Sequence[Round]) -> dict[Place, int]:
    """N of every stratum of the rounds."""
    rows = db.session.execute(
        select(RoundStratum.round_id, RoundStratum.label, RoundStratum.frame_size).where(
            RoundStratum.round_id.in_([one.id for one in rounds])
        )
    )
    return {(round_id, label): size for round_id, label, size in rows}


def frame_cells(rounds: Sequence[Round]) -> dict[Cell, int]:
    """N of every (institution, provider, case type) of the frames: all other sizes are sums of these.

    The institution is as the frame says, whatever became of the case since.
    """
    colon = func.strpos if db.engine.dialect.name == "postgresql" else func.instr
    alike = (
        select(
            func.substr(FrameCase.key, 1, colon(FrameCase.key, ":") - 1).label("place"),
            Case.provider_id.label("provider_id"),
            Case.case_type.label("case_type"),
        )
        .join(Case, FrameCase.case_id == Case.id)
        .where(FrameCase.round_id.in_([one.id for one in rounds]))
        .subquery()
    )
    counted = select(*alike.c, func.count().label("size")).group_by(*alike.c).subquery()
    found = Counter[Cell]()
    for place, provider, case_type, size in db.session.execute(
        select(counted.c.place, func.coalesce(Provider.name, ""), counted.c.case_type, counted.c.size)
        .outerjoin(Provider, counted.c.provider_id == Provider.id)
    ):  # fmt: skip
        found[place, provider, case_type] += size
    return found


def institution_names() -> dict[str, str]:
    """Names by code."""
    return dict(db.session.execute(select(Institution.code, Institution.name)).all())


def cities() -> dict[str, str]:
    """The code of the city that an institution belongs to, by its own code; one outside a city stands for itself."""
    found = db.session.execute(
        select(Institution.id, Institution.code, Institution.level, Institution.path)
    ).all()
    city = {str(id_): code for id_, code, level, _path in found if level == Level.CITY}
    return {
        code: next((city[key] for key in path.split("/") if key in city), code)
        for _id, code, _level, path in found
    }
