"""The monitoring queues over the register: late cases and watched ones, counted by institution and listed, in a query each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select, tuple_

from qualityeval.adapters.form_files import CALLBACK, shipped_form
from qualityeval.authz import Actor, Permission, scope
from qualityeval.clock import office_date
from qualityeval.core.hearings import MAJOR, MASS
from qualityeval.core.monitoring import Queue, Watch, cutoff, last_day
from qualityeval.database import db
from qualityeval.models import Callback, Case, CaseFile, FollowUp, Institution

REPORT = "report-note"  # the line of the archive catalogue: 通报、报告记录
BEGINS = {
    Queue.NOT_STARTED: "assigned_on",
    Queue.NOT_HANDED_IN: "closed_on",
    Queue.NOT_CHECKED: "submitted_on",
}


@dataclass(frozen=True)
class LateRow:
    """One case: since when the step runs or the thing is known, and the last day where there is one."""

    public_id: str
    number: str
    cause: str
    institution: str
    began: date | None
    due: date | None


Kind = Queue | Watch
KINDS: tuple[Kind, ...] = (*Queue, *Watch)


def _abnormal() -> ColumnElement[bool]:
    """Asked, and dissatisfied or told of something grave, with no complaint about it closed yet."""
    form = shipped_form(CALLBACK)
    bad = [one.code for one in form.by_code[form.overall].options if one.good is False]
    settled = exists().where(
        FollowUp.source == "callback", FollowUp.source_key == Callback.public_id, FollowUp.state == "closed"
    )
    return exists().where(
        Callback.case_id == Case.id, Callback.form == CALLBACK, Callback.state == "done",
        or_(Callback.answers[form.overall].as_string().in_(bad), cast(Callback.alarms, String).not_in(("[]", "null"))),
        ~settled,
    )  # fmt: skip


def _special() -> ColumnElement[bool]:
    """A mass or major case under way whose file holds no note of a report."""
    mass = (
        select(Case.institution_id, Case.series)
        .where(Case.series != "")
        .group_by(Case.institution_id, Case.series)
        .having(func.count() >= MASS)
    )
    reported = exists().where(
        CaseFile.case_id == Case.id, CaseFile.code == REPORT, CaseFile.removed_at.is_(None)
    )
    return and_(
        Case.closed_on.is_(None), ~reported,
        or_(tuple_(Case.institution_id, Case.series).in_(mass), func.lower(Case.risk).in_(MAJOR)),
    )  # fmt: skip


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


def _where(actor: Actor, queue: Kind, today: date, place: str) -> ColumnElement[bool]:
    if isinstance(queue, Queue):
        inside = _late(queue, today)
    else:
        inside = _abnormal() if queue is Watch.ABNORMAL else _special()
    condition = and_(scope.cases(actor, Permission.FOLLOW_UP_KEEP), inside)
    return condition & (Institution.code == place) if place else condition


def counts_for(actor: Actor, *, today: date) -> dict[tuple[str, str], dict[Kind, int]]:
    """By institution (code, name) how many cases each queue holds; institutions without any are left out."""
    found: dict[tuple[str, str], dict[Kind, int]] = {}
    for queue in KINDS:
        rows = db.session.execute(
            select(Institution.code, Institution.name, func.count())
            .join(Case, Case.institution_id == Institution.id)
            .where(_where(actor, queue, today, ""))
            .group_by(Institution.code, Institution.name)
        )
        for code, name, count in rows:
            found.setdefault((code, name), dict.fromkeys(KINDS, 0))[queue] = count
    return dict(sorted(found.items()))


def totals(counts: Mapping[tuple[str, str], Mapping[Kind, int]]) -> dict[Kind, int]:
    """All institutions together."""
    return {queue: sum(one[queue] for one in counts.values()) for queue in KINDS}


def list_for(
    actor: Actor, queue: Kind, *, today: date, place: str = "", limit: int = 50, offset: int = 0
) -> list[LateRow]:
    """Cases of a queue, those that wait longest first."""
    began = _began(queue)
    rows = db.session.execute(
        select(Case.public_id, Case.number, Case.cause, Institution.name, began)
        .join(Institution, Case.institution_id == Institution.id)
        .where(_where(actor, queue, today, place))
        .order_by(began, Case.id)
        .limit(limit)
        .offset(offset)
    )
    return [LateRow(id_, number, cause, name, *_days(queue, day)) for id_, number, cause, name, day in rows]


def _began(queue: Kind) -> ColumnElement[Any]:
    if queue is not Watch.ABNORMAL:
        return getattr(Case, "assigned_on" if queue is Watch.SPECIAL else BEGINS[queue]).expression  # type: ignore[no-any-return]
    asked = select(func.min(Callback.answered_at)).where(
        Callback.case_id == Case.id, Callback.form == CALLBACK
    )
    return asked.scalar_subquery()


def _days(queue: Kind, began: Any) -> tuple[date | None, date | None]:
    if isinstance(queue, Queue):
        return began, last_day(queue, began)
    return (office_date(began) if isinstance(began, datetime) else began), None
