"""A recipient's link: sent, exchanged once, answered once, declined; who gets none (threat list TK1, TK3, PR6, PR7)."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import inspect, select, text

from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, WrongState
from qualityeval.core.self_service import Way
from qualityeval.database import db, transaction
from qualityeval.jobs.outbox import _with_link
from qualityeval.models import Account, Callback, FollowUp, Outbox, RecipientLink
from qualityeval.queries import callbacks as callback_queries
from qualityeval.queries import recipient_links as queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import callbacks, campaigns
from qualityeval.services import recipient_links as services
from qualityeval.services.one_time import LinkDead
from tests.channel_rows import CONTENT, create_callback
from tests.factories import create_account, create_actor, create_case, create_institution

MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PHONE = {"recipient_phone": "13812340000", "recipient_phone_index": "p1"}


@pytest.fixture
def office(session):
    county = create_institution(code="330102")
    return create_actor(institution=county), county


def listed(county, **fields):
    return create_callback(case=create_case(institution=county, **{**PHONE, **fields}))


def send(manager, callback, *, way=Way.SMS, days=7, guardian=False, now=MORNING):
    with transaction():
        row = services.send(
            actor=manager, callback=db.session.get_one(Callback, callback.id), way=way, days=days,
            guardian=guardian, now=now,
        )  # fmt: skip
        return services.token_of(row.public_id)


def do(verb, **more):
    with transaction():
        return verb(**more)


def opened(manager, callback, **more):
    return do(services.exchange, token=send(manager, callback, **more), now=MORNING)


def state_of(callback):
    db.session.expire_all()
    return db.session.get_one(Callback, callback.id)


def test_an_answer_by_link(office):
    manager, county = office
    row = listed(county)
    token = send(manager, row)
    assert len(token) == 32  # 24 bytes as base64url: 192 bits
    held = do(services.exchange, token=token, now=MORNING)
    with pytest.raises(LinkDead):
        do(services.exchange, token=token, now=MORNING)
    said = {**CONTENT, "met_times": "never"}
    assert do(services.answer, session_token=held, given=said, now=MORNING) is True
    assert do(services.answer, session_token=held, given=CONTENT, now=MORNING) is False
    done = state_of(row)
    assert (done.state, done.means, done.answers["met_times"]) == ("done", "online", "never")
    assert db.session.execute(select(FollowUp.facts)).scalar_one() == ["met_times"]


def test_no_table_holds_a_token_that_opens(office):
    manager, county = office
    token = send(manager, listed(county))
    for table in inspect(db.engine).get_table_names():
        rows = db.session.execute(text(f'SELECT * FROM "{table}"')).all()
        assert token not in repr(rows), table
    body = db.session.execute(select(Outbox.body)).scalar_one()
    assert _with_link(body)["text"].endswith(f"/r/{token}")


def test_to_the_second(office):
    manager, county = office
    token = send(manager, listed(county), days=1)
    with pytest.raises(LinkDead):
        do(services.exchange, token=token, now=MORNING + timedelta(days=1))
    held = do(services.exchange, token=token, now=MORNING + timedelta(days=1) - SECOND)
    with pytest.raises(LinkDead):
        services.of_session(session_token=held, now=MORNING + timedelta(days=1, minutes=60) - SECOND)


def test_taken_back_and_sent_again(office):
    manager, county = office
    row = listed(county)
    first = send(manager, row)
    second = send(manager, row)
    with pytest.raises(LinkDead):
        do(services.exchange, token=first, now=MORNING)
    held = do(services.exchange, token=second, now=MORNING)
    link = queries.usable_of(row)[0]
    with transaction():
        services.revoke(actor=manager, link=queries.get_for(manager, link.public_id, lock=True), now=MORNING)
    with pytest.raises(LinkDead):
        do(services.answer, session_token=held, given=CONTENT, now=MORNING)


def test_not_this_person_ends_the_number_too(office):
    manager, county = office
    row = listed(county)
    held = opened(manager, row)
    assert do(services.not_me, session_token=held, now=MORNING)
    assert state_of(row).state == "unreached"
    assert not do(services.answer, session_token=held, given=CONTENT, now=MORNING)
    with pytest.raises(WrongState):
        send(manager, row)


def test_an_opt_out_holds_for_every_list(office):
    manager, county = office
    row, other = listed(county, number="1"), listed(county, number="2")
    create_case(institution=county, number="3", closed_on=date(2026, 3, 1), **PHONE)
    someone = create_case(
        institution=county, number="4", closed_on=date(2026, 3, 1), recipient_phone="13900000000",
        recipient_phone_index="p2",
    )  # fmt: skip
    do(services.opt_out, session_token=opened(manager, row), now=MORNING)
    assert [state_of(one).state for one in (row, other)] == ["refused", "refused"]
    with pytest.raises(WrongState):
        send(manager, other)
    caller = create_account(role=Role.CALLER, institution=county)
    with transaction():
        made = campaigns.make_list(
            actor=manager, wanted=campaigns.Wanted(date(2026, 1, 1), date(2026, 12, 31), Fraction(1)),
            callers=[db.session.get_one(Account, caller.id)], seed="5" * 64, now=MORNING,
        )  # fmt: skip
    assert (made.listed, made.left_out) == (1, {"opted_out": 1})
    assert callback_queries.current_for(actor_of(caller), now=MORNING).case_id == someone.id


def test_an_opt_out_on_the_phone(office):
    manager, county = office
    caller = create_account(role=Role.CALLER, institution=county)
    row = create_callback(case=create_case(institution=county, **PHONE), account=caller)
    actor = actor_of(caller)
    with transaction():
        callbacks.dial(actor=actor, callback=callback_queries.get_for(actor, row.public_id), now=MORNING)
    with transaction():
        callbacks.write_outcome(
            actor=actor, callback=callback_queries.get_for(actor, row.public_id), now=MORNING,
            ended=callbacks.Ended("third_party", opt_out=True),
        )  # fmt: skip
    assert state_of(row).state == "refused"
    assert (
        callback_queries.candidates_for(manager, closed_from=date(2026, 1, 1), closed_to=date(2026, 12, 31))
        == []
    )


@pytest.mark.parametrize("minor", [{"recipient_born_on": date(2010, 1, 1)}, {"sealed": True}])
def test_a_minor_is_asked_through_the_guardian(office, minor):
    manager, county = office
    row = listed(county, **minor)
    with pytest.raises(InvalidInput) as refusal:
        send(manager, row)
    assert refusal.value.where == "guardian"
    held = opened(manager, row, guardian=True, way=Way.LETTER)
    with pytest.raises(InvalidInput) as refusal:
        do(services.answer, session_token=held, given=CONTENT, now=MORNING)
    assert refusal.value.where == "who"
    assert do(services.answer, session_token=held, given={**CONTENT, "who": "guardian"}, now=MORNING)


def test_sending_to_many_says_who_was_left_out(office):
    manager, county = office
    listed(county)
    listed(county, recipient_phone_index="p3", recipient_born_on=date(2015, 1, 1))
    listed(county, recipient_phone=None, recipient_phone_index=None)
    with transaction():
        rows = queries.open_callbacks(manager, limit=10)
        sent, left_out = services.send_all(actor=manager, rows=rows, way=Way.SMS, days=7, now=MORNING)
    assert (sent, left_out) == (1, {"minor": 1, "no_phone": 1})
    assert len(queries.open_callbacks(manager, limit=10)) == 2
    assert queries.figures_for(manager).sent == 1
    assert db.session.execute(select(RecipientLink)).scalar_one().way == "sms"


def test_phone_and_online_stand_apart(office):
    manager, county = office
    online = listed(county, number="1")
    do(services.answer, session_token=opened(manager, online), given=CONTENT, now=MORNING)
    send(manager, listed(county, number="2", recipient_phone_index="p2"))
    found = queries.means_for(manager)
    assert set(found) == {"online"}
    assert (found["online"].asked, found["online"].answered, found["online"].satisfied) == (2, 1, 1)
