"""Who of the pool nothing may be dealt to on a day, and why; whose access is over."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from qualityeval.core.appointments import IDENTITY, WITHDRAWN, Terms, has_ended, held_back
from qualityeval.database import db
from qualityeval.models import (
    Appointment,
    Expert,
    IdentityProposal,
    Leave,
    Round,
    TargetedTrack,
    WatchProposal,
)


def unavailable(round_: Round, today: date) -> dict[int, str]:
    """By expert the reason (a code of HELD_BACK) for which no file of the round may be dealt to them today."""
    beside = db.session.execute(
        select(TargetedTrack.round_id).where(TargetedTrack.track_id == round_.id)
    ).scalars()
    rounds = (round_.id, *beside)
    found = {id_: why for id_, terms in terms_of().items() if (why := held_back(terms, today, rounds=rounds))}
    found |= dict.fromkeys(_unclear(), IDENTITY)
    return found | dict.fromkeys(withdrawn(), WITHDRAWN)


def terms_of(only: Collection[int] | None = None) -> dict[int, Terms]:
    """By expert (or these) the terms of those who have any."""
    leaves: dict[int, list[tuple[date, date]]] = defaultdict(list)
    away = select(Leave.expert_id, Leave.since, Leave.until)
    rows = select(
        Appointment.expert_id, Appointment.kind, Appointment.since, Appointment.until, Appointment.round_id
    )
    if only is not None:
        away, rows = away.where(Leave.expert_id.in_(only)), rows.where(Appointment.expert_id.in_(only))
    for expert, since, until in db.session.execute(away):
        leaves[expert].append((since, until))
    found = {
        id_: Terms(kind, since, until, only_round, tuple(leaves.pop(id_, ())))
        for id_, kind, since, until, only_round in db.session.execute(rows)
    }
    return found | {id_: Terms(leaves=tuple(them)) for id_, them in leaves.items()}


def is_over(expert_code: str, today: date) -> bool:
    """Whether the access of this guest or third-party assessor has ended."""
    row = db.session.execute(
        select(Appointment.kind, Appointment.since, Appointment.until)
        .join(Expert, Appointment.expert_id == Expert.id)
        .where(Expert.code == expert_code, Appointment.kind != "own")
    ).one_or_none()
    return row is not None and has_ended(Terms(*row), today)


def _unclear() -> list[int]:
    """Experts of whom it isn't decided yet whether they are one person."""
    rows = db.session.execute(
        select(IdentityProposal.expert_id, IdentityProposal.other_id).where(IdentityProposal.state == "open")
    )
    return [id_ for pair in rows for id_ in pair]


def withdrawn() -> list[int]:
    """Experts whose last agreed proposal takes them from the pool."""
    last = (
        select(func.max(WatchProposal.id))
        .where(WatchProposal.state == "agreed", WatchProposal.expert_id.is_not(None))
        .group_by(WatchProposal.expert_id)
    )
    rows = db.session.execute(
        select(WatchProposal.expert_id).where(WatchProposal.id.in_(last), WatchProposal.act == "withdraw")
    ).scalars()
    return [id_ for id_ in rows if id_ is not None]
