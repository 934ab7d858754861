"""Worker processes: killed ones lose nothing, several do nothing twice, told ones leave."""

import multiprocessing
import os
import signal
import time
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from config import from_environment
from qualityeval import clock
from qualityeval.adapters.queue import queue_in
from qualityeval.app import create_app
from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import JobState
from qualityeval.database import db, transaction
from qualityeval.models import Job, Provider
from qualityeval.services import jobs
from tests.databases import close
from tests.jobs import works

LIMIT_SECONDS = 60
LEASE = 0.5


@pytest.fixture
def running(live_database, processes):
    """An application on the live database, as the web process would have it."""
    app = create_app(from_environment(live_database.environment).mapping())
    with app.app_context():
        with (
            transaction() as session
        ):  # the day's tidying is done: workers have nothing to write of their own
            session.add(
                Job(kind="system.tidy", title="", state=JobState.DONE, created_at=clock.now(), arguments={})
            )
        yield SimpleNamespace(
            home=live_database.home, environment=live_database.environment, processes=processes
        )
        db.session.remove()
    close(app)


@pytest.fixture(scope="module")
def processes():
    """Worker processes by a server that has loaded the program once and has neither threads nor connections."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["qualityeval.app", "tests.jobs.works"])
    return context


def start(instance, *, once=False, lease=LEASE):
    worker = instance.processes.Process(  # a daemon: one that a failed test leaves behind holds nobody up
        target=works.work, args=(dict(instance.environment), lease, once), daemon=True
    )
    worker.start()
    return worker


def left(worker):
    """The exit code of a worker that leaves by itself or was told to."""
    worker.join(LIMIT_SECONDS)
    return worker.exitcode


def queued(kind="trial.add", **arguments):
    with transaction():
        job = jobs.enqueue(actor=COMMAND_LINE, kind=kind, title="试", arguments=arguments, now=clock.now())
        return job.public_id


def job(name):
    db.session.rollback()
    return db.session.execute(select(Job).where(Job.public_id == name)).scalar_one()


def providers():
    return db.session.execute(select(func.count()).select_from(Provider)).scalar_one()


def work_until(instance, name, states):
    """Workers one after the other, until the job stands in one of the states."""
    codes = []
    deadline = time.monotonic() + LIMIT_SECONDS
    while job(name).state not in states and time.monotonic() < deadline:
        codes.append(left(start(instance, once=True)))
    return codes


def wait_for(path):
    deadline = time.monotonic() + LIMIT_SECONDS
    while not path.exists():
        assert time.monotonic() < deadline, f"{path.name} never came"
        time.sleep(0.02)  # another process is at work


@pytest.mark.proof("killed-worker")
def test_a_killed_workers_job_is_taken_up_and_done_once(running, tmp_path):
    name = queued("trial.die_once", mark=str(tmp_path / "died"))
    codes = work_until(running, name, {JobState.DONE, JobState.FAILED})
    assert codes[0] == -signal.SIGKILL
    assert (job(name).state, job(name).attempts, providers()) == (JobState.DONE, 2, 1)


def test_a_name_the_queue_lost_is_found_by_its_row(running):
    name = queued()
    assert queue_in(running.home).next() == name  # and nobody runs it
    work_until(running, name, {JobState.DONE})
    assert job(name).state == JobState.DONE


def test_two_workers_never_run_one_job_both(running):
    names = [queued(steps=2) for _ in range(20)]
    for name in names:  # every name twice in the queue
        queue_in(running.home).carry(name)
    workers = [start(running, once=True, lease=30) for _ in range(2)]
    assert [left(worker) for worker in workers] == [0, 0]
    assert [(job(name).state, job(name).attempts) for name in names] == [(JobState.DONE, 1)] * 20
    assert providers() == 20, "each job adds one, under a unique name"


def test_a_long_job_outlives_its_lease_while_its_worker_lives(running, tmp_path):
    """The job holds its own transaction for several leases; a second worker leaves it alone."""
    name = queued("trial.wait", mark=str(tmp_path / "begun"))
    first = start(running)
    wait_for(tmp_path / "begun")
    deadline = time.monotonic() + LIMIT_SECONDS
    two_leases_on = time.monotonic() + 2 * LEASE
    while time.monotonic() < two_leases_on:
        time.sleep(0.02)
    assert left(start(running, once=True)) == 0
    assert (job(name).state, job(name).attempts) == (JobState.RUNNING, 1)
    queue_in(running.home).ask_cancel(name)
    asked = job(name)  # read before: it ends the transaction it stands in
    with transaction():
        jobs.ask_cancel(actor=COMMAND_LINE, job=asked, now=clock.now())
    while job(name).state == JobState.RUNNING:
        assert time.monotonic() < deadline
    first.terminate()
    assert left(first) == 0
    assert (job(name).state, providers()) == (JobState.CANCELLED, 0)


def test_a_worker_told_to_leave_gives_its_job_back(running, tmp_path):
    name = queued("trial.wait", mark=str(tmp_path / "begun"))
    worker = start(running, lease=30)
    wait_for(tmp_path / "begun")
    os.kill(worker.pid, signal.SIGTERM)
    assert left(worker) == 0
    assert (job(name).state, job(name).attempts, providers()) == (JobState.QUEUED, 0, 0)
