"""The import of a register in the background."""

from typing import Any

from qualityeval.clock import office_today
from qualityeval.jobs.context import JobContext
from qualityeval.jobs.registry import Work
from qualityeval.services.case_import_jobs import run_import


def run(context: JobContext) -> dict[str, Any]:
    """One service call."""
    return run_import(
        actor=context.actor, job=context.public_id, arguments=context.arguments, now=context.now, today=office_today(),
        progress=context.progress,
    )  # fmt: skip


WORK = Work(run)
