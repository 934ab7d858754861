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
    actor: Actor, round_: Round, *, limit: int | None = None, offset: int = 0, is_open: bool = False
) -> list[StaffLine]:
    """The dealt cases with a staff part, unanswered ones first, then by key."""
    require(actor, Permission.ROUND_ASSIGN, round_)
    revision = (
        select(func.coalesce(func.max(StaffAnswer.revision), 0))
        .where(StaffAnswer.sampled_case_id == SampledCase.id)
        .scalar_subquery()
    )
    waiting = (
        select(func.count())
        .select_from(WaitingSheet)
        .join(Assignment, WaitingSheet.assignment_id == Assignment.id)
        .where(Assignment.sampled_case_id == SampledCase.id)
        .scalar_subquery()
    )
    query = (
        _dealt(round_)
        .join(Case, FrameCase.case_id == Case.id)
        .with_only_columns(SampledCase.public_id, FrameCase.key, Case.cause, revision, waiting)
        .order_by(revision > 0, FrameCase.key)
    )
    if is_open:
        query = query.where(revision == 0)
    return [StaffLine(*row) for row in db.session.execute(query.limit(limit).offset(offset))]


def count_of(round_: Round) -> int:
    """How many lines there are."""
    query = _dealt(round_).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


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
