"""The dealt cases with a staff part, line by line: for the page of a round, and as a table to fill."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.rubric_parts import show_points
from qualityeval.core.staff_part import staff_items
from qualityeval.database import db
from qualityeval.models import Assignment, Case, FrameCase, Round, SampledCase, StaffAnswer, WaitingSheet
from qualityeval.queries import staff_parts
from qualityeval.queries.rubric_texts import rubrics_of

FILLED = ("mark", "deduct", "grade", "na", "reason")
COLUMNS = ("case", "item", "title", "points", *FILLED)
STATES = ("open", "waiting", "answered")
_REVISION = (
    select(func.coalesce(func.max(StaffAnswer.revision), 0))
    .where(StaffAnswer.sampled_case_id == SampledCase.id)
    .correlate(SampledCase)
    .scalar_subquery()
)
_WAITING = (
    select(func.count())
    .select_from(WaitingSheet)
    .join(Assignment, WaitingSheet.assignment_id == Assignment.id)
    .where(Assignment.sampled_case_id == SampledCase.id)
    .correlate(SampledCase)
    .scalar_subquery()
)


@dataclass(frozen=True)
class StaffFilter:
    """What the lines are narrowed to: a case key or cause, one of STATES; empty narrows nothing."""

    text: str = ""
    state: str = ""


ALL = StaffFilter()


@dataclass(frozen=True)
class StaffLine:
    """One dealt case with a staff part; `waiting` counts the sheets that wait for it, revision 0 is unanswered."""

    public_id: str
    case: str
    cause: str
    revision: int
    waiting: int


def _dealt(round_: Round) -> Select[Any]:
    return staff_parts.dealt_in(*staff_parts.parts_of([round_.id]))


def lines_of(
    actor: Actor, round_: Round, asked: StaffFilter = ALL, *, limit: int | None = None, offset: int = 0
) -> list[StaffLine]:
    """The dealt cases with a staff part, unanswered ones first, then by key."""
    require(actor, Permission.ROUND_ASSIGN, round_)
    query = (
        _filtered(round_, asked)
        .with_only_columns(SampledCase.public_id, FrameCase.key, Case.cause, _REVISION, _WAITING)
        .order_by(_REVISION > 0, FrameCase.key)
    )
    return [StaffLine(*row) for row in db.session.execute(query.limit(limit).offset(offset))]


def count_of(round_: Round, asked: StaffFilter = ALL) -> int:
    """How many lines there are."""
    query = _filtered(round_, asked).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def _filtered(round_: Round, asked: StaffFilter) -> Select[Any]:
    query = _dealt(round_).join(Case, FrameCase.case_id == Case.id)
    if asked.text:
        key, cause = (column.icontains(asked.text, autoescape=True) for column in (FrameCase.key, Case.cause))
        query = query.where(key | cause)
    if asked.state:
        query = query.where(
            {"open": _REVISION == 0, "waiting": _WAITING > 0, "answered": _REVISION > 0}[asked.state]
        )
    return query


def by_key(round_: Round) -> dict[str, SampledCase]:
    """The dealt cases with a staff part by their case keys."""
    query = _dealt(round_).with_only_columns(SampledCase).options(joinedload(SampledCase.frame_case))
    return {one.frame_case.key: one for one in db.session.execute(query).scalars()}


def answered_in(round_: Round) -> set[int]:
    """The drawn cases of the round, of its track too, whose staff part is answered."""
    owners, _keys = staff_parts.parts_of([round_.id])
    query = select(StaffAnswer.sampled_case_id).join(
        SampledCase, StaffAnswer.sampled_case_id == SampledCase.id
    )
    return set(db.session.execute(query.where(SampledCase.round_id.in_(owners))).scalars())


def open_lines(round_: Round) -> Iterator[tuple[str, ...]]:
    """Every item of every open case, to fill: case, item, title, points, then nothing; by case key."""
    owners, keys = staff_parts.parts_of([round_.id])
    rubrics = rubrics_of(keys) if keys else {}
    rows = db.session.execute(
        staff_parts.unanswered_in(owners, keys)
        .with_only_columns(FrameCase.key, FrameCase.rubric)
        .order_by(FrameCase.key)
    )
    for key, rubric in rows:
        method = rubrics[rubric].method
        for code, item in staff_items(rubrics[rubric]).items():
            points = {"five_mark": "5", "indicator": ""}.get(method, show_points(item.points))
            yield key, code, item.title.zh, points, *("" for _column in FILLED)
