"""The queue beside the database: carries names of jobs, and shows how far a running one is.

huey's storage holds both, in a file of the instance folder; its PostgreSQL and Redis storages have the
same face. Nothing here is the truth: whatever is lost is found again from the job rows.
"""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from huey.constants import EmptyData
from huey.storage import SqliteStorage

FILE = "queue.db"


@dataclass(frozen=True)
class Beat:
    """The last sign of life of a running job: `at` and `stage_from` are seconds since 1970."""

    at: float
    stage: str = ""
    done: int = 0
    total: int = 0
    stage_from: float = 0.0


class Queue:
    """Names to be carried, first in first out, and one beat for each running job."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def carry(self, name: str) -> None:
        """Put a job's name in the queue; twice does no harm, since a job is claimed by its row."""
        self._storage.enqueue(name.encode())

    def next(self) -> str | None:
        """Take the oldest name, None where there is none."""
        taken = self._storage.dequeue()
        return None if taken is None else bytes(taken).decode()

    def waiting(self) -> int:
        """How many names wait."""
        return int(self._storage.queue_size())

    def beat(self, name: str, beat: Beat) -> None:
        """Show that the job is alive and how far it is."""
        self._storage.put_data(f"beat:{name}", json.dumps(asdict(beat)).encode())

    def last_beat(self, name: str) -> Beat | None:
        """The last beat of a job, None where there was none."""
        found = self._storage.peek_data(f"beat:{name}")
        return None if found is EmptyData else Beat(**json.loads(bytes(found)))

    def ask_cancel(self, name: str) -> None:
        """Let the running job see the wish although the database may be busy with its own writing."""
        self._storage.put_data(f"cancel:{name}", b"1")

    def is_cancel_asked(self, name: str) -> bool:
        """Whether somebody asked."""
        return bool(self._storage.has_data_for_key(f"cancel:{name}"))

    def forget(self, name: str) -> None:
        """Drop what is known of a job that has ended."""
        for kind in ("beat", "cancel"):
            self._storage.pop_data(f"{kind}:{name}")


@cache
def queue_in(folder: Path) -> Queue:
    """The queue of an instance folder, one for each process."""
    return Queue(SqliteStorage(name="jobs", filename=str(folder / FILE), timeout=10))
