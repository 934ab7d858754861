"""Which function does which kind of job: one line a kind, loaded when it is needed."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from qualityeval.core.errors import RuleViolation, msg
from qualityeval.jobs.context import JobContext

WORKS: dict[str, str] = {
    "register.import": "qualityeval.jobs.case_imports:WORK",
    "system.tidy": "qualityeval.jobs.tidy:WORK",
}


@dataclass(frozen=True)
class Work:
    """How one kind of job is done.

    `prepare` reads and computes, outside any transaction: files parsed, reports drawn. `run` is one
    service call inside the transaction in which the job ends, and returns the result: plain JSON, in which
    `file` is the public id of a stored file to be offered, `page` a pair of endpoint and arguments, and
    other numbers are shown as counts.
    """

    run: Callable[[JobContext], dict[str, Any]]
    prepare: Callable[[JobContext], Any] | None = None


def work_named(kind: str) -> Work:
    """The work of a kind; a RuleViolation where this version knows none (an older worker, for instance)."""
    place = WORKS.get(kind)
    if place is None:
        raise RuleViolation(
            "job.unknown_kind", msg("这个版本不认识“%(kind)s”这种任务，请检查后台进程的版本。"), kind=kind
        )
    module, _, name = place.partition(":")
    work: Work = getattr(import_module(module), name)
    return work
