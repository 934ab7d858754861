"""Kinds of jobs for tests only, and a worker process that knows them."""

import os
import signal
import threading
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from qualityeval.cli import build_app
from qualityeval.core.errors import RuleViolation
from qualityeval.database import db
from qualityeval.jobs import registry
from qualityeval.jobs.registry import Work
from qualityeval.jobs.worker import Worker
from qualityeval.models import Provider
from qualityeval.services import audit


def add_provider(context):
    """Writes one row named after the job: run twice it would meet the unique name."""
    count = context.arguments.get("steps", 3)
    for step in range(count):
        context.progress("写入", step + 1, count)
    db.session.add(Provider(name=context.public_id, created_at=context.now))
    audit.record(context.actor, "provider.created", now=context.now, object_type="provider")
    db.session.flush()
    return {"created": 1, "prepared": context.prepared}


def refuse(context):
    add_provider(context)
    raise RuleViolation("trial.refused", "第%(row)s行不对。", row=7)


def crash(context):
    add_provider(context)
    raise ZeroDivisionError


def die_the_first_time(context):
    """Is killed in the middle of its own open transaction, once."""
    add_provider(context)
    mark = Path(context.arguments["mark"])
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return {"created": 1}


def wait_for_stop(context):
    """Works until it is told to stop; says first that it has begun. Its transaction has written already."""
    db.session.add(Provider(name=context.public_id, created_at=context.now))
    db.session.flush()
    Path(context.arguments["mark"]).touch()
    pause = threading.Event()
    while True:
        context.check()
        pause.wait(0.02)


def count_providers(context):
    return db.session.execute(select(func.count()).select_from(Provider)).scalar_one()


ADD = Work(add_provider, count_providers)
REFUSE, CRASH = Work(refuse), Work(crash)
DIE_ONCE, WAIT = Work(die_the_first_time), Work(wait_for_stop)
KINDS = {
    f"trial.{name}": f"tests.jobs.works:{name.upper()}"
    for name in ("add", "refuse", "crash", "die_once", "wait")
}


def work(environment, lease, once):
    """What a worker's own process does: the application of the environment, a lease of so many seconds."""
    os.environ.clear()
    os.environ.update(environment)
    registry.WORKS.update(KINDS)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Worker(build_app(), stop, timedelta(seconds=lease)).run(once=once)
