"""Days and outcomes of objections; holidays as the State Council announced them for 2026."""

from datetime import date

import pytest

from qualityeval.core.objection import Outcome, decide_by, late, outcome, window_end


@pytest.mark.parametrize(
    ("notified", "days", "end"),
    [
        (date(2026, 11, 25), 5, date(2026, 12, 2)),
        (date(2026, 11, 25), 0, date(2026, 11, 25)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # 1 to 7 October are the holiday
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # a Saturday that is worked
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # and another, before the Spring Festival
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
    ],
)
def test_the_window_counts_the_offices_working_days(notified, days, end):
    assert window_end(notified, days) == end


def test_a_decision_is_late_only_after_its_day():
    due = decide_by(date(2026, 11, 25))
    assert (due, late(due, due), late(due, date(2026, 12, 7))) == (date(2026, 12, 2), 0, 3)


def test_what_reading_anew_changed():
    assert outcome((8500, "良好"), (8500, "良好")) is Outcome.UPHELD
