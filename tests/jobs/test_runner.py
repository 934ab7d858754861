"""One attempt at a job: its work and its end are one, and a failure leaves words and nothing else."""

import json
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from qualityeval import clock
from qualityeval.adapters.queue import queue_in
from qualityeval.core.codes import JobState
from qualityeval.database import db, transaction
from qualityeval.jobs import registry
from qualityeval.jobs.runner import perform
from qualityeval.models import Account, AuditEvent, Job, Provider
from qualityeval.services import jobs
from tests.factories import create_actor, create_institution
from tests.jobs.works import KINDS

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    for kind, place in KINDS.items():
        monkeypatch.setitem(registry.WORKS, kind, place)


@pytest.fixture
def queue(app):
    return queue_in(app.config["HOME"])


@pytest.fixture
def actor(app):
    return create_actor(institution=create_institution())


def queued(actor, kind="trial.add", **arguments):
    with transaction():
        job = jobs.enqueue(actor=actor, kind=kind, title="试", arguments=arguments, now=clock.now())
        return job.public_id


def claimed(name, worker="w1", **more):
    with transaction():
        return jobs.claim(public_id=name, worker=worker, now=clock.now(), **more)


def job(name):
    db.session.expire_all()
    return db.session.execute(select(Job).where(Job.public_id == name)).scalar_one()


def providers():
    return db.session.execute(select(func.count()).select_from(Provider)).scalar_one()


def events(name):
    query = select(AuditEvent.action).where(AuditEvent.object_id == name).order_by(AuditEvent.seq)
    return list(db.session.execute(query).scalars())


def test_the_name_is_carried_after_the_commit_only(actor, queue):
    with transaction():
        name = jobs.enqueue(actor=actor, kind="trial.add", title="", arguments={}, now=clock.now()).public_id
        assert queue.next() is None
    assert queue.next() == name


