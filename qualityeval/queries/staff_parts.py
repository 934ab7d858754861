"""The staff part of drawn cases: what staff have answered, and what is open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.core.errors import NotFound
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.scoring import Mark
from qualityeval.core.sheet import read_content
from qualityeval.core.staff_part import staff_items
from qualityeval.database import db
from qualityeval.models import Assignment, Case, FrameCase, Round, SampledCase, StaffAnswer, WaitingSheet
from qualityeval.queries.rubric_texts import rubrics_of


@dataclass(frozen=True)
class StaffLine:
    """One dealt case with a staff part; `waiting` counts the sheets that wait for it, revision 0 is unanswered."""

    public_id: str
    case: str
    cause: str
    revision: int
    waiting: int


def last_answer(sampled_id: int) -> StaffAnswer | None:
    """The answer that counts."""
    query = select(StaffAnswer).where(StaffAnswer.sampled_case_id == sampled_id)
    return db.session.execute(query.order_by(StaffAnswer.revision.desc()).limit(1)).scalar_one_or_none()


def marks_of(sampled_id: int, rubric: Rubric) -> Mapping[str, Mark] | None:
    """Staff's marks of a case: nothing under a rubric without a staff part, None while they are open."""
    if not staff_items(rubric):
        return {}
    found = last_answer(sampled_id)
    return None if found is None else read_content({"marks": found.marks}, rubric).marks


def without_staff(sampled_id: int, content: Mapping[str, Any]) -> dict[str, Any]:
    """A sheet's content without the marks that staff gave."""
    found = last_answer(sampled_id)
    if found is None:
        return dict(content)
    marks = {code: mark for code, mark in content.get("marks", {}).items() if code not in found.marks}
    return {**content, "marks": marks}


def waiting_of(assignment_id: int) -> WaitingSheet | None:
    """What the expert has handed in already."""
    return db.session.get(WaitingSheet, assignment_id)


def divided(round_: Round) -> frozenset[str]:
    """The rubrics of the round's drawn cases that have a staff part."""
    return frozenset(_keys([round_.id]))


def open_count(rounds: Collection[Round]) -> int:
    """Dealt cases of these rounds whose staff part nobody has answered."""
    ids = [one.id for one in rounds]
    query = _dealt(ids).where(~exists().where(StaffAnswer.sampled_case_id == SampledCase.id))
    return int(
        db.session.execute(query.with_only_columns(func.count(), maintain_column_froms=True)).scalar_one()
    )


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
        _dealt([round_.id])
        .join(Case, FrameCase.case_id == Case.id)
        .with_only_columns(SampledCase.public_id, FrameCase.key, Case.cause, revision, waiting)
        .order_by(revision > 0, FrameCase.key)
    )
    if is_open:
        query = query.where(revision == 0)
    return [StaffLine(*row) for row in db.session.execute(query.limit(limit).offset(offset))]


def count_of(round_: Round) -> int:
    """How many lines there are."""
    query = _dealt([round_.id]).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def get_for(actor: Actor, public_id: str) -> tuple[Round, SampledCase]:
    """A drawn case of a round of the actor's body; NotFound elsewhere."""
    found = db.session.execute(
        select(Round, SampledCase)
        .join(SampledCase, SampledCase.round_id == Round.id)
        .options(joinedload(SampledCase.frame_case))
        .where(scope.rounds(actor, Permission.ROUND_ASSIGN), SampledCase.public_id == public_id)
    ).one_or_none()
    if found is None:
        raise NotFound(where="case")
    return found[0], found[1]


def case_of(sampled: SampledCase) -> Case:
    """The drawn case in the register."""
    return db.session.get_one(Case, sampled.frame_case.case_id)


def by_key(round_: Round) -> dict[str, SampledCase]:
    """The dealt cases with a staff part by their case keys."""
    query = _dealt([round_.id]).with_only_columns(SampledCase).options(joinedload(SampledCase.frame_case))
    return {one.frame_case.key: one for one in db.session.execute(query).scalars()}


def waiting_for(sampled_id: int) -> list[tuple[Assignment, dict[str, Any], Any]]:
    """The sheets that wait for the staff part of a case, in the order of slots, with the moment they were handed in."""
    query = (
        select(Assignment, WaitingSheet)
        .join(WaitingSheet, WaitingSheet.assignment_id == Assignment.id)
        .where(Assignment.sampled_case_id == sampled_id)
        .order_by(Assignment.slot)
    )
    return [(line, dict(one.content), one.handed_in_at) for line, one in db.session.execute(query)]


def _keys(round_ids: list[int]) -> list[str]:
    used = (
        select(FrameCase.rubric)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id.in_(round_ids))
        .distinct()
    )
    found = rubrics_of(db.session.execute(used).scalars())
    return [key for key, rubric in found.items() if staff_items(rubric)]


def _dealt(round_ids: list[int]) -> Select[Any]:
    return (
        select(SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(
            SampledCase.round_id.in_(round_ids), FrameCase.rubric.in_(_keys(round_ids)),
            exists().where(Assignment.sampled_case_id == SampledCase.id),
        )
    )  # fmt: skip
