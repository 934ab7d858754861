"""Follow-ups (督办件): a lead that somebody has to look into, with a day by which, an answer, and a second person.

grave(form, answers) -> codes          answers that open a complaint: facts, never a bad mark alone
due_on(kind, day) -> date              the last day, in working days of the office
after(state, act) -> FollowUpState     open -> answered -> closed, or back to open; WrongState otherwise
overdue_days(due, today) -> int        working days past the last day, 0 while there is time
"""

from datetime import date, timedelta
from enum import StrEnum

from qualityeval.core import working_days
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.office_calendar import EXTRA, HOLIDAYS
from qualityeval.core.questionnaire import Answers, Questionnaire


class FollowUpKind(StrEnum):
    """What is followed: a complaint, papers that the file lacks (补正), or how cases are handled (整改)."""

    COMPLAINT = "complaint"
    PAPERS = "papers"
    CONDUCT = "conduct"


class FollowUpSource(StrEnum):
    """Where the lead came from."""

    CALLBACK = "callback"
    OPINION = "opinion"
    OBSERVATION = "observation"
    ARCHIVE = "archive"
    REVIEW = "review"


class FollowUpState(StrEnum):
    """Where it stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class FollowUpAct(StrEnum):
    """What can be done with it."""

    ANSWER = "answer"
    SEND_BACK = "send_back"
    CLOSE = "close"


# proposals: no national norm was found; the papers' 15 days follow the practice of 30 + 15 days
WORKING_DAYS = {FollowUpKind.COMPLAINT: 10, FollowUpKind.PAPERS: 15, FollowUpKind.CONDUCT: 15}
FROM_REVIEW = (FollowUpKind.PAPERS, FollowUpKind.CONDUCT)
REPEATS_WITHIN = timedelta(days=365)
LONGEST = 2_000
MOVES = {
    (FollowUpState.OPEN, FollowUpAct.ANSWER): FollowUpState.ANSWERED,
    (FollowUpState.ANSWERED, FollowUpAct.SEND_BACK): FollowUpState.OPEN,
    (FollowUpState.ANSWERED, FollowUpAct.CLOSE): FollowUpState.CLOSED,
}


def grave(form: Questionnaire, answers: Answers) -> tuple[str, ...]:
    """Codes of the questions whose answer opens a complaint: money taken, never met, absent, a wish to complain.

    An alarm that is only a judgement ("very dissatisfied") stays a figure: it names nothing to look into.
    """
    return tuple(
        code
        for code in form.alarms(answers)
        if any(chosen.alarm and chosen.good is None for chosen in form.by_code[code].chosen(answers[code]))
    )


def due_on(kind: FollowUpKind, day: date) -> date:
    """The last day for an answer, counted in the office's working days after `day`."""
    return working_days.after(day, WORKING_DAYS[kind], holidays=HOLIDAYS, extra=EXTRA)


def overdue_days(due: date, today: date) -> int:
    """Working days since the last day; 0 on that day and before."""
    return working_days.between(due, today, holidays=HOLIDAYS, extra=EXTRA)


def may_be_due(day: date, today: date) -> bool:
    """Whether a ticket of today may ask for an answer by that day: later, and within a year.

    >>> may_be_due(date(2026, 11, 25), date(2026, 11, 25)), may_be_due(date(2026, 11, 26), date(2026, 11, 25))
    (False, True)
    """
    return today < day <= today + REPEATS_WITHIN


def repeats_since(today: date) -> date:
    """The first day on which an earlier ticket of the same item and institution makes one of today a repeat.

    >>> repeats_since(date(2026, 11, 25))
    datetime.date(2025, 11, 25)
    """
    return today - REPEATS_WITHIN


def after(state: str, act: FollowUpAct) -> FollowUpState:
    """The state after the act; refused by name when it isn't allowed."""
    moved = MOVES.get((FollowUpState(state), act))
    if moved is None:
        raise WrongState("follow_up.state", msg("这一件现在不能这样办，请刷新后再看。"), where="state")
    return moved
