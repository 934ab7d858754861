"""The monitoring queues over the register: late cases, counted by institution and listed, in a query each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, String, and_, cast, func, select

from qualityeval.authz import Actor, Permission, scope
from qualityeval.core.monitoring import Queue, cutoff, last_day
from qualityeval.database import db
from qualityeval.models import Case, Institution

BEGINS = {
    Queue.NOT_STARTED: "assigned_on",
    Queue.NOT_HANDED_IN: "closed_on",
    Queue.NOT_CHECKED: "submitted_on",
}


@dataclass(frozen=True)
class LateRow:
    """One late case: since when the step runs, and its last day."""

    public_id: str
    number: str
    cause: str
    institution: str
    began: date
    due: date


def _late(queue: Queue, today: date) -> ColumnElement[bool]:
    """Late today. A date that was only defaulted by the import says nothing and is left out."""
    began = BEGINS[queue]
    column = getattr(Case, began)
    missing = {
        Queue.NOT_STARTED: (Case.met_on, Case.files_read_on, Case.hearing_on, Case.closed_on),
        Queue.NOT_HANDED_IN: (Case.submitted_on, Case.archived_on),
        Queue.NOT_CHECKED: (Case.archived_on,),
    }[queue]
    return and_(
        column <= cutoff(queue, today), *(one.is_(None) for one in missing),
        ~cast(Case.defaulted, String).contains(f'"{began}"', autoescape=True),
    )  # fmt: skip


def _where(actor: Actor, queue: Queue, today: date, place: str) -> ColumnElement[bool]:
    condition = and_(scope.cases(actor, Permission.FOLLOW_UP_KEEP), _late(queue, today))
    return condition & (Institution.code == place) if place else condition


def counts_for(actor: Actor, *, today: date) -> dict[tuple[str, str], dict[Queue, int]]:
    """By institution (code, name) how many cases each queue holds; institutions without any are left out."""
    found: dict[tuple[str, str], dict[Queue, int]] = {}
    for queue in Queue:
        rows = db.session.execute(
            select(Institution.code, Institution.name, func.count())
            .join(Case, Case.institution_id == Institution.id)
            .where(_where(actor, queue, today, ""))
            .group_by(Institution.code, Institution.name)
        )
        for code, name, count in rows:
            found.setdefault((code, name), dict.fromkeys(Queue, 0))[queue] = count
    return dict(sorted(found.items()))


def totals(counts: Mapping[tuple[str, str], Mapping[Queue, int]]) -> dict[Queue, int]:
    """All institutions together."""
    return {queue: sum(one[queue] for one in counts.values()) for queue in Queue}


def list_for(
    actor: Actor, queue: Queue, *, today: date, place: str = "", limit: int = 50, offset: int = 0
) -> list[LateRow]:
    """Late cases of a queue, those that wait longest first."""
    began = getattr(Case, BEGINS[queue])
    rows = db.session.execute(
        select(Case.public_id, Case.number, Case.cause, Institution.name, began)
        .join(Institution, Case.institution_id == Institution.id)
        .where(_where(actor, queue, today, place))
        .order_by(began, Case.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        LateRow(id_, number, cause, name, day, last_day(queue, day)) for id_, number, cause, name, day in rows
    ]
