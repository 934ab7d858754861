"""Hearings that are to be observed, and what was observed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, channel_scope, scope
from qualityeval.core.codes import Role
from qualityeval.core.errors import NotFound
from qualityeval.core.observation import ObservationState
from qualityeval.database import db
from qualityeval.models import Account, Case, Institution, Observation


@dataclass(frozen=True)
class HearingRow:
    """One line of the list."""

    public_id: str
    state: str
    hearing_on: date
    court: str
    number: str
    cause: str
    institution: str
    observer: str
    score: int | None
    score_reason: str
    why: str
    answered: int


def _lines(actor: Actor, state: str) -> Select[Any]:
    query = select(Observation).where(channel_scope.observations(actor))
    return query.where(Observation.state == state) if state else query


def count_for(actor: Actor, *, state: str = "", up_to: date | None = None) -> int:
    """How many records; `up_to` leaves out hearings after that day."""
    query = _lines(actor, state)
    if up_to is not None:
        query = query.where(Observation.hearing_on <= up_to)
    counted = query.with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(counted).scalar_one())


def list_for(actor: Actor, *, state: str = "", limit: int = 50, offset: int = 0) -> list[HearingRow]:
    """Records, those still to be handed in first, by hearing date."""
    query = (
        _lines(actor, state)
        .join(Case, Observation.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .join(Account, Observation.observer_id == Account.id)
        .with_only_columns(
            Observation.public_id, Observation.state, Observation.hearing_on, Observation.court, Case.number,
            Case.cause, Institution.name, Account.display_name, Observation.score, Observation.score_reason,
            Observation.why, Observation.answers,
        )
        .order_by(Observation.state != ObservationState.PLANNED, Observation.hearing_on, Observation.id)
    )  # fmt: skip
    rows = db.session.execute(query.limit(limit).offset(offset))
    return [_hearing(*row) for row in rows]


def _hearing(*row: Any) -> HearingRow:
    *fields, answers = row
    return HearingRow(*(*fields, len(answers)))


def get_for(
    actor: Actor, public_id: str, permission: Permission = Permission.OBSERVATION_READ, *, lock: bool = False
) -> Observation:
    """The record, where it is the observer's own or in the manager's subtree; elsewhere it isn't there."""
    query = (
        select(Observation)
        .where(channel_scope.observations(actor, permission), Observation.public_id == public_id)
        .options(joinedload(Observation.case), joinedload(Observation.observer))
    )
    if lock:
        query = query.with_for_update(of=Observation).execution_options(populate_existing=True)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(where="observation")
    return found


def observers_for(actor: Actor) -> list[Account]:
    """Who can be sent, by name."""
    condition = channel_scope.accounts(actor, Permission.OBSERVATION_PLAN, Role.OBSERVER)
    return list(db.session.execute(select(Account).where(condition).order_by(Account.display_name)).scalars())


def case_for(actor: Actor, key: str, permission: Permission) -> Case:
    """The case of this key (institution code `:` number) in the manager's subtree; NotFound otherwise.

    A number without its institution is taken where only one case of the subtree has it.
    """
    code, colon, number = key.strip().partition(":")
    code, number = (code, number) if colon else ("", code)
    query = select(Case).join(Institution).where(scope.cases(actor, permission), Case.number == number)
    if code:
        query = query.where(Institution.code == code)
    found = list(db.session.execute(query.limit(2)).scalars())
    if len(found) != 1:
        raise NotFound("case.not_found", where="case_key")
    return found[0]
