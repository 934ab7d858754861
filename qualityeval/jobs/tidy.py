"""Once a day: notices of deadlines; answers to forms that nobody can press again, and stored bytes that no row knows."""

from typing import Any

from qualityeval.core.errors import msg
from qualityeval.jobs.context import JobContext
from qualityeval.jobs.registry import Work
from qualityeval.services import scoring_deadlines, tidying


def run(context: JobContext) -> dict[str, Any]:
    """The day's notices of deadlines, then the cleaning."""
    context.progress(msg("清理"))
    told = scoring_deadlines.tell_due(actor=context.actor, now=context.now)
    return {**tidying.tidy(actor=context.actor, now=context.now), "told": told}


WORK = Work(run)
