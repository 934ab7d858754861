"""What a job function is given: for whom it works, on what, and where to say how far it is."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from qualityeval import clock
from qualityeval.adapters.queue import Beat, Queue
from qualityeval.authz import Actor
from qualityeval.services.jobs import LeaseLost

EVERY_SECONDS = 0.25
NO_BEAT = Beat(0.0)


class JobCancelled(Exception):
    """Somebody asked for it to stop; everything it wrote is rolled back."""


class WorkerStopping(Exception):
    """The worker was told to leave; the job goes back into the queue."""


@dataclass
class JobContext:
    """One attempt at one job.

    Progress goes to the queue's file, never to the job row: the service's own transaction stays whole, and
    on SQLite nobody else could write while it is open.
    """

    public_id: str
    actor: Actor
    arguments: dict[str, Any]
    now: datetime
    queue: Queue
    prepared: Any = None
    stop: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)
    row_is_free: threading.Lock = field(default_factory=threading.Lock)
    latest: Beat = NO_BEAT
    _written: float = 0.0

    def progress(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Say how far the job is, as often as one likes; raises where it has to stop.

        `stage` is a Chinese source text marked with `msg`, `done` of `total` counts whatever the stage counts.
        """
        present = clock.now().timestamp()
        same = stage == self.latest.stage
        started = self.latest.stage_from if same else present
        self.latest = Beat(present, stage, done, total, started)
        ticks = time.monotonic()
        if same and ticks - self._written < EVERY_SECONDS:
            return
        self._written = ticks
        self.queue.beat(self.public_id, self.latest)
        self.check()

    def check(self) -> None:
        """Stop here where the job was cancelled, the worker is leaving or the lease was lost."""
        if self.lost.is_set():
            raise LeaseLost(self.public_id)
        if self.queue.is_cancel_asked(self.public_id):
            raise JobCancelled
        if self.stop.is_set():
            raise WorkerStopping

    def alive(self) -> None:
        """A sign of life without progress; called by the heartbeat from its own thread."""
        self.queue.beat(self.public_id, replace(self.latest, at=clock.now().timestamp()))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While the job's own transaction is open its row is not touched by the heartbeat."""
        with self.row_is_free:
            yield
