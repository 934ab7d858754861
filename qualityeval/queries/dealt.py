"""Who reads what, for the pages of the owning body: the list, the loads, how far the sheets are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import (
    ArbitrationNeed,
    Assignment,
    Case,
    CaseResult,
    Expert,
    FrameCase,
    Round,
    SampledCase,
    Sheet,
)
from qualityeval.queries import discussions, staff_parts
from qualityeval.queries.assignments import FIRST_ROUND

STATES = ("dealt", staff_parts.WAITING, "submitted", "returned", discussions.DISCUSS)
SLOTS = ("first", "arbitration", "objection", "review")


@dataclass(frozen=True)
class DealtFilter:
    """What the list is narrowed to; empty narrows nothing."""

    text: str = ""
    state: str = ""
    slot: str = ""


@dataclass(frozen=True)
class DealtRow:
    """One file with one expert; `in_use` once its case is settled or waits for an arbitrator."""

    public_id: str
    case: str
    case_public_id: str
    cause: str
    expert: str
    expert_name: str
    expert_public_id: str
    slot: str
    state: str
    submitted_at: datetime | None
    in_use: bool


def _filtered(actor: Actor, round_: Round, asked: DealtFilter) -> Select[Any]:
    require(actor, Permission.ROUND_ASSIGN, round_)
    query = (  # from the frame on, which an index holds in the order of keys
        select(Assignment)
        .select_from(FrameCase)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Assignment, Assignment.sampled_case_id == SampledCase.id)
        .where(FrameCase.round_id == round_.id, SampledCase.round_id == round_.id)
    )
    if asked.text:
        key, code, name = (
            column.icontains(asked.text, autoescape=True)
            for column in (FrameCase.key, Expert.code, Expert.name)
        )
        query = query.join(Expert, Assignment.expert_id == Expert.id).where(key | code | name)
    if asked.state == discussions.DISCUSS:
        query = query.where(discussions.waits_here())
    elif asked.state:
        query = query.where(staff_parts.standing() == asked.state)
    if asked.slot:
        slots = FIRST_ROUND if asked.slot == "first" else (asked.slot,)
        query = query.where(Assignment.slot.in_(slots))
    return query


def list_for(
    actor: Actor, round_: Round, asked: DealtFilter, *, limit: int | None = None, offset: int = 0
) -> list[DealtRow]:
    """The round's files with their experts, by case key and slot."""
    order = FrameCase.key, Assignment.slot
    page = (
        _filtered(actor, round_, asked)
        .with_only_columns(Assignment.id, maintain_column_froms=True)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    last = (
        select(func.max(Sheet.submitted_at))
        .where(Sheet.assignment_id == Assignment.id)
        .correlate(Assignment)
        .scalar_subquery()
    )
    settled = select(CaseResult.id).where(CaseResult.sampled_case_id == SampledCase.id).exists()
    waits = (
        select(ArbitrationNeed.sampled_case_id)
        .where(ArbitrationNeed.sampled_case_id == SampledCase.id)
        .exists()
    )
    rows = db.session.execute(
        select(
            Assignment.public_id, FrameCase.key, Case.public_id, Case.cause, Expert.code, Expert.name,
            Expert.public_id, Assignment.slot, staff_parts.standing(), last, settled | waits,
        )
        .join(page, page.c.id == Assignment.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .order_by(*order)
    )  # fmt: skip
    return [DealtRow(*tuple(row)) for row in rows]


def count_for(actor: Actor, round_: Round, asked: DealtFilter) -> int:
    """How many lines `list_for` would give without a limit."""
    query = _filtered(actor, round_, asked).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def get_for(actor: Actor, public_id: str) -> tuple[Round, Assignment]:
    """An assignment of a round of the actor's body with that round; NotFound elsewhere."""
    found = db.session.execute(
        select(Round, Assignment)
        .join(Assignment, Assignment.round_id == Round.id)
        .options(
            joinedload(Assignment.expert),
            joinedload(Assignment.sampled_case).joinedload(SampledCase.frame_case),
        )
        .where(scope.rounds(actor, Permission.ROUND_ASSIGN), Assignment.public_id == public_id)
    ).one_or_none()
    if found is None:
        raise NotFound(where="assignment")
    return found[0], found[1]


def settled_count(round_: Round) -> int:
    """Cases with a result."""
    query = select(func.count(CaseResult.sampled_case_id.distinct())).where(CaseResult.round_id == round_.id)
    return int(db.session.execute(query).scalar_one())


def load_spread(round_: Round) -> list[tuple[int, int]]:
    """(first-round files, experts who carry so many) by falling load; active experts without any count as 0."""
    files = func.count(Assignment.id)
    mine = (
        (Assignment.expert_id == Expert.id)
        & (Assignment.round_id == round_.id)
        & Assignment.slot.in_(FIRST_ROUND)
    )
    loads = (
        select(files.label("files"))
        .select_from(Expert)
        .outerjoin(Assignment, mine)
        .group_by(Expert.id, Expert.active)
        .having(Expert.active | (files > 0))
        .subquery()
    )
    counted = select(loads.c.files, func.count()).group_by(loads.c.files).order_by(loads.c.files.desc())
    return [(load, experts) for load, experts in db.session.execute(counted)]
