"""The worker: takes names from the queue, keeps the lease of what it runs, finds what was lost."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError

from qualityeval import clock
from qualityeval.core.errors import msg
from qualityeval.database import transaction
from qualityeval.jobs import outbox
from qualityeval.jobs.context import JobContext
from qualityeval.jobs.runner import perform
from qualityeval.queries import jobs as queries
from qualityeval.services import jobs as services
from qualityeval.services.jobs import Claim

log = logging.getLogger(__name__)
POLL_SECONDS = 0.3
SWEEP_SECONDS = 3.0
BEAT_SECONDS = 2.0
HOUR_SECONDS = 3_600.0
TIDY, TIDY_EVERY = "system.tidy", timedelta(hours=23)


class Application(Protocol):
    """What is needed of the application: a context in which its database can be used."""

    def app_context(self) -> AbstractContextManager[Any]:
        """The context."""


def worker_name() -> str:
    """Host, process and a random part: no two workers share one, not even after a restart."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass
class Worker:
    """One process that runs one job at a time. `parent` is the process it must not outlive."""

    app: Application
    stop: threading.Event
    lease: timedelta = services.LEASE
    parent: int | None = None
    name: str = field(default_factory=worker_name)
    _swept: float = float("-inf")
    _tidied: float = float("-inf")

    def run(self, *, once: bool = False) -> None:
        """Work until told to stop; with `once`, until nothing waits."""
        while not self.stop.is_set():
            self.notice_parent()
            if self._step():
                continue
            if once:
                return
            self.stop.wait(POLL_SECONDS)

    def notice_parent(self) -> None:
        """Leave with the parent, however it died."""
        if self.parent is not None and os.getppid() != self.parent:
            self.stop.set()

    def _step(self) -> bool:
        with self.app.app_context():
            try:
                if time.monotonic() - self._swept >= SWEEP_SECONDS:
                    self._sweep()
                name = services.queue().next()
                return name is not None and self._take(name)
            except SQLAlchemyError:
                log.exception("the database can't be used just now; trying again")
                return False

    def _sweep(self) -> None:
        """Find what the queue lost: waiting rows without a name, running ones whose worker died."""
        self._swept = time.monotonic()
        queue = services.queue()
        oldest_sign = (clock.now() - self.lease).timestamp()
        for name in queries.expired_names(now=clock.now()):
            beat = queue.last_beat(name)
            if beat is None or beat.at < oldest_sign:
                with transaction():
                    services.take_up(public_id=name, now=clock.now())
        if not queue.waiting():
            for name in queries.queued_names():
                queue.carry(name)
        outbox.send_waiting()
        self._housekeeping()

    def _housekeeping(self) -> None:
        """Queue the day's tidying, unless a worker did within the day."""
        now = clock.now()
        if time.monotonic() - self._tidied < HOUR_SECONDS:
            return
        self._tidied = time.monotonic()
        if not queries.is_recent(TIDY, since=now - TIDY_EVERY):
            with transaction():
                services.enqueue(
                    actor=services.WORKER, kind=TIDY, title=msg("日常清理"), arguments={}, now=now
                )

    def _take(self, name: str) -> bool:
        with transaction():
            claim = services.claim(public_id=name, worker=self.name, now=clock.now(), lease=self.lease)
        if claim is not None:
            perform(claim, queue=services.queue(), stop=self.stop, watch=self._watch)
        return True

    @contextmanager
    def _watch(self, context: JobContext, claim: Claim) -> Iterator[None]:
        ended = threading.Event()
        thread = threading.Thread(target=self._keep_alive, args=(context, claim, ended), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _keep_alive(self, context: JobContext, claim: Claim, ended: threading.Event) -> None:
        quarter = self.lease.total_seconds() / 4
        renewed = time.monotonic()
        while not ended.wait(min(BEAT_SECONDS, quarter)):
            self.notice_parent()
            try:
                context.alive()
                if time.monotonic() - renewed >= quarter:
                    self._renew(context, claim)
                    renewed = time.monotonic()
            except Exception:
                log.exception("the lease of job %s could not be renewed; trying again", claim.public_id)

    def _renew(self, context: JobContext, claim: Claim) -> None:
        if not context.row_is_free.acquire(blocking=False):
            return  # its own transaction is open; the beat in the queue's file speaks for it
        try:
            with self.app.app_context(), transaction():
                if not services.renew(claim=claim, now=clock.now(), lease=self.lease):
                    context.lost.set()
        finally:
            context.row_is_free.release()
