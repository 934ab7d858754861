"""The staff part of drawn cases: what staff have answered, and what is open.

A round's cases are those of its sample and those of its track of targeted files.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, may, scope
from qualityeval.core.errors import NotFound
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.scoring import Mark
from qualityeval.core.sheet import read_content
from qualityeval.core.staff_part import staff_items
from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    Case,
    FrameCase,
    Round,
    SampledCase,
    StaffAnswer,
    TargetedTrack,
    WaitingSheet,
)
from qualityeval.queries.rubric_texts import rubrics_of

WAITING = "waiting"
PORTION = 500  # cases asked for at once
ANSWERABLE = ("assigned", "scoring", "arbitration")
_OWNER = func.coalesce(TargetedTrack.round_id, Round.id)  # of a track its round, of a round itself


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


def is_waiting() -> ColumnElement[bool]:
    """The assignment of the query is handed in, its total waits for staff."""
    return exists().where(WaitingSheet.assignment_id == Assignment.id)


def standing() -> ColumnElement[str]:
    """How far the sheet of an assignment is: its state, or that it waits for staff."""
    return case((is_waiting(), WAITING), else_=Assignment.state).label("state")


def waiting_count(round_: Round) -> int:
    """Sheets of the round that were handed in and wait for staff."""
    query = select(func.count()).select_from(Assignment).where(Assignment.round_id == round_.id, is_waiting())
    return int(db.session.execute(query).scalar_one())


def divided(round_: Round) -> frozenset[str]:
    """The rubrics of the round's drawn cases that have a staff part."""
    return frozenset(parts_of([round_.id])[1])


def open_count(round_: Round) -> int:
    """Dealt cases of the round whose staff part nobody has answered."""
    return sum(_open([round_.id]).values())


def open_for(actor: Actor) -> list[tuple[Round, int]]:
    """The actor's rounds with open staff parts, the newest first, and how many cases; three questions at most."""
    if not may(actor, Permission.ROUND_ASSIGN):
        return []
    rounds = (
        db.session.execute(
            select(Round)
            .where(scope.rounds(actor, Permission.ROUND_ASSIGN), Round.state.in_(ANSWERABLE))
            .order_by(Round.created_at.desc(), Round.id)
        )
        .scalars()
        .all()
    )
    found = _open([one.id for one in rounds])
    return [(one, found[one.id]) for one in rounds if found[one.id]]


def _open(round_ids: Sequence[int]) -> Counter[int]:
    """How many cases are open, by round."""
    owners, keys = parts_of(round_ids)
    found = Counter[int]()
    if keys:
        counts = (
            unanswered_in(owners, keys)
            .with_only_columns(SampledCase.round_id, func.count(), maintain_column_froms=True)
            .group_by(SampledCase.round_id)
        )
        for id_, count in db.session.execute(counts):
            found[owners[id_]] += count
    return found


def get_for(actor: Actor, public_id: str) -> tuple[Round, SampledCase]:
    """A drawn case of a round of the actor's body; NotFound elsewhere."""
    track = (
        select(TargetedTrack.round_id).where(TargetedTrack.track_id == SampledCase.round_id).scalar_subquery()
    )
    found = db.session.execute(
        select(Round, SampledCase)
        .join(SampledCase, Round.id == func.coalesce(track, SampledCase.round_id))
        .options(joinedload(SampledCase.frame_case))
        .where(scope.rounds(actor, Permission.ROUND_ASSIGN), SampledCase.public_id == public_id)
    ).one_or_none()
    if found is None:
        raise NotFound(where="case")
    return found[0], found[1]


def case_of(sampled: SampledCase) -> Case:
    """The drawn case in the register."""
    return db.session.get_one(Case, sampled.frame_case.case_id)


@dataclass(frozen=True)
class Waiting:
    """A sheet that waits for the staff part of its case."""

    line: Assignment
    content: Mapping[str, Any]
    handed_in_at: datetime


def waiting_for(sampled_ids: Sequence[int], *, held: bool = False) -> list[Waiting]:
    """The sheets that wait for the staff parts of these cases, by case and slot; `held` until the transaction ends."""
    found = []
    for start in range(0, len(sampled_ids), PORTION):
        query = (
            select(Assignment, WaitingSheet)
            .join(WaitingSheet, WaitingSheet.assignment_id == Assignment.id)
            .where(Assignment.sampled_case_id.in_(sampled_ids[start : start + PORTION]))
            .order_by(Assignment.sampled_case_id, Assignment.slot)
        )
        if held:
            query = query.with_for_update(of=WaitingSheet).execution_options(populate_existing=True)
        rows = db.session.execute(query)
        found += [Waiting(line, dict(one.content), one.handed_in_at) for line, one in rows]
    return found


def parts_of(round_ids: Sequence[int]) -> tuple[dict[int, int], list[str]]:
    """These rounds and their tracks, by id the round they belong to; which rubrics of their plans have a staff part."""
    plans = (
        select(Round.id, _OWNER, Round.plan)
        .outerjoin(TargetedTrack, TargetedTrack.track_id == Round.id)
        .where(_OWNER.in_(round_ids))
    )
    rows = db.session.execute(plans).all() if round_ids else []
    used = {key for _id, _owner, plan in rows for key in json.loads(plan or "{}").get("rubric_digests", ())}
    found = rubrics_of(used) if used else {}
    return (
        {id_: owner for id_, owner, _plan in rows},
        [key for key, rubric in found.items() if staff_items(rubric)],
    )


def dealt_in(round_ids: Mapping[int, int], keys: Sequence[str]) -> Select[Any]:
    """The dealt cases under these rubrics, of these rounds."""
    return (
        select(SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(
            SampledCase.round_id.in_(round_ids), FrameCase.rubric.in_(keys),
            exists().where(Assignment.sampled_case_id == SampledCase.id),
        )
    )  # fmt: skip


def unanswered_in(round_ids: Mapping[int, int], keys: Sequence[str]) -> Select[Any]:
    """Those whose staff part nobody has answered."""
    return dealt_in(round_ids, keys).where(~exists().where(StaffAnswer.sampled_case_id == SampledCase.id))
