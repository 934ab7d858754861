"""Complaints and requests for papers: what waits, the most overdue first, and what each is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from qualityeval.adapters.form_files import shipped_form
from qualityeval.authz import Actor, Permission, channel_scope
from qualityeval.clock import office_date
from qualityeval.core.errors import NotFound
from qualityeval.core.follow_up import FollowUpState, overdue_days
from qualityeval.core.questionnaire import Questionnaire
from qualityeval.database import db
from qualityeval.models import Callback, Case, FollowUp, Institution, Observation, OrganOpinion

OVERDUE = "overdue"
RECORDS: Mapping[str, Any] = {"callback": Callback, "opinion": OrganOpinion, "observation": Observation}


@dataclass(frozen=True)
class FollowUpRow:
    """One line of the list; `late` counts working days past the last day."""

    public_id: str
    kind: str
    source: str
    state: str
    number: str
    cause: str
    body: str
    opened_at: datetime
    due_on: date
    item: str
    repeats: bool
    late: int


def _is(state: str, today: date) -> ColumnElement[bool]:
    if state == OVERDUE:
        return (FollowUp.state == FollowUpState.OPEN) & (FollowUp.due_on < today)
    return FollowUp.state == state


def _lines(actor: Actor, state: str, kind: str, today: date) -> Select[Any]:
    query = select(FollowUp).where(channel_scope.follow_ups(actor))
    if kind:
        query = query.where(FollowUp.kind == kind)
    return query.where(_is(state, today)) if state else query


def count_for(actor: Actor, *, state: str = "", kind: str = "", now: datetime) -> int:
    """How many; `state` may be `overdue`."""
    query = _lines(actor, state, kind, office_date(now))
    counted = query.with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(counted).scalar_one())


def list_for(
    actor: Actor, *, state: str = "", kind: str = "", now: datetime, limit: int = 50, offset: int = 0
) -> list[FollowUpRow]:
    """Open ones first by their last day, so that overdue ones stand on top; then what waits for a second person."""
    today = office_date(now)
    query = (
        _lines(actor, state, kind, today)
        .join(Case, FollowUp.case_id == Case.id)
        .join(Institution, FollowUp.institution_id == Institution.id)
        .with_only_columns(
            FollowUp.public_id, FollowUp.kind, FollowUp.source, FollowUp.state, Case.number, Case.cause,
            Institution.name, FollowUp.opened_at, FollowUp.due_on, FollowUp.item, FollowUp.repeats_id.is_not(None),
        )
        .order_by(
            FollowUp.state != FollowUpState.OPEN, FollowUp.state == FollowUpState.CLOSED, FollowUp.due_on,
            FollowUp.id,
        )
    )  # fmt: skip
    rows = db.session.execute(query.limit(limit).offset(offset)).all()
    return [
        FollowUpRow(
            id_, kind_, source, at, number, cause, body, opened, due, item, repeats, late(at, due, today)
        )
        for id_, kind_, source, at, number, cause, body, opened, due, item, repeats in rows
    ]


def to_close_for(actor: Actor) -> int:
    """How many answers of other people wait for this manager to close them."""
    condition = channel_scope.follow_ups(actor, Permission.FOLLOW_UP_KEEP)
    others = FollowUp.answered_by_id.is_(None) | (FollowUp.answered_by_id != actor.account_id)
    query = (
        select(func.count())
        .select_from(FollowUp)
        .where(condition, FollowUp.state == FollowUpState.ANSWERED, others)
    )
    return int(db.session.execute(query).scalar_one())


def late(state: str, due: date, today: date) -> int:
    """Working days past the last day, of one that nobody has answered."""
    return overdue_days(due, today) if state == FollowUpState.OPEN else 0


def get_for(
    actor: Actor, public_id: str, permission: Permission = Permission.FOLLOW_UP_ANSWER, *, lock: bool = False
) -> FollowUp:
    """One of the actor's own; others aren't there."""
    query = (
        select(FollowUp)
        .where(channel_scope.follow_ups(actor, permission), FollowUp.public_id == public_id)
        .options(joinedload(FollowUp.case), joinedload(FollowUp.institution))
    )
    if lock:
        query = query.with_for_update(of=FollowUp).execution_options(populate_existing=True)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(where="follow_up")
    return found


def of_case(actor: Actor, case: Case) -> Sequence[FollowUp]:
    """What is or was followed up on a case, as far as the actor may see it; the latest first."""
    query = select(FollowUp).where(channel_scope.follow_ups(actor), FollowUp.case_id == case.id)
    return db.session.execute(query.order_by(FollowUp.opened_at.desc(), FollowUp.id.desc())).scalars().all()


def record_of(follow_up: FollowUp) -> tuple[Questionnaire, Mapping[str, str]] | None:
    """Form and answers from which a complaint came; None for papers, or where the record is gone."""
    model = RECORDS.get(follow_up.source)
    if model is None:
        return None
    found = db.session.execute(select(model.answers).where(model.public_id == follow_up.source_key))
    answers = found.scalar_one_or_none()
    return None if answers is None else (shipped_form(follow_up.form), answers)
