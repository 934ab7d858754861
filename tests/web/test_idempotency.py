"""The same press twice does the thing once, alone and at the same moment."""

import io
import threading

import pytest
from flask import g
from sqlalchemy import func, select

from config import from_environment
from qualityeval import clock
from qualityeval.app import create_app
from qualityeval.core.errors import WrongState
from qualityeval.database import db
from qualityeval.models import IdempotencyKey, Provider
from qualityeval.services import audit
from qualityeval.web import idempotency
from qualityeval.web.guards import acting
from tests.databases import close
from tests.factories import create_actor

DONE = "/providers/1"


def work():
    """Adds one row with a free name, so that twice would show."""
    count = db.session.execute(select(func.count()).select_from(Provider)).scalar_one()
    db.session.add(Provider(name=f"provider {count}", created_at=clock.now()))
    audit.record(acting(), "provider.created", now=clock.now(), object_type="provider")
    db.session.flush()
    return DONE


def press(app, actor, key="k1", work=work, **fields):
    with app.test_request_context("/providers", method="POST", data={"once": key, **fields}):
        g.actor = actor
        return idempotency.once(work)


def providers():
    return db.session.execute(select(func.count()).select_from(Provider)).scalar_one()


@pytest.fixture
def actor(session):
    return create_actor()


def test_twice_leads_to_the_same_page(app, actor):
    answers = [press(app, actor, name="甲", csrf_token=token) for token in ("one", "two")]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, DONE)] * 2
    assert providers() == 1


def test_another_key_does_it_again(app, actor):
    press(app, actor, "k1")
    press(app, actor, "k2")
    assert providers() == 2


@pytest.mark.parametrize("other", [{"name": "乙"}, {"name": "甲", "more": ""}, {}])
def test_other_content_under_the_key_is_refused(app, actor, other):
    press(app, actor, name="甲")
    with pytest.raises(WrongState) as refusal:
        press(app, actor, **other)
    assert refusal.value.code == "form.key_used"
    assert providers() == 1


def test_content_is_told_apart_by_its_files(app, actor):
    press(app, actor, file=(io.BytesIO(b"one"), "a.csv"))
    press(app, actor, file=(io.BytesIO(b"one"), "a.csv"))
    with pytest.raises(WrongState):
        press(app, actor, file=(io.BytesIO(b"two"), "a.csv"))
    assert providers() == 1


def test_the_work_reads_the_file_from_its_start(app, actor):
    from flask import request

    seen = []

    def reading():
        seen.append(request.files["file"].read())
        return work()

    press(app, actor, work=reading, file=(io.BytesIO(b"rows"), "a.csv"))
    assert seen == [b"rows"]


def test_another_accounts_key_is_refused(app, actor):
    press(app, actor)
    with pytest.raises(WrongState):
        press(app, create_actor())


@pytest.mark.parametrize("key", ["", "k" * 65])
def test_a_form_without_a_key_is_refused(app, actor, key):
    with pytest.raises(idempotency.services.InvalidInput):
        press(app, actor, key)
    assert providers() == 0


def test_work_that_fails_leaves_the_key_free(app, actor):
    def failing():
        work()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        press(app, actor, work=failing)
    press(app, actor)
    assert providers() == 1


def test_two_at_the_same_moment(live_database):
    app = create_app(from_environment(live_database.environment).mapping())
    with app.app_context():
        actor = create_actor()
        db.session.remove()
    barrier, answers = threading.Barrier(4), []

    def one():
        barrier.wait()
        answers.append(press(app, actor).location)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert answers == [DONE] * 4
        assert providers() == 1
        assert db.session.execute(select(func.count()).select_from(IdempotencyKey)).scalar_one() == 1
    close(app)
