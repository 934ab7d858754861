"""Housekeeping: answers to forms that nobody can press again, and stored bytes that no row knows."""

from typing import Any

from qualityeval.core.errors import msg
from qualityeval.jobs.context import JobContext
from qualityeval.jobs.registry import Work
from qualityeval.services import tidying


def run(context: JobContext) -> dict[str, Any]:
    """One service call."""
    context.progress(msg("清理"))
    return tidying.tidy(actor=context.actor, now=context.now)


WORK = Work(run)
