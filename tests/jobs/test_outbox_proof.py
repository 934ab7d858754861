"""The outbox under kills and bad gateways (threat list CR7): none lost, each recipient served once after dedupe."""

import multiprocessing
import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from config import from_environment
from qualityeval import clock
from qualityeval.adapters.gateway_file import Gateways
from qualityeval.app import create_app
from qualityeval.core.quiet_hours import QuietHours
from qualityeval.database import db, transaction
from qualityeval.jobs import outbox
from qualityeval.models import Outbox
from qualityeval.services import outbox as services
from tests.databases import close
from tests.jobs import outbox_works

AWAKE = QuietHours(*([QuietHours().start] * 2))


MOODS = {
    "well": 80,
    "down": 6,
    "slow": 4,
    "twice": 6,
    "killed before": 2,
    "killed after": 2,
}  # of a hundred sendings


class Killed(BaseException):
    """The process ends here: nothing after it runs."""


class Moody:
    """Accepts, is down, accepts and breaks off, accepts twice, or kills its caller before or after accepting."""

    def __init__(self, dice):
        self.dice, self.accepted = dice, []

    def send(self, *, key, recipient, body):
        del body
        (mood,) = self.dice.choices(list(MOODS), list(MOODS.values()))
        if mood == "killed before":
            raise Killed
        if mood == "down":
            raise ConnectionRefusedError("down")
        self.accepted += [(key, recipient)] * (2 if mood == "twice" else 1)
        if mood == "slow":  # accepted, but the answer didn't come in time
            raise TimeoutError("no answer in 20 s")
        if mood == "killed after":
            raise Killed


def post(count):
    with transaction():
        for number in range(count):
            services.post(
                key=f"k{number}",
                channel="sms",
                recipient=f"1{number:010d}",
                body={"text": "x"},
                now=clock.now(),
            )


def unsent():
    db.session.rollback()
    return db.session.execute(
        select(func.count()).select_from(Outbox).where(Outbox.sent_at.is_(None))
    ).scalar_one()


@pytest.mark.proof("outbox-kills", heavy=True)
def test_none_is_lost_and_a_gateway_that_knows_keys_serves_each_once(
    session, proof_count, time_machine, monkeypatch
):
    count, gateway = proof_count(1000), Moody(random.Random(7))
    monkeypatch.setattr(
        services, "PAUSES", (timedelta(minutes=1),) * 30
    )  # the moods, not the patience, are tried
    post(count)
    for _pass in range(2 * count):
        if not unsent():
            break
        try:
            outbox.send_waiting(Gateways({"sms": gateway}, AWAKE))
        except Killed:
            db.session.rollback()
        time_machine.move_to(clock.now() + timedelta(minutes=3))
    assert unsent() == 0
    served = Counter(key for key, _recipient in gateway.accepted)
    assert len(served) == count, "somebody got nothing"
    assert len(set(gateway.accepted)) == count, "a key went to two recipients"


def wait_for(spool, *, lines, worker):
    """Until so many messages were accepted, however slow the machine is, or the worker has ended."""
    while worker.is_alive() and _lines(spool) < lines:
        worker.join(0.005)


def _lines(spool):
    return spool.read_bytes().count(b"\n") if spool.is_file() else 0


@pytest.mark.proof("outbox-kills", heavy=True)
def test_a_worker_killed_for_good_loses_nothing(
    live_database, proof_count, tmp_path, time_machine, record_property
):
    """SIGKILL, again and again, while real processes send a thousand messages to a spool on disk."""
    count, spool = proof_count(1000), tmp_path / "spool"
    app = create_app(from_environment(live_database.environment).mapping())
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["qualityeval.app", "tests.jobs.outbox_works"])
    kills, dice = 0, random.Random(11)
    with app.app_context():
        post(count)
        while unsent() > count // 20:
            worker = context.Process(target=outbox_works.send, args=(dict(live_database.environment), spool))
            worker.start()
            wait_for(spool, lines=_lines(spool) + dice.randint(10, 90), worker=worker)
            if worker.is_alive():
                worker.kill()
                kills += 1
            worker.join()
        time_machine.move_to(clock.now() + timedelta(minutes=3))  # the leases of the dead run out
        while outbox.send_waiting(Gateways({"sms": outbox_works.Spool(spool)}, AWAKE)):
            pass
        left = unsent()
        db.session.remove()
    close(app)
    lines = [tuple(line.split("\t")[:2]) for line in spool.read_text(encoding="utf-8").splitlines()]
    record_property(
        "kills", f"{kills} kills, {len(lines) - count} sent again under their own key, 0 of {count} lost"
    )
    assert left == 0
    assert len(set(lines)) == count
    assert len(lines) - count <= kills, "sent again without a kill"
    assert kills >= count // 100
