"""Jobs: work outside a request. The row is the truth; who changes it does so under a condition.

A job is claimed with a lease. What it writes and its own end are one transaction, so work is done exactly
when the row says so; whoever lost the lease meanwhile is refused and leaves nothing behind.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, event, or_, update
from sqlalchemy.orm import Session

from qualityeval.adapters.queue import Queue, queue_in
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.codes import JobState
from qualityeval.core.errors import RuleViolation, WrongState, msg
from qualityeval.database import db, instance_folder
from qualityeval.models import Job
from qualityeval.services import audit

LEASE = timedelta(seconds=60)
ATTEMPTS = 3
CARRIED = "carried jobs"
WORKER = Actor(account_id=None, name="worker", display_name="worker", role=None)
log = logging.getLogger(__name__)


class LeaseLost(RuntimeError):
    """Another worker holds the job now: what this one did must be rolled back."""


@dataclass(frozen=True)
class Claim:
    """A job in the hands of one worker: its name, and which attempt of it this is."""

    public_id: str
    worker: str
    attempt: int


def enqueue(*, actor: Actor, kind: str, title: str, arguments: dict[str, Any], now: datetime) -> Job:
    """A new job in the caller's transaction; its name is carried to the workers after the commit.

    `kind` is a name of the registry in `qualityeval.jobs`, `arguments` plain JSON (public ids, never
    secrets). The job acts later with the rights that the account then has.
    """
    require(actor, Permission.SIGNED_IN)
    job = Job(
        kind=kind, title=title[:200], arguments=arguments, account_id=actor.account_id,
        state=JobState.QUEUED, created_at=now,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    audit.record(actor, "job.queued", now=now, object_type="job", object_id=job.public_id, kind=kind)
    _carry_after_commit(job.public_id)
    return job


def claim(*, public_id: str, worker: str, now: datetime, lease: timedelta = LEASE) -> Claim | None:
    """Take a queued job; None where it isn't waiting any more. Of many workers one gets it."""
    taken = _change(
        and_(Job.public_id == public_id, Job.state == JobState.QUEUED, Job.cancel_asked.is_(False)),
        state=JobState.RUNNING, worker=worker, attempts=Job.attempts + 1, lease_until=now + lease,
        heartbeat_at=now, started_at=now, stage="", done=0, total=0,
    )  # fmt: skip
    if not taken:
        return None
    attempt = db.session.execute(db.select(Job.attempts).where(Job.public_id == public_id)).scalar_one()
    return Claim(public_id, worker, attempt)


def renew(*, claim: Claim, now: datetime, lease: timedelta = LEASE) -> bool:
    """Lengthen the lease; False where another worker has the job."""
    return _change(_held(claim), lease_until=now + lease, heartbeat_at=now)


def finish(
    *, claim: Claim, result: dict[str, Any], now: datetime, stage: str = "", done: int = 0, total: int = 0
) -> None:
    """End the job well, in the transaction of its work; LeaseLost rolls both back."""
    if not _change(
        _held(claim), state=JobState.DONE, result=result, finished_at=now, heartbeat_at=now,
        lease_until=None, stage=stage, done=done, total=total, error=None,
    ):  # fmt: skip
        raise LeaseLost(claim.public_id)
    audit.record(WORKER, "job.done", now=now, object_type="job", object_id=claim.public_id)


def fail(*, claim: Claim, refusal: RuleViolation, now: datetime) -> bool:
    """End the job with the reason in words; False where another worker has it."""
    if not _change(
        _held(claim), state=JobState.FAILED, error=error_text(refusal), finished_at=now, lease_until=None
    ):
        return False
    audit.record(
        WORKER, "job.failed", now=now, object_type="job", object_id=claim.public_id, code=refusal.code
    )
    return True


def cancelled(*, claim: Claim, now: datetime) -> bool:
    """The running job has seen the wish and stopped; nothing of its work is kept."""
    if not _change(_held(claim), state=JobState.CANCELLED, finished_at=now, lease_until=None):
        return False
    audit.record(WORKER, "job.cancelled", now=now, object_type="job", object_id=claim.public_id)
    return True


