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
