"""The day by which sheets are due: when experts are told, and when a file is overdue.

    stage(today, deadline, grace=) -> str     "" none; OPEN, SOON, TODAY, GRACE, OVERDUE
    NOTICES                                   the stages at which experts are told, once each

A deadline closes nothing: a late sheet is taken, and said to be late. `grace` days after it are not overdue yet.

>>> day = date(2026, 2, 10)
>>> [stage(date(2026, 2, n), day, grace=2) for n in (6, 7, 10, 12, 13)]
['open', 'soon', 'today', 'grace', 'overdue']
"""

from datetime import date, timedelta

OPEN, SOON, TODAY, GRACE, OVERDUE = "open", "soon", "today", "grace", "overdue"
NOTICES = (SOON, TODAY, OVERDUE)
BEFORE = timedelta(days=3)


def stage(today: date, deadline: date | None, *, grace: int = 0) -> str:
    """Where the day stands to the deadline, in the calendar of the office; "" without one."""
    if deadline is None:
        return ""
    if today > deadline + timedelta(days=grace):
        return OVERDUE
    if today > deadline:
        return GRACE
    if today == deadline:
        return TODAY
    return SOON if today >= deadline - BEFORE else OPEN
