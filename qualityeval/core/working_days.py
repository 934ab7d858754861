"""Working days: Monday to Friday, but for the holidays and extra working days given."""

from collections.abc import Collection
from datetime import date, timedelta

ONE = timedelta(days=1)
FRIDAY = 4


def after(start: date, days: int, *, holidays: Collection[date] = (), extra: Collection[date] = ()) -> date:
    """The day on which `days` working days after `start` have passed; 0 gives `start` itself."""
    day, left = start, days
    while left > 0:
        day += ONE
        if day in extra or (day.weekday() <= FRIDAY and day not in holidays):
            left -= 1
    return day


def between(start: date, end: date, *, holidays: Collection[date] = (), extra: Collection[date] = ()) -> int:
    """How many working days lie after `start` up to and with `end`; 0 where `end` isn't later.

    >>> between(date(2026, 11, 27), date(2026, 12, 1))  # Friday to Tuesday
    2
    """
    days = (start + ONE * step for step in range(1, (end - start).days + 1))
    return sum(day in extra or (day.weekday() <= FRIDAY and day not in holidays) for day in days)
