"""Terms, leave and guests; the days are worked by hand."""

from datetime import date

import pytest

from qualityeval.core.appointments import GUEST, OWN, THIRD_PARTY, Terms, has_ended, held_back

FIRST, LAST = date(2026, 3, 1), date(2026, 8, 31)
TERM = Terms(since=FIRST, until=LAST, leaves=((date(2026, 5, 1), date(2026, 5, 7)),))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 2, 28), "term"),
        (FIRST, ""),
        (date(2026, 4, 30), ""),
        (date(2026, 5, 1), "leave"),
        (date(2026, 5, 7), "leave"),
        (date(2026, 5, 8), ""),
        (LAST, ""),
        (date(2026, 9, 1), "term"),
    ],
)
def test_both_ends_of_a_term_and_of_a_leave_are_included(day, why):
    assert held_back(TERM, day) == why


def test_without_terms_nothing_holds_back():
    assert held_back(Terms(), FIRST) == ""


def test_a_third_party_serves_one_round_and_what_lies_beside_it():
    terms = Terms(THIRD_PARTY, FIRST, LAST, only_round=7)
    assert held_back(terms, FIRST, rounds=(7,)) == ""
    assert held_back(terms, FIRST, rounds=(8, 7)) == ""
    assert held_back(terms, FIRST, rounds=(8,)) == "other_round"


@pytest.mark.parametrize(("kind", "ends"), [(OWN, False), (GUEST, True), (THIRD_PARTY, True)])
def test_access_of_those_from_outside_ends_by_itself(kind, ends):
    terms = Terms(kind, FIRST, LAST)
    assert not has_ended(terms, LAST)
    assert has_ended(terms, date(2026, 9, 1)) == ends
    assert not has_ended(Terms(kind, FIRST), date(2099, 1, 1))
