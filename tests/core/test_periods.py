"""Quarters, half-years and years by the calendar, and which rounds lie in them."""

from datetime import date

import pytest

from qualityeval.core.periods import Period, periods_of, smallest_period


@pytest.mark.parametrize(
    ("period", "code", "since", "until", "name"),
    [
        (Period(2026, 1, 3), "2026Q1", date(2026, 1, 1), date(2026, 3, 31), "2026年第一季度"),
        (Period(2026, 10, 3), "2026Q4", date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
        (Period(2024, 1, 6), "2024H1", date(2024, 1, 1), date(2024, 6, 30), "2024年上半年"),
        (Period(2024, 7, 6), "2024H2", date(2024, 7, 1), date(2024, 12, 31), "2024年下半年"),
        (Period(2026, 1, 12), "2026", date(2026, 1, 1), date(2026, 12, 31), "2026年度"),
    ],
)
def test_a_period_has_its_days_and_names(period, code, since, until, name):
    assert (period.code, period.since, period.until, period.name) == (code, since, until, name)


def test_the_smallest_around_a_population():
    assert smallest_period(date(2026, 7, 1), date(2026, 9, 30)).code == "2026Q3"
    assert smallest_period(date(2026, 1, 1), date(2026, 6, 30)).code == "2026H1"
    assert smallest_period(date(2026, 3, 31), date(2026, 7, 1)).code == "2026"
    assert smallest_period(date(2025, 12, 31), date(2026, 1, 1)) is None


def test_a_period_is_listed_for_its_own_round_or_for_two():
    half, third, fourth, other = (
        ("H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("OLD", date(2025, 2, 1), date(2025, 2, 28)),
    )
    assert {one.code: codes for one, codes in periods_of([third, half, fourth, other]).items()} == {
        "2026": ("Q3", "H1", "Q4"), "2026H2": ("Q3", "Q4"), "2026H1": ("H1",), "2026Q4": ("Q4",),
        "2026Q3": ("Q3",), "2025Q1": ("OLD",),
    }  # fmt: skip
    assert periods_of([("ACROSS", date(2025, 12, 1), date(2026, 1, 31))]) == {}
    assert Period(2026, 1, 12) in periods_of([half, third])
