"""Rules of the targeted track by hand; both sides of each limit."""

from datetime import date

import pytest

from qualityeval.core.targeted import Facts, Limits, rules_met

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("facts", "met"),
    [
        (Facts(), ()),
        (Facts(date(2026, 3, 1), date(2026, 3, 31)), ()),  # thirty days exactly
        (Facts(date(2026, 3, 1), date(2026, 4, 1)), ("overdue",)),
        (Facts(date(2026, 5, 1)), ("overdue",)),  # 31 days and not there
        (Facts(date(2026, 5, 2)), ()),
        (Facts(None, date(2026, 4, 1)), ()),  # nobody knows when it was closed
        (Facts(series_size=9), ()),
        (Facts(series_size=10), ("mass",)),
        (Facts(date(2026, 1, 1), None, 12, True, True), ("satisfaction", "opinion", "overdue", "mass")),
    ],
)
def test_each_rule_at_its_limit(facts, met):
    assert rules_met(facts, limits=Limits(), today=TODAY) == met


def test_the_limits_are_the_managers():
    facts = Facts(date(2026, 3, 1), date(2026, 3, 20), series_size=3)
    assert rules_met(facts, limits=Limits(days=10, mass=3), today=TODAY) == ("overdue", "mass")
