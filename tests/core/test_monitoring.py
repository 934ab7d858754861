"""The monitoring queues' last days, counted by hand on the office's calendar."""

from datetime import date, timedelta

import pytest

from qualityeval.core.monitoring import Queue, cutoff, last_day


@pytest.mark.parametrize(
    ("queue", "start", "last"),
    [
        (Queue.NOT_STARTED, date(2026, 11, 25), date(2026, 11, 30)),  # Thu Fri Mon
        (Queue.NOT_STARTED, date(2026, 9, 30), date(2026, 10, 10)),  # 8 9 10(Sat, a working day)
        (Queue.NOT_HANDED_IN, date(2026, 11, 2), date(2026, 12, 2)),  # 30 days, a Wednesday
        (Queue.NOT_HANDED_IN, date(2026, 11, 5), date(2026, 12, 7)),  # a Saturday: Monday
        (Queue.NOT_CHECKED, date(2026, 9, 1), date(2026, 10, 8)),  # 1 October: after the holiday
    ],
)
def test_last_days(queue, start, last):
    assert last_day(queue, start) == last


@pytest.mark.parametrize("queue", list(Queue))
@pytest.mark.parametrize("today", [date(2026, 11, 25), date(2026, 10, 3), date(2026, 10, 9)])
def test_the_cutoff_is_the_last_late_day(queue, today):
    found = cutoff(queue, today)
    assert last_day(queue, found) < today <= last_day(queue, found + timedelta(days=1))
