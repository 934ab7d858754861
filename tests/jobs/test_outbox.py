"""Messages leave after the commit, once for each key, and come again when a gateway fails."""

from datetime import time, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from qualityeval import clock
from qualityeval.adapters.gateway_file import NAME, Gateways
from qualityeval.adapters.outgoing import Folder
from qualityeval.core.quiet_hours import QuietHours
from qualityeval.database import db, transaction
from qualityeval.jobs import outbox
from qualityeval.models import Outbox
from qualityeval.services import outbox as services

pytestmark = pytest.mark.usefixtures("session")
BODY = {"subject": "评估通知", "text": "请于10月8日前提交案卷。"}


class Gateway:
    """Remembers what it was given; fails as often as told."""

    def __init__(self, failures=0):
        self.sent, self.failures = [], failures

    def send(self, *, key, recipient, body):
        if self.failures:
            self.failures -= 1
            raise ConnectionRefusedError("mail server away")
        self.sent.append((key, recipient, body["text"]))


def only(gateway):
    """One channel, no quiet hours."""
    return Gateways({"mail": gateway}, QuietHours(time(0), time(0)))


def post(key="round.released:R1"):
    with transaction():
        return services.post(key=key, channel="mail", recipient="a@example.org", body=BODY, now=clock.now())


def row():
    db.session.expire_all()
    return db.session.execute(select(Outbox)).scalar_one()


def test_sent_once():
    gateway = Gateway()
    assert post()
    assert outbox.send_waiting(only(gateway)) == 1
    assert outbox.send_waiting(only(gateway)) == 0
    assert gateway.sent == [("round.released:R1", "a@example.org", BODY["text"])]
    assert row().sent_at is not None


def test_the_same_cause_posts_nothing_twice():
    assert post()
    assert not post()
    gateway = Gateway()
    assert outbox.send_waiting(only(gateway)) == 1


def test_nothing_leaves_when_the_cause_is_rolled_back():
    def cause():
        with transaction():
            services.post(key="k", channel="mail", recipient="a", body=BODY, now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cause()
    gateway = Gateway()
    assert outbox.send_waiting(only(gateway)) == 0
    assert gateway.sent == []


def test_a_failed_one_waits_and_comes_again(time_machine):
    gateway = Gateway(failures=1)
    post()
    assert outbox.send_waiting(only(gateway)) == 0
    assert (row().attempts, row().last_error) == (1, "ConnectionRefusedError: mail server away")
    assert outbox.send_waiting(only(gateway)) == 0, "not before its pause is over"
    time_machine.move_to(clock.now() + timedelta(minutes=2))
    assert outbox.send_waiting(only(gateway)) == 1
    assert row().last_error is None


def test_it_gives_up_after_the_last_pause_and_keeps_the_reason(time_machine):
    gateway = Gateway(failures=99)
    post()
    for _ in range(10):
        outbox.send_waiting(only(gateway))
        time_machine.move_to(clock.now() + timedelta(days=1))
    assert row().attempts == len(services.PAUSES) + 1
    assert row().sent_at is None


def test_of_two_senders_one_takes_it():
    post()
    now = clock.now()
    with transaction():
        first = services.take(message=row().id, now=now)
        second = services.take(message=row().id, now=now)
    assert first is not None
    assert second is None


def test_one_whose_sender_died_comes_again_under_the_same_key():
    post()
    with transaction():
        services.take(message=row().id, now=clock.now() - services.LEASE - timedelta(seconds=1))
    gateway = Gateway()
    assert outbox.send_waiting(only(gateway)) == 1
    assert gateway.sent[0][0] == "round.released:R1"


def test_a_channel_that_is_not_there_yet_costs_no_try():
    post()
    assert outbox.send_waiting(Gateways({})) == 0
    assert row().attempts == 0
    assert outbox.send_waiting(only(Gateway())) == 1


@pytest.mark.parametrize("hour", [13, 14, 23], ids=["21:00", "22:00", "07:00"])
def test_telephones_are_silent_at_night_and_letters_go(time_machine, hour):
    """UTC hours; office time is eight hours later."""
    time_machine.move_to(clock.now().replace(hour=hour, minute=0, second=0))
    gateway = Gateway()
    with transaction():
        for channel in ("sms", "robot", "mail"):
            services.post(key=channel, channel=channel, recipient="1", body=BODY, now=clock.now())
    is_night = hour == 14
    assert outbox.send_waiting(Gateways(dict.fromkeys(("sms", "robot", "mail"), gateway))) == (
        1 if is_night else 3
    )
    assert {key for key, *_ in gateway.sent} == ({"mail"} if is_night else {"sms", "robot", "mail"})


def test_the_address_follows_the_text(app):
    with transaction():
        services.post(key="k", channel="mail", recipient="a", body={**BODY, "path": "/todo"}, now=clock.now())
    gateway = Gateway()
    outbox.send_waiting(only(gateway))
    assert gateway.sent[0][2] == f"{BODY['text']} {app.config['URL']}/todo"


def test_a_gateway_file_that_cannot_be_read_sends_nothing_and_loses_nothing(app):
    path = app.config["HOME"] / NAME
    path.write_text("mail: {server: nowhere}")
    try:
        post()
        assert outbox.send_waiting() == 0
        assert (row().attempts, row().sent_at) == (0, None)
    finally:
        path.unlink()


def test_without_a_server_letters_lie_in_a_folder(app):
    post()
    assert outbox.send_waiting() == 1
    (file,) = (app.config["HOME"] / "outgoing").iterdir()
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (letter["Subject"], letter["To"]) == (BODY["subject"], "a@example.org")
    assert letter.get_content().strip() == BODY["text"]


def test_the_same_letter_again_replaces_itself(tmp_path):
    folder = Folder(tmp_path / "out")
    for _ in range(2):
        folder.send(key="k:1", recipient="a@example.org", body=BODY)
    assert len(list((tmp_path / "out").iterdir())) == 1
