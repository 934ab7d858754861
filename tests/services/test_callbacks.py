"""Callbacks: a list by lot, one number at a time, every call written down."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from qualityeval.core.callback import Outcome, State
from qualityeval.core.codes import Role
from qualityeval.core.coverage import Rate
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from qualityeval.core.questionnaire import Unanswered
from qualityeval.core.sampling import ticket
from qualityeval.database import db, transaction
from qualityeval.models import Account, AuditEvent, Callback
from qualityeval.queries import callbacks as queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import callbacks as services
from qualityeval.services import campaigns
from tests.channel_rows import CONTENT
from tests.factories import create_account, create_actor, create_case, create_institution
from tests.kept import kept

MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # 10:00 on the office wall
SEED = "5" * 64
PHONE = "13812340000"


@pytest.fixture
@kept
def centre(session):
    """A manager, two callers, and a county of ten cases: eight with a phone, one sealed, one without a phone."""
    county = create_institution(code="330102")
    for number in range(10):
        phone = {"recipient_phone": PHONE, "recipient_phone_index": f"x{number}"} if number else {}
        create_case(institution=county, number=f"{number}", sealed=number == 9, **phone)
    callers = [create_account(role=Role.CALLER, institution=county) for _ in range(2)]
    return create_actor(institution=county), callers


def make(manager, callers, rate="1/2", *, first=date(2026, 1, 1), last=date(2026, 12, 31), **more):
    with transaction():
        return campaigns.make_list(
            actor=manager, wanted=campaigns.Wanted(first, last, Fraction(rate), **more), seed=SEED, now=MORNING,
            callers=[db.session.get_one(Account, one.id) for one in callers],
        )  # fmt: skip


def dial(actor, public_id, now=MORNING):
    with transaction():
        services.dial(actor=actor, callback=queries.get_for(actor, public_id), now=now)


def write(actor, public_id, outcome, *, now=MORNING, **more):
    with transaction():
        ended = services.Ended(outcome, **more)
        return services.write_outcome(
            actor=actor, callback=queries.get_for(actor, public_id), ended=ended, now=now
        )


def test_the_list_is_the_smallest_tickets_and_is_dealt_in_turn(centre):
    manager, callers = centre
    made = make(manager, callers)
    assert (made.listed, made.left_out) == (4, {"sealed": 1, "no_phone": 1})
    order = sorted(range(1, 9), key=lambda number: ticket(SEED, f"330102:{number}"))[:4]
    rows = db.session.execute(select(Callback).order_by(Callback.place)).scalars().all()
    assert [int(row.case.number) for row in rows] == order
    assert [row.caller_id for row in rows] == [callers[0].id, callers[1].id] * 2
    event = db.session.execute(
        select(AuditEvent.detail).where(AuditEvent.action == "callbacks.listed")
    ).scalar_one()
    assert SEED in event
    assert make(manager, callers, "1").listed == 4  # the other four; nobody twice
    with pytest.raises(InvalidInput) as refusal:
        make(manager, callers, "1")
    assert refusal.value.code == "callback.nobody"


@pytest.mark.parametrize(
    ("change", "where"),
    [({"rate": "0"}, "rate"), ({"rate": "3/2"}, "rate"), ({"first": date(2027, 1, 1)}, "closed_to")],
)
def test_a_list_that_can_not_be(centre, change, where):
    manager, callers = centre
    with pytest.raises(InvalidInput) as refusal:
        make(manager, callers, **change)
    assert refusal.value.where == where


def test_a_list_needs_callers_and_a_manager(centre):
    manager, callers = centre
    with pytest.raises(InvalidInput):
        make(manager, [])
    with pytest.raises(InvalidInput):
        make(manager, [create_account(role=Role.OBSERVER)])
    with pytest.raises(NotAllowed):
        make(actor_of(callers[0]), callers)


@pytest.fixture
def desk(centre):
    """A caller with four recipients, and the first of them."""
    manager, callers = centre
    make(manager, callers[:1])
    actor = actor_of(callers[0])
    return manager, actor, queries.current_for(actor, now=MORNING).public_id


def test_a_number_is_shown_by_dialling_once_and_the_log_says_so(desk):
    _manager, actor, first = desk
    dial(actor, first)
    dial(actor, first, MORNING + timedelta(minutes=1))
    row = queries.get_for(actor, first)
    assert row.dialled_at == MORNING
    events = db.session.execute(select(AuditEvent).where(AuditEvent.action == "callback.dialled")).scalars()
    assert [(one.actor, one.object_id) for one in events] == [(actor.name, first)]
    assert PHONE not in "".join(db.session.execute(select(AuditEvent.detail)).scalars())


def test_one_recipient_at_a_time(desk):
    _manager, actor, first = desk
    dial(actor, first)
    others = db.session.execute(select(Callback.public_id).where(Callback.public_id != first)).scalars().all()
    with pytest.raises(WrongState) as refusal:
        dial(actor, others[0])
    assert refusal.value.code == "callback.other"
    assert queries.current_for(actor, now=MORNING).public_id == first
    assert write(actor, first, "no_answer") is State.OPEN
    assert queries.current_for(actor, now=MORNING).public_id != first


def test_a_completed_call(desk):
    manager, actor, first = desk
    dial(actor, first)
    assert write(actor, first, "reached", answers={**CONTENT, "money_asked": "yes"}) is State.DONE
    row = queries.get_for(actor, first)
    assert (row.dialled_at, row.answers["overall"], row.alarms) == (None, "satisfied", ["money_asked"])
    figures = queries.tally_for(manager)
    assert (figures.listed, figures.reach, figures.response) == (4, Rate(1, 1), Rate(1, 4))
    assert (figures.satisfaction, figures.alarms) == (Rate(1, 1), 1)
    assert queries.own_tally(actor) == figures
    assert [one.caller for one in queries.by_caller_for(manager)] == [actor.display_name]
    with pytest.raises(WrongState):
        dial(actor, first)


def test_incomplete_answers_keep_the_call_open(desk):
    _manager, actor, first = desk
    dial(actor, first)
    with pytest.raises(Unanswered) as refusal:
        write(actor, first, "reached", answers={"who": "recipient"})
    assert refusal.value.missing[0] == "contact_given"
    assert queries.get_for(actor, first).attempts == []


def test_the_number_stays_hidden_without_dialling(desk):
    _manager, actor, first = desk
    with pytest.raises(WrongState) as refusal:
        write(actor, first, "no_answer")
    assert refusal.value.code == "callback.not_dialled"
    dial(actor, first)
    with pytest.raises(InvalidInput):
        write(actor, first, "sang")


def test_answers_of_a_call_that_reached_nobody_are_not_kept(desk):
    _manager, actor, first = desk
    dial(actor, first)
    write(actor, first, "refused", answers=CONTENT)
    row = queries.get_for(actor, first)
    assert (row.state, row.answers, row.answered_at) == ("refused", {}, None)


def test_an_appointment_is_kept(desk):
    _manager, actor, first = desk
    dial(actor, first)
    for wrong in (None, MORNING, MORNING - timedelta(hours=1), MORNING + timedelta(days=61)):
        with pytest.raises(InvalidInput):
            write(actor, first, "rescheduled", again_at=wrong)
    agreed = MORNING + timedelta(days=1, hours=1)
    write(actor, first, "rescheduled", again_at=agreed)
    with pytest.raises(WrongState) as refusal:
        dial(actor, first, agreed - timedelta(minutes=1))
    assert refusal.value.code == "callback.early"
    assert queries.current_for(actor, now=agreed).public_id == first  # agreed times come first
    dial(actor, first, agreed)


def test_twice_a_day_then_tomorrow_and_five_times_in_all(desk):
    _manager, actor, first = desk
    moments = [MORNING + timedelta(days=day, hours=hours) for day in range(3) for hours in (0, 4)]
    for number, moment in enumerate(moments[:5], start=1):
        dial(actor, first, moment)
        state = write(actor, first, "no_answer", now=moment)
        assert state is (State.UNREACHED if number == 5 else State.OPEN)
    assert [one.number for one in queries.get_for(actor, first).attempts] == [1, 2, 3, 4, 5]


def test_a_third_call_on_a_day_waits_for_midnight(desk):
    _manager, actor, first = desk
    for moment in (MORNING, MORNING + timedelta(hours=4)):
        dial(actor, first, moment)
        write(actor, first, "no_answer", now=moment)
    assert queries.get_for(actor, first).not_before == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)


def test_quiet_hours_hide_the_number(desk):
    _manager, actor, first = desk
    with pytest.raises(WrongState) as refusal:
        dial(actor, first, datetime(2026, 11, 25, 4, 30, tzinfo=UTC))  # 12:30
    assert refusal.value.code == "callback.quiet_hours"
    assert queries.get_for(actor, first).dialled_at is None


def test_another_caller_and_a_manager_get_no_number(desk):
    manager, _actor, first = desk
    other = create_actor(role=Role.CALLER)
    for actor in (other, manager):
        with pytest.raises(NotFound):
            queries.get_for(actor, first)
        assert queries.current_for(actor, now=MORNING) is None
    row = db.session.execute(select(Callback).filter_by(public_id=first)).scalar_one()
    with pytest.raises(NotAllowed), transaction():
        services.dial(actor=manager, callback=row, now=MORNING)


def test_the_queue_masks_names(desk):
    _manager, actor, first = desk
    dial(actor, first)
    write(actor, first, "no_answer")
    queue = queries.queue_for(actor, now=MORNING)
    assert [(one.name, one.attempts, one.last_outcome) for one in queue] == [
        ("王○○", 0, ""), ("王○○", 0, ""), ("王○○", 0, ""), ("王○○", 1, Outcome.NO_ANSWER),
    ]  # fmt: skip
    assert queries.waiting_for(actor, now=MORNING) == 3


def test_a_call_is_evidence(desk):
    _manager, actor, first = desk
    dial(actor, first)
    write(actor, first, "no_answer")
    with pytest.raises(RuntimeError, match="evidence"), transaction():
        queries.get_for(actor, first).attempts[0].outcome = "reached"
