"""What an objection may turn on, by when it is decided on, and what it came to.

window_end(day, days) -> date        the first day on which none is taken any more
decide_by(day) -> date               by when the owning body says whether it takes one up
late(due, today) -> int              working days past that day
outcome(before, after) -> Outcome    grade changed, total changed only, or upheld
"""

from datetime import date
from enum import StrEnum

from qualityeval.core import working_days
from qualityeval.core.office_calendar import EXTRA, HOLIDAYS

DECIDE_WITHIN = 5  # working days; a proposal, like the window's own default (no national norm was found)
MOST_PAPERS = 5
Result = tuple[int | None, str]


class Ground(StrEnum):
    """Why an objection isn't taken up (不予受理)."""

    NO_FACTS = "no_facts"
    OUTSIDE = "outside"
    REPEATED = "repeated"
    OTHER = "other"


class ReviewBasis(StrEnum):
    """Why a released case is read anew."""

    COMPLAINT = "complaint"
    ERROR = "error"
    LATE = "late"
    JUDGMENT = "judgment"
    OTHER = "other"


class Outcome(StrEnum):
    """What reading anew changed."""

    GRADE = "grade"
    TOTAL = "total"
    UPHELD = "upheld"


def window_end(day: date, days: int) -> date:
    """`days` working days of the office after the notice's day: from this day on none is taken; the notice's day for 0.

    >>> window_end(date(2026, 9, 30), 5)  # the National Day's week lies between, and Saturday 10 October is worked
    datetime.date(2026, 10, 13)
    """
    return working_days.after(day, days, holidays=HOLIDAYS, extra=EXTRA)


def decide_by(day: date) -> date:
    """The last day for saying whether an objection of that day is taken up.

    >>> decide_by(date(2026, 11, 27))  # a Friday
    datetime.date(2026, 12, 4)
    """
    return working_days.after(day, DECIDE_WITHIN, holidays=HOLIDAYS, extra=EXTRA)


def late(due: date, today: date) -> int:
    """Working days since the last day; 0 on that day and before."""
    return working_days.between(due, today, holidays=HOLIDAYS, extra=EXTRA)


def outcome(before: Result, after: Result) -> Outcome:
    """Of (total in hundredths or None where the rubric has none, grade) before and after.

    >>> outcome((8500, "良好"), (7000, "合格")), outcome((8500, "良好"), (8900, "良好"))
    (<Outcome.GRADE: 'grade'>, <Outcome.TOTAL: 'total'>)
    """
    if before[1] != after[1]:
        return Outcome.GRADE
    return Outcome.TOTAL if before[0] != after[0] else Outcome.UPHELD
