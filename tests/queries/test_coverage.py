"""Rates of the channels by institution, every figure counted by hand from the rows below."""

from datetime import date
from fractions import Fraction

import pytest

from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.core.coverage import Rate
from qualityeval.database import transaction
from qualityeval.models import CallAttempt, FrameCase, SampledCase
from qualityeval.queries import coverage as queries
from qualityeval.services import audit
from tests.channel_rows import create_callback, create_observation, create_opinion
from tests.factories import (
    NOW,
    create_account,
    create_actor,
    create_case,
    create_institution,
    create_round,
)
from tests.kept import kept

YEAR = queries.Period(date(2026, 1, 1), date(2026, 12, 31))
PHONE = {"recipient_phone": "13812340000", "recipient_phone_index": "x"}


def call(callback, *outcomes):
    with transaction() as session:
        for number, outcome in enumerate(outcomes, start=1):
            session.add(CallAttempt(callback_id=callback.id, number=number, at=NOW, outcome=outcome))
        audit.record(COMMAND_LINE, "callback.called", now=NOW, object_type="callback")


def sample(case, round_):
    with transaction() as session:
        framed = FrameCase(round_id=round_.id, case_id=case.id, key="x", stratum="-", rubric="r@1")
        session.add(framed)
        session.flush()
        session.add(
            SampledCase(
                round_id=round_.id,
                frame_case_id=framed.id,
                stratum="-",
                place=1,
                ticket="0" * 64,
                weight_numerator=1,
                weight_denominator=1,
            )
        )
        audit.record(COMMAND_LINE, "draw.made", now=NOW, object_type="round")


@pytest.fixture
@kept
def world(session):
    city = create_institution(code="330100", level="city")
    near, far = (create_institution(code=code, parent=city) for code in ("330102", "330105"))
    cases = [
        create_case(
            institution=near, number=f"{number}", sealed=number == 5, organ="法院" if number < 3 else "",
            hearing_on=date(2026, 5, 1) if number < 4 else None, **(PHONE if number != 4 else {}),
        )
        for number in range(6)
    ]  # fmt: skip
    create_case(institution=near, number="old", closed_on=date(2025, 12, 31), **PHONE)
    elsewhere = create_case(institution=far, number="1", hearing_held=True, **PHONE)
    return city, near, cases, elsewhere


def by_code(actor, period=YEAR):
    rows, together = queries.coverage_for(actor, period)
    return {row.code: row for row in rows}, together


def test_nothing_done_has_denominators_already(world):
    city, _near, _cases, _elsewhere = world
    rows, together = by_code(create_actor(institution=city))
    near = rows["330102"]
    assert near.drawn == Rate(0, 6)  # the case closed in 2025 is outside
    assert near.observed == Rate(0, 4)
    assert near.asked == Rate(0, 3, {"no_organ": 3})
    assert near.called == Rate(0, 4, {"sealed": 1, "no_phone": 1})
    assert near.replied == near.reached == Rate(0, 0)
    assert rows["330105"].observed == Rate(0, 1)  # held, no date: by its closing
    assert (together.drawn, together.called.eligible) == (Rate(0, 7), 5)


def test_a_case_counts_once_however_often_it_was_drawn(world):
    city, near, cases, _elsewhere = world
    for state in ("scoring", "released", "withdrawn", "draft"):
        sample(cases[0], create_round(institution=near, state=state))
    sample(cases[1], create_round(institution=near, state="withdrawn"))
    assert by_code(create_actor(institution=city))[0]["330102"].drawn == Rate(1, 6)


def test_hearings(world):
    city, near, cases, _elsewhere = world
    observers = [create_account(role=Role.OBSERVER, institution=near) for _ in range(2)]
    done = {"submitted_at": NOW, "hearing_on": date(2026, 5, 1)}
    for one in observers:  # two observers at one hearing: one case
        create_observation(case=cases[0], account=one, state="submitted", **done)
    shut = {**done, "state": "closed_hearing"}
    create_observation(case=cases[1], account=observers[0], closed_reason="minor", **shut)
    create_observation(
        case=cases[0],
        account=observers[0],
        closed_reason="privacy",
        **{**shut, "hearing_on": date(2026, 5, 2)},
    )
    create_observation(case=cases[2], account=observers[0])  # only planned
    # heard although the register doesn't say so: the record tells
    create_observation(case=cases[5], account=observers[0], state="submitted", **done)
    create_observation(
        case=cases[3], account=observers[0], state="submitted", submitted_at=NOW, hearing_on=date(2025, 5, 1)
    )
    row = by_code(create_actor(institution=city))[0]["330102"]
    assert row.observed == Rate(2, 5)
    assert row.observed_open == Rate(2, 4, {"minor": 1})


def test_opinions(world):
    city, _near, cases, _elsewhere = world
    create_opinion(case=cases[0], answered_at=NOW)
    create_opinion(case=cases[0])
    create_opinion(case=cases[1])
    create_opinion(case=cases[2], revoked_at=NOW)
    create_opinion(case=cases[3])  # the register names no organ, yet one was asked
    row = by_code(create_actor(institution=city))[0]["330102"]
    assert (row.asked, row.replied) == (Rate(3, 4, {"no_organ": 2}), Rate(1, 3))


def test_callbacks(world):
    city, _near, cases, _elsewhere = world
    call(create_callback(case=cases[0], state="done", answered_at=NOW), "no_answer", "reached")
    call(create_callback(case=cases[1]), "no_answer", "no_answer")
    call(create_callback(case=cases[2], state="refused"), "refused")
    create_callback(case=cases[3])  # listed, not called
    create_callback(
        case=cases[5], state="done", answered_at=NOW, means="visit"
    )  # sealed, visited all the same
    row = by_code(create_actor(institution=city))[0]["330102"]
    assert row.called == Rate(4, 5, {"no_phone": 1})
    assert row.reached == Rate(2, 3)
    assert row.called.share == Fraction(4, 5)


def test_a_manager_sees_the_own_subtree_and_others_nothing(world):
    _city, near, _cases, elsewhere = world
    assert set(by_code(create_actor(institution=near))[0]) == {"330102"}
    assert by_code(create_actor(institution=elsewhere.institution))[1].drawn == Rate(0, 1)
    rows, together = by_code(create_actor(role=Role.CALLER, institution=near))
    assert (rows, together.drawn) == ({}, Rate(0, 0))


def test_another_period(world):
    city, _near, _cases, _elsewhere = world
    rows, _together = by_code(
        create_actor(institution=city), queries.Period(date(2025, 1, 1), date(2025, 12, 31))
    )
    assert {code: row.drawn for code, row in rows.items()} == {"330102": Rate(0, 1)}
