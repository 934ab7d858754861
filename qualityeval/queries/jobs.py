"""Reading jobs: one's own for the pages, waiting and abandoned ones for the worker."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from qualityeval.authz import Actor, scope
from qualityeval.core.codes import JobState
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import Job


@dataclass(frozen=True)
class JobRow:
    """A job as the list shows it."""

    public_id: str
    title: str
    state: str
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Waiting:
    """How the queue stands."""

    queued: int
    running: int
    oldest_queued: datetime | None


def get_for(actor: Actor, public_id: str) -> Job:
    """One of the actor's own jobs; NotFound for anybody else's."""
    job = db.session.execute(
        select(Job)
        .where(Job.public_id == public_id, scope.jobs(actor))
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if job is None:
        raise NotFound
    return job


def list_for(actor: Actor, *, state: str = "", limit: int = 50, offset: int = 0) -> list[JobRow]:
    """The actor's own jobs, the latest first; `state` narrows."""
    query = select(Job.public_id, Job.title, Job.state, Job.created_at, Job.finished_at).where(
        scope.jobs(actor)
    )
    if state:
        query = query.where(Job.state == state)
    rows = db.session.execute(
        query.order_by(Job.created_at.desc(), Job.id.desc()).limit(limit).offset(offset)
    )
    return [JobRow(*row) for row in rows]


def count_for(actor: Actor, *, state: str = "") -> int:
    """How many jobs `list_for` would show without a limit."""
    query = select(func.count()).select_from(Job).where(scope.jobs(actor))
    if state:
        query = query.where(Job.state == state)
    return int(db.session.execute(query).scalar_one())


def queued_names(*, limit: int = 20) -> list[str]:
    """Names of jobs that wait, the oldest first: for workers, which see all."""
    return list(
        db.session.execute(
            select(Job.public_id).where(Job.state == JobState.QUEUED).order_by(Job.id).limit(limit)
        ).scalars()
    )


def expired_names(*, now: datetime) -> list[str]:
    """Names of running jobs whose lease has run out: for workers, which see all."""
    return list(
        db.session.execute(
            select(Job.public_id)
            .where(Job.state == JobState.RUNNING, or_(Job.lease_until.is_(None), Job.lease_until < now))
            .order_by(Job.id)
        ).scalars()
    )


def is_recent(kind: str, *, since: datetime) -> bool:
    """Whether a job of this kind was queued since then, by whomever."""
    query = select(Job.id).where(Job.kind == kind, Job.created_at >= since).limit(1)
    return db.session.execute(query).first() is not None


def work_of(public_id: str) -> tuple[str, dict[str, Any], int | None]:
    """What a claimed job is to do: kind, arguments, and the account it acts for."""
    row = db.session.execute(
        select(Job.kind, Job.arguments, Job.account_id).where(Job.public_id == public_id)
    ).one()
    return row.kind, dict(row.arguments), row.account_id


def standing() -> Waiting:
    """The whole queue at a glance, for doctor."""
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    counts = {state: int(count) for state, count in rows}
    oldest = db.session.execute(
        select(func.min(Job.created_at)).where(Job.state == JobState.QUEUED)
    ).scalar_one_or_none()
    return Waiting(counts.get(JobState.QUEUED, 0), counts.get(JobState.RUNNING, 0), oldest)
