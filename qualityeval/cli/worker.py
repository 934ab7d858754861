"""`worker`: runs the jobs. `serve` starts one; more may be started beside it or on other hosts."""

import logging
import signal
import sys
import threading
from datetime import timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from qualityeval.jobs.worker import Worker
from qualityeval.services.jobs import LEASE


def log_to_stderr() -> None:
    """One line an event, on standard error, where a service manager collects it."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )


@click.command("worker")
@click.option("--once", is_flag=True, help="leave when nothing waits")
@click.option("--lease", type=click.FloatRange(min=0.5), default=LEASE.total_seconds(), show_default=True,
              metavar="SECONDS", help="how long a job may give no sign of life before another worker takes it")  # fmt: skip
@click.option("--parent", type=int, hidden=True, help="the process that this one must not outlive")
@with_appcontext
def worker(*, once: bool, lease: float, parent: int | None) -> None:
    """Run jobs until told to stop (SIGINT, SIGTERM)."""
    log_to_stderr()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    application = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- threads need it
    Worker(application, stop, timedelta(seconds=lease), parent).run(once=once)
