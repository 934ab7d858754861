"""When a file is there, late, missing; what of a hand-in is refused."""

from datetime import date

import pytest

from qualityeval.core import disposition
from qualityeval.core.errors import InvalidInput, WrongState

DAY = date(2027, 1, 10)
BEFORE, AFTER = date(2027, 1, 9), date(2027, 1, 11)


@pytest.mark.parametrize(
    ("state", "required", "none"),
    [("due", False, True), ("handed_in", True, True), ("missing", False, False), ("replaced", False, False)],
)
def test_what_is_there_to_be_read(state, required, none):
    assert disposition.is_there(state, call_in="required") is required
    assert disposition.is_there(state, call_in="none") is none


@pytest.mark.parametrize(
    ("state", "handed_in_on", "today", "late"),
    [
        ("due", None, DAY, False), ("due", None, AFTER, True), ("handed_in", DAY, AFTER, False),
        ("handed_in", AFTER, AFTER, True), ("missing", None, AFTER, True), ("replaced", None, AFTER, False),
    ],
)  # fmt: skip
def test_the_deadlines_own_day_is_in_time(state, handed_in_on, today, late):
    assert disposition.is_late(state, handed_in_on=handed_in_on, deadline=DAY, today=today) is late
    assert not disposition.is_late(state, handed_in_on=handed_in_on, deadline=None, today=today)


def test_dealing_waits_for_files_until_the_deadline_has_passed():
    disposition.refuse_dealing(due=0, deadline=None, today=DAY)
    disposition.refuse_dealing(due=3, deadline=DAY, today=AFTER)
    for deadline in (DAY, None):
        with pytest.raises(WrongState, match=r"deal\.files_due"):
            disposition.refuse_dealing(due=3, deadline=deadline, today=DAY)


def test_nothing_is_missing_before_its_deadline():
    disposition.refuse_missing(call_in="required", deadline=DAY, today=AFTER)
    disposition.refuse_missing(call_in="required", deadline=None, today=DAY)
    disposition.refuse_missing(call_in="none", deadline=DAY, today=BEFORE)
    with pytest.raises(WrongState, match=r"file\.not_overdue"):
        disposition.refuse_missing(call_in="required", deadline=DAY, today=DAY)


def hand_in(**given):
    given = {"pages": "12", "handed_in_on": DAY, "today": AFTER, "called_in_on": BEFORE, **given}
    return disposition.hand_in(**given)


def test_a_hand_in_as_it_was_typed():
    found = hand_in(pages=" 12 ", digest="A" * 64, note=" 正卷 ")
    assert found == disposition.HandIn(12, DAY, "a" * 64, "正卷")
    assert hand_in(handed_in_on=None).handed_in_on == AFTER


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"pages": "0"}, "pages"), ({"pages": "x"}, "pages"), ({"pages": "²"}, "pages"), ({"pages": ""}, "pages"),
        ({"pages": "9" * 12}, "pages"), ({"handed_in_on": date(2027, 1, 12)}, "handed_in_on"),
        ({"handed_in_on": date(2027, 1, 8)}, "handed_in_on"), ({"digest": "abc"}, "digest"),
        ({"note": "长" * 401}, "note"),
    ],
)  # fmt: skip
def test_what_is_refused_names_its_field(given, where):
    with pytest.raises(InvalidInput) as refused:
        hand_in(**given)
    assert refused.value.where == where
