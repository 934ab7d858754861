"""Complaints from grave answers, requests for papers: opened, answered, sent back, closed by a second person."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, RuleViolation, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import Account, AuditEvent, FollowUp
from qualityeval.queries import callbacks as callback_queries
from qualityeval.queries import follow_ups as queries
from qualityeval.queries import observations as hearing_queries
from qualityeval.queries import todo
from qualityeval.queries.accounts import actor_of
from qualityeval.services import callbacks, observations
from qualityeval.services import follow_ups as services
from tests.channel_rows import CONTENT, FULL_MARKS, create_callback, create_follow_up, create_observation
from tests.factories import create_account, create_actor, create_case, create_institution

MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # Wednesday 10:00
LATER = datetime(2026, 12, 11, 2, 0, tzinfo=UTC)  # two working days past the last day


@pytest.fixture
def office(session):
    """Two managers and a caller of a city, a case of one of its counties."""
    city = create_institution(code="330100")
    county = create_institution(code="330102", parent=city)
    caller = create_account(role=Role.CALLER, institution=city)
    return (
        create_actor(institution=city),
        create_actor(institution=city),
        caller,
        create_case(institution=county),
    )


def called(caller, case, **said):
    row = create_callback(case=case, account=db.session.get_one(Account, caller.id))
    actor = actor_of(caller)
    with transaction():
        callbacks.dial(actor=actor, callback=callback_queries.get_for(actor, row.public_id), now=MORNING)
    with transaction():
        callbacks.write_outcome(
            actor=actor, callback=callback_queries.get_for(actor, row.public_id), now=MORNING,
            ended=callbacks.Ended("reached", answers={**CONTENT, **said}),
        )  # fmt: skip
    db.session.expire_all()
    return db.session.execute(select(FollowUp)).scalar_one_or_none()


def act(verb, actor, row, **more):
    with transaction():
        verb(actor=actor, follow_up=queries.get_for(actor, row.public_id, lock=True), now=MORNING, **more)


def test_a_grave_answer_opens_a_complaint_for_the_body_that_called(office):
    first, second, caller, case = office
    row = called(caller, case, money_asked="yes", overall="very_dissatisfied")
    assert (row.kind, row.facts, row.due_on) == ("complaint", ["money_asked"], date(2026, 12, 9))
    assert row.institution.code == "330100"
    assert "follow_up.opened" in db.session.execute(select(AuditEvent.action)).scalars().all()
    county = create_actor(institution=case.institution)
    with pytest.raises(NotFound):  # the evaluated body doesn't see what the city was told
        queries.get_for(county, row.public_id)
    lines = [one for one in todo.lines_for(first, now=MORNING) if one.kind == "follow_up"]
    assert [(one.count, one.due.date()) for one in lines] == [(1, date(2026, 12, 9))]
    act(services.answer, first, row, text="已约谈律师，退还 200 元", proof="谈话笔录 3 页，退款收据")
    assert not [one for one in todo.lines_for(first, now=MORNING) if one.kind == "follow_up"]
    assert [one.count for one in todo.lines_for(second, now=MORNING) if one.kind == "follow_up"] == [1]


def test_a_content_recipient_opens_nothing(office):
    _first, _second, caller, case = office
    assert called(caller, case, case_outcome="very_dissatisfied") is None


def test_a_lawyer_who_did_not_come_opens_one_too(office):
    _first, _second, caller, case = office
    place = db.session.get_one(Account, caller.id).institution
    observer = create_account(role=Role.OBSERVER, institution=place)
    row = create_observation(
        case=case, account=observer, mode="live", answers={**FULL_MARKS, "attended": "absent"}
    )
    with transaction():
        actor = actor_of(observer)
        observations.submit_observation(
            actor=actor, observation=hearing_queries.get_for(actor, row.public_id), now=MORNING
        )
    made = db.session.execute(select(FollowUp)).scalar_one()
    assert (made.source, made.source_key, made.facts) == ("observation", row.public_id, ["attended"])


def test_the_writer_of_the_answer_can_not_close(office):
    first, second, caller, case = office
    row = called(caller, case, met_times="never")
    act(services.answer, first, row, text="已查", proof="会见笔录")
    for who, code in ((first, "follow_up.own"), (COMMAND_LINE, "follow_up.account_needed")):
        for verb, more in ((services.close, {}), (services.send_back, {"reason": "不足"})):
            with pytest.raises(RuleViolation) as refusal:
                act(verb, who, row, **more)
            assert refusal.value.code == code
    act(services.send_back, second, row, reason="没有会见笔录原件")
    assert (row.state, row.sent_back, row.answered_by_id) == ("open", "没有会见笔录原件", None)
    act(services.answer, first, row, text="补了", proof="会见笔录原件")
    act(services.close, second, row)
    assert (row.state, row.closed_by_id) == ("closed", second.account_id)
    with pytest.raises(WrongState):
        act(services.answer, first, row, text="再答", proof="x")


def test_overdue_ones_stand_first(office):
    first, _second, _caller, case = office
    days = {"a": date(2026, 12, 20), "b": date(2026, 12, 9), "c": date(2026, 11, 1)}
    for key, day in days.items():
        closed = {"state": "closed", "answered_at": MORNING, "closed_at": MORNING} if key == "c" else {}
        create_follow_up(case=case, source_key=key, due_on=day, **closed)
    rows = queries.list_for(first, now=LATER)
    assert [(one.due_on, one.late) for one in rows] == [(days["b"], 2), (days["a"], 0), (days["c"], 0)]
    assert queries.count_for(first, state=queries.OVERDUE, now=LATER) == 1


def test_papers_are_asked_for_once_and_answered_by_the_institution(office):
    first, second, _caller, case = office
    with transaction():
        row = services.ask_for_papers(actor=first, case=case, facts=["hearing_record"], note="", now=MORNING)
    assert (row.institution_id, row.due_on) == (case.institution_id, date(2026, 12, 16))
    with pytest.raises(WrongState), transaction():
        services.ask_for_papers(actor=first, case=case, facts=["x"], note="", now=MORNING)
    with pytest.raises(InvalidInput), transaction():
        services.ask_for_papers(actor=first, case=case, facts=[], note=" ", now=MORNING)
    liaison = create_actor(role=Role.LIAISON, institution=case.institution)
    complaint = create_follow_up(case=case, kind="complaint", source="callback")
    with pytest.raises(NotFound):
        queries.get_for(liaison, complaint.public_id)
    with pytest.raises(InvalidInput):
        act(services.answer, liaison, row, text="", proof="x")
    act(services.answer, liaison, row, text="已补", proof="庭审笔录")
    with pytest.raises(NotAllowed):
        act(services.close, liaison, row)
    act(services.close, second, row)
    with transaction():
        services.ask_for_papers(actor=first, case=case, facts=[], note="页码不全", now=MORNING)