def give_back(*, claim: Claim, now: datetime, count_attempt: bool = True) -> bool:
    """Put the job back in the queue, or end it where it was to be cancelled.

    An orderly stop of the worker doesn't count as an attempt. False where another worker has the job.
    """
    if _change(
        and_(_held(claim), Job.cancel_asked), state=JobState.CANCELLED, finished_at=now, lease_until=None
    ):
        audit.record(WORKER, "job.cancelled", now=now, object_type="job", object_id=claim.public_id)
        return True
    attempts = claim.attempt if count_attempt else claim.attempt - 1
    if not _change(
        _held(claim),
        state=JobState.QUEUED,
        worker=None,
        lease_until=None,
        attempts=attempts,
        heartbeat_at=now,
    ):
        return False
    audit.record(WORKER, "job.given_back", now=now, object_type="job", object_id=claim.public_id)
    _carry_after_commit(claim.public_id)
    return True


def ask_cancel(*, actor: Actor, job: Job, now: datetime) -> None:
    """Cancel a waiting job at once, a running one at its next step. Refused once it has ended."""
    if _change(
        and_(Job.id == job.id, Job.state == JobState.QUEUED),
        state=JobState.CANCELLED,
        cancel_asked=True,
        finished_at=now,
    ):
        audit.record(actor, "job.cancelled", now=now, object_type="job", object_id=job.public_id)
        return
    if _change(and_(Job.id == job.id, Job.state == JobState.RUNNING), cancel_asked=True):
        audit.record(actor, "job.cancel_asked", now=now, object_type="job", object_id=job.public_id)
        return
    db.session.refresh(job)
    if job.state != JobState.CANCELLED:
        raise WrongState("job.ended", msg("任务已经结束，不能再取消。"))


def signal_cancel(job: Job) -> None:
    """Tell the running job through the queue, before and beside `ask_cancel`.

    On SQLite the job's own transaction may hold the only write lock; the wish must reach it all the same.
    """
    if job.state == JobState.RUNNING:
        queue().ask_cancel(job.public_id)


def take_up(*, public_id: str, now: datetime, attempts: int = ATTEMPTS) -> str:
    """Put a job whose lease has run out back in the queue; returns its new state, "" where it lives.

    After `attempts` it fails in words instead; one that was to be cancelled is cancelled.
    """
    job = db.session.execute(
        db.select(Job).where(Job.public_id == public_id, Job.state == JobState.RUNNING, _expired(now))
    ).scalar_one_or_none()
    if job is None:
        return ""
    lost = Claim(job.public_id, job.worker or "", job.attempts)
    if job.attempts >= attempts and not job.cancel_asked:
        refusal = RuleViolation(
            "job.worker_lost",
            msg("办理这项任务的进程中断了%(attempts)s次，已停止重试。没有保存任何内容，请联系系统管理员。"),
            attempts=job.attempts,
        )
        fail(claim=lost, refusal=refusal, now=now)
        return JobState.FAILED
    give_back(claim=lost, now=now)
    return JobState.CANCELLED if job.cancel_asked else JobState.QUEUED


def error_text(refusal: RuleViolation) -> str:
    """The refusal as it is stored with the job: code, Chinese text and what fills its places."""
    params = {name: str(value) for name, value in refusal.params.items()}
    content = {"code": refusal.code, "text": refusal.text, "params": params, "where": refusal.where}
    return json.dumps(content, ensure_ascii=False)


def queue() -> Queue:
    """The queue of this instance."""
    return queue_in(instance_folder())


def _expired(now: datetime) -> ColumnElement[bool]:
    return or_(Job.lease_until.is_(None), Job.lease_until < now)


def _held(claim: Claim) -> ColumnElement[bool]:
    return and_(
        Job.public_id == claim.public_id, Job.state == JobState.RUNNING,
        Job.worker == claim.worker, Job.attempts == claim.attempt,
    )  # fmt: skip


def _change(condition: ColumnElement[bool], **values: Any) -> bool:
    statement = update(Job).where(condition).values(**values)
    outcome = cast(
        "CursorResult[Any]",
        db.session.execute(statement, execution_options={"synchronize_session": "fetch"}),
    )
    return outcome.rowcount == 1


def _carry_after_commit(public_id: str) -> None:
    db.session().info.setdefault(CARRIED, []).append(public_id)


@event.listens_for(Session, "after_commit")
def _carry(session: Session) -> None:
    names = session.info.pop(CARRIED, ())
    for name in names:
        try:
            queue().carry(name)
        except Exception:  # the commit stands; the reconciler finds the row
            log.exception("job %s could not be carried; it will be found by its row", name)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(CARRIED, None)