def test_nothing_is_carried_when_the_cause_is_rolled_back(actor, queue):
    def cause():
        with transaction():
            jobs.enqueue(actor=actor, kind="trial.add", title="", arguments={}, now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cause()
    queued_name = queued(actor)
    assert queue.next() == queued_name
    assert queue.next() is None


def test_a_queue_that_is_away_does_not_undo_the_commit(actor, app, monkeypatch, caplog):
    monkeypatch.setitem(app.config, "HOME", app.config["HOME"] / "gone")
    name = queued(actor)
    assert job(name).state == JobState.QUEUED
    assert name in caplog.text


def test_one_of_two_claims_gets_it(actor):
    name = queued(actor)
    assert claimed(name, "w1").attempt == 1
    assert claimed(name, "w2") is None


def test_done_with_its_work(actor, queue):
    name = queued(actor, steps=4)
    perform(claimed(name), queue=queue)
    row = job(name)
    assert (row.state, row.result) == (JobState.DONE, {"created": 1, "prepared": 0})
    assert (row.stage, row.done, row.total) == ("写入", 4, 4)
    assert row.lease_until is None
    assert providers() == 1
    assert events(name) == ["job.queued", "job.done"]
    assert queue.last_beat(name) is None


def test_a_refusal_is_kept_in_words_and_its_writes_are_not(actor, queue):
    name = queued(actor, "trial.refuse")
    perform(claimed(name), queue=queue)
    row = job(name)
    assert row.state == JobState.FAILED
    assert json.loads(row.error) == {
        "code": "trial.refused", "text": "第%(row)s行不对。", "params": {"row": "7"}, "where": ""
    }  # fmt: skip
    assert providers() == 0
    assert events(name) == ["job.queued", "job.failed"]


def test_a_crash_fails_in_words(actor, queue, caplog):
    name = queued(actor, "trial.crash")
    perform(claimed(name), queue=queue)
    assert json.loads(job(name).error)["code"] == "job.crashed"
    assert "ZeroDivisionError" in caplog.text
    assert providers() == 0


def test_an_unknown_kind_fails_in_words(actor, queue):
    name = queued(actor, "trial.nobody")
    perform(claimed(name), queue=queue)
    assert json.loads(job(name).error)["code"] == "job.unknown_kind"


def test_an_account_disabled_meanwhile_does_nothing_more(actor, queue):
    name = queued(actor)
    with transaction():
        db.session.get_one(Account, actor.account_id).active = False
        jobs.audit.record(actor, "account.disabled", now=clock.now(), object_type="account")
    perform(claimed(name), queue=queue)
    assert json.loads(job(name).error)["code"] == "job.account_inactive"
    assert providers() == 0


def test_a_wish_to_cancel_is_seen_at_the_next_step(actor, queue):
    name = queued(actor)
    claim = claimed(name)
    jobs.signal_cancel(job(name))
    with transaction():
        jobs.ask_cancel(actor=actor, job=job(name), now=clock.now())
    perform(claim, queue=queue)
    assert job(name).state == JobState.CANCELLED
    assert providers() == 0
    assert not queue.is_cancel_asked(name)
    assert events(name) == ["job.queued", "job.cancel_asked", "job.cancelled"]


def test_a_waiting_job_is_cancelled_at_once(actor):
    name = queued(actor)
    with transaction():
        jobs.ask_cancel(actor=actor, job=job(name), now=clock.now())
    assert job(name).state == JobState.CANCELLED
    assert claimed(name) is None


def test_an_ended_job_is_not_cancelled(actor, queue):
    name = queued(actor)
    perform(claimed(name), queue=queue)
    with pytest.raises(jobs.WrongState) as refusal, transaction():
        jobs.ask_cancel(actor=actor, job=job(name), now=clock.now())
    assert refusal.value.code == "job.ended"


def test_a_leaving_worker_gives_its_job_back_without_counting_it(actor, queue):
    name = queued(actor)
    claim = claimed(name)
    stop = threading.Event()
    stop.set()
    perform(claim, queue=queue, stop=stop)
    assert (job(name).state, job(name).attempts, providers()) == (JobState.QUEUED, 0, 0)
    assert [queue.next(), queue.next()] == [name, name], "queued once, given back once"


def test_whoever_lost_the_lease_leaves_nothing_behind(actor, queue, caplog):
    name = queued(actor)
    first = claimed(name, "w1", lease=timedelta(0))
    with transaction():
        assert jobs.take_up(public_id=name, now=clock.now() + timedelta(seconds=1)) == JobState.QUEUED
    second = claimed(name, "w2")
    perform(first, queue=queue)
    assert (job(name).state, job(name).worker, providers()) == (JobState.RUNNING, "w2", 0)
    assert "taken over" in caplog.text
    perform(second, queue=queue)
    assert (job(name).state, providers()) == (JobState.DONE, 1)


def test_a_living_lease_is_left_alone(actor):
    name = queued(actor)
    claimed(name)
    with transaction():
        assert jobs.take_up(public_id=name, now=clock.now()) == ""
    assert job(name).state == JobState.RUNNING


def test_it_fails_in_words_after_the_third_lost_worker(actor):
    name = queued(actor)
    states = []
    for attempt in range(jobs.ATTEMPTS):
        claimed(name, f"w{attempt}", lease=timedelta(0))
        with transaction():
            states.append(jobs.take_up(public_id=name, now=clock.now() + timedelta(seconds=1)))
    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED]
    assert json.loads(job(name).error)["code"] == "job.worker_lost"


def test_a_lost_job_that_was_to_be_cancelled_is_cancelled(actor):
    name = queued(actor)
    claimed(name, lease=timedelta(0))
    with transaction():
        jobs.ask_cancel(actor=actor, job=job(name), now=clock.now())
    with transaction():
        state = jobs.take_up(public_id=name, now=clock.now() + timedelta(seconds=1))
    assert state == job(name).state == JobState.CANCELLED


def test_renewing_lengthens_only_ones_own_lease(actor):
    name = queued(actor)
    claim = claimed(name, lease=timedelta(0))
    with transaction():
        assert jobs.renew(claim=claim, now=clock.now())
        assert not jobs.renew(claim=jobs.Claim(name, "other", 1), now=clock.now())
    assert job(name).lease_until > clock.now()
