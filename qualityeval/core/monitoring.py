"""Monitoring queues (过程监督): which cases are late today, by the dates of the register.

last_day(queue, start) -> date      until when the step had to be done
cutoff(queue, today) -> date        steps that began on this day or before are late today

Not started: 3 working days from the assignment to the first meeting, reading or hearing (the Zhejiang platform's
rule). Papers: 30 days from closing to handing in, 30 days from handing in to the check (程序规定); a last day on which
the office rests moves to the next working day.
"""

from datetime import date, timedelta
from enum import StrEnum

from qualityeval.core import working_days
from qualityeval.core.office_calendar import EXTRA, HOLIDAYS

ONE = timedelta(days=1)
START_WORKING_DAYS, PAPER_DAYS = 3, 30


class Queue(StrEnum):
    """What is late."""

    NOT_STARTED = "not_started"
    NOT_HANDED_IN = "not_handed_in"
    NOT_CHECKED = "not_checked"


class Watch(StrEnum):
    """What is watched without a day by which: what a recipient said, and cases that have to be reported.

    `ABNORMAL`: a dissatisfied recipient or a grave fact, until its complaint is closed. `SPECIAL`: a mass case or a major
    one under way without a note of a report in its file (程序规定: such cases are reported to the institution).
    """

    ABNORMAL = "abnormal"
    SPECIAL = "special"


def last_day(queue: Queue, start: date) -> date:
    """The last day for the step that began on `start`.

    >>> last_day(Queue.NOT_HANDED_IN, date(2026, 8, 26))  # 30 days on is the 25th of September, a holiday
    datetime.date(2026, 9, 28)
    """
    if queue is Queue.NOT_STARTED:
        return working_days.after(start, START_WORKING_DAYS, holidays=HOLIDAYS, extra=EXTRA)
    eve = start + timedelta(days=PAPER_DAYS) - ONE
    return working_days.after(eve, 1, holidays=HOLIDAYS, extra=EXTRA)


def cutoff(queue: Queue, today: date) -> date:
    """The latest day of beginning whose last day is past: everything that began by then is late."""
    start = today - ONE
    while last_day(queue, start) >= today:
        start -= ONE
    return start
