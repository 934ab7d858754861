"""Follow-ups: what is grave, the last day, the allowed moves."""

from datetime import date

import pytest

from qualityeval.adapters.form_files import CALLBACK, OBSERVATION, shipped_form
from qualityeval.core.errors import WrongState
from qualityeval.core.follow_up import FollowUpAct, FollowUpKind, after, due_on, grave, overdue_days
from qualityeval.core.office_calendar import EXTRA, HOLIDAYS
from qualityeval.core.working_days import between
from tests.channel_rows import CONTENT, FULL_MARKS


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ({}, ()),
        ({"money_asked": "yes"}, ("money_asked",)),
        (
            {"met_times": "never", "attended": "missed", "complaint": "yes"},
            ("met_times", "attended", "complaint"),
        ),
        (
            {"overall": "very_dissatisfied", "case_outcome": "very_dissatisfied"},
            (),
        ),  # a judgement names no fact
        ({"money_asked": "unwilling"}, ()),
    ],
)
def test_grave_answers_of_a_callback(said, facts):
    assert grave(shipped_form(CALLBACK), {**CONTENT, **said}) == facts


def test_grave_facts_of_a_hearing():
    assert grave(shipped_form(OBSERVATION), {**FULL_MARKS, "attended": "absent"}) == ("attended",)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 25), date(2026, 12, 9)),  # Wednesday; two plain weeks
        (date(2026, 9, 23), date(2026, 10, 14)),  # by hand: 24 Sep · 28 29 30 Sep · 8 9 10(Sat) 12 13 14 Oct
        (date(2026, 2, 12), date(2026, 3, 4)),  # by hand: 13 14(Sat) · 24 25 26 27 28(Sat) Feb · 2 3 4 Mar
    ],
)
def test_the_last_day_of_a_complaint(day, due):
    assert due_on(FollowUpKind.COMPLAINT, day) == due
    assert between(day, due, holidays=HOLIDAYS, extra=EXTRA) == 10


def test_days_over_are_working_days():
    friday = date(2026, 11, 27)
    assert [overdue_days(friday, day) for day in (friday, date(2026, 11, 29), date(2026, 12, 1))] == [0, 0, 2]
    assert overdue_days(friday, date(2026, 11, 20)) == 0


def test_moves():
    assert after("open", FollowUpAct.ANSWER) == "answered"
    assert after("answered", FollowUpAct.SEND_BACK) == "open"
    assert after("answered", FollowUpAct.CLOSE) == "closed"
    for state, act in (
        ("open", "close"),
        ("closed", "answer"),
        ("answered", "answer"),
        ("closed", "send_back"),
    ):
        with pytest.raises(WrongState):
            after(state, FollowUpAct(act))
