"""One attempt at one job: prepare, then work and its end in one transaction, then how it ended."""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from sqlalchemy.exc import OperationalError

from qualityeval import clock
from qualityeval.adapters.queue import Queue
from qualityeval.authz import COMMAND_LINE, Actor
from qualityeval.core.errors import RuleViolation, msg
from qualityeval.database import db, transaction
from qualityeval.jobs.context import JobCancelled, JobContext, WorkerStopping
from qualityeval.jobs.registry import work_named
from qualityeval.models import Account
from qualityeval.queries import jobs as queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import jobs as services
from qualityeval.services.jobs import Claim, LeaseLost

log = logging.getLogger(__name__)
Watch = Callable[[JobContext, Claim], AbstractContextManager[None]]


def _unwatched(context: JobContext, claim: Claim) -> AbstractContextManager[None]:
    del context, claim
    return nullcontext()


def perform(
    claim: Claim, *, queue: Queue, stop: threading.Event | None = None, watch: Watch = _unwatched
) -> None:
    """Do a claimed job and write down how it ended; nothing escapes but the wish to end the process."""
    try:
        _attempt(claim, queue, stop or threading.Event(), watch)
    except LeaseLost:
        log.warning(
            "job %s was taken over by another worker; this attempt left nothing behind", claim.public_id
        )
        return
    except JobCancelled:
        _write(lambda now: services.cancelled(claim=claim, now=now))
    except WorkerStopping:
        _write(lambda now: services.give_back(claim=claim, now=now, count_attempt=False))
    except OperationalError:
        log.exception("job %s met a busy or lost database", claim.public_id)
        _retry_or_fail(claim)
    except RuleViolation as refusal:
        kept = refusal
        _write(lambda now: services.fail(claim=claim, refusal=kept, now=now))
    except Exception:
        log.exception("job %s crashed", claim.public_id)
        _write(lambda now: services.fail(claim=claim, refusal=_crash(), now=now))
    queue.forget(claim.public_id)


def _attempt(claim: Claim, queue: Queue, stop: threading.Event, watch: Watch) -> None:
    kind, arguments, account_id = queries.work_of(claim.public_id)
    work = work_named(kind)
    context = JobContext(
        public_id=claim.public_id, actor=_actor(account_id), arguments=arguments, now=clock.now(),
        queue=queue, stop=stop,
    )  # fmt: skip
    with watch(context, claim):
        context.check()
        if work.prepare is not None:
            context.prepared = work.prepare(context)
        with context.writing(), transaction():
            result = work.run(context)
            last = context.latest
            services.finish(
                claim=claim,
                result=result,
                now=clock.now(),
                stage=last.stage[:80],
                done=last.done,
                total=last.total,
            )


def _actor(account_id: int | None) -> Actor:
    if account_id is None:
        return COMMAND_LINE
    account = db.session.get_one(Account, account_id)
    if not account.active:
        raise RuleViolation("job.account_inactive", msg("发起这项任务的账号已停用，任务没有办理。"))
    return actor_of(account)


def _retry_or_fail(claim: Claim) -> None:
    if claim.attempt < services.ATTEMPTS:
        _write(lambda now: services.give_back(claim=claim, now=now))
    else:
        _write(lambda now: services.fail(claim=claim, refusal=_busy(), now=now))


def _write(change: Callable[[datetime], bool]) -> None:
    with transaction():
        change(clock.now())


def _busy() -> RuleViolation:
    return RuleViolation(
        "job.database_busy", msg("数据库一直很忙，任务没有办成，没有保存任何内容。请稍后重新提交。")
    )


def _crash() -> RuleViolation:
    return RuleViolation(
        "job.crashed", msg("系统出错，任务没有办成，没有保存任何内容。请再试一次；仍不行请告诉系统管理员。")
    )
