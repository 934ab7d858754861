"""Callbacks to recipients: outcomes of a call, what they do to the task, when one may dial, and the rates.

    after(outcome, attempts) -> State                 what a task becomes by its latest attempt
    check_dialling(attempts, now_local)                WrongState outside the hours or beyond the limits
    tally(tasks, form) -> Tally                        listed, dialled, reached, completed, satisfaction, each a count

Reach is counted by persons: a task is reached when somebody the callback was meant for answered once, be it to
refuse or to be called later. Satisfaction is over those who rated; 未评价 and missing are no rating.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from qualityeval.core.coverage import Rate
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.questionnaire import Questionnaire

MOST_A_DAY, MOST = 2, 5
FIRST, LAST = time(8, 0), time(20, 0)
REST = (time(12, 0), time(14, 0))


class Outcome(StrEnum):
    """How a call ended."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    DEAD = "dead"
    SUSPENDED = "suspended"
    REFUSED = "refused"
    RESCHEDULED = "rescheduled"
    WRONG_NUMBER = "wrong_number"
    THIRD_PARTY = "third_party"


class Means(StrEnum):
    """By what a recipient was asked."""

    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"
    ONLINE = "online"


class State(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    UNREACHED = "unreached"


ANSWERED = frozenset({Outcome.REACHED, Outcome.REFUSED, Outcome.RESCHEDULED})
FINAL = {
    Outcome.REACHED: State.DONE, Outcome.REFUSED: State.REFUSED, Outcome.DEAD: State.UNREACHED,
    Outcome.WRONG_NUMBER: State.UNREACHED,
}  # fmt: skip


def after(outcome: Outcome, attempts: int) -> State:
    """What the task becomes by this outcome of its `attempts`-th call; the fifth fruitless one ends it."""
    ended = FINAL.get(outcome)
    if ended is not None:
        return ended
    return State.UNREACHED if attempts >= MOST else State.OPEN


def check_dialling(attempts: Sequence[datetime], at: datetime) -> None:
    """Refuse a call outside 8:00 to 20:00 or at the midday rest, a third on one day, a sixth at all.

    All instants in office time (aware); `attempts` are those made so far.
    """
    clock = at.timetz().replace(tzinfo=None)
    if not FIRST <= clock < LAST or REST[0] <= clock < REST[1]:
        raise WrongState(
            "callback.quiet_hours", msg("8:00 以前、12:00 至 14:00、20:00 以后不拨打。"), where="dial"
        )
    if len(attempts) >= MOST:
        raise WrongState("callback.most", msg("同一人最多拨 5 次。"), where="dial")
    if sum(one.astimezone(at.tzinfo).date() == at.date() for one in attempts) >= MOST_A_DAY:
        raise WrongState("callback.most_a_day", msg("同一人每日最多拨 2 次，请明天再拨。"), where="dial")


def resting_until(attempts: Sequence[datetime], at: datetime) -> datetime | None:
    """The midnight until which a person who was dialled twice today is left alone; None where free now."""
    if sum(one.astimezone(at.tzinfo).date() == at.date() for one in attempts) < MOST_A_DAY:
        return None
    return (at + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Called:
    """One task as the rates need it: outcomes of its calls in order, its answers where it was completed.

    `held`: drawn, but never called, since its stratum had answers enough or the campaign ended.
    """

    outcomes: tuple[str, ...] = ()
    answers: Mapping[str, str] | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of persons (outcomes: of calls), and the rates over them with numerator and denominator."""

    listed: int
    dialled: int
    reached: int
    completed: int
    outcomes: Mapping[str, int]
    satisfied: int
    rated: int
    alarms: int
    refused: int = 0
    held: int = 0

    @property
    def refusal(self) -> Rate:
        """拒访率: persons who said no among persons reached."""
        return Rate(self.refused, self.reached)

    @property
    def reach(self) -> Rate:
        """接通率: persons reached among persons dialled."""
        return Rate(self.reached, self.dialled)

    @property
    def response(self) -> Rate:
        """应答率: questionnaires completed among persons listed."""
        return Rate(self.completed, self.listed)

    @property
    def satisfaction(self) -> Rate:
        """满意率: satisfied among those who rated; who didn't rate is in neither figure."""
        return Rate(self.satisfied, self.rated)


def tally(tasks: Iterable[Called], form: Questionnaire) -> Tally:
    """Count tasks of one form. Somebody who answered by letter or online counts as completed, not as dialled."""
    listed = dialled = reached = completed = satisfied = rated = alarms = refused = held = 0
    outcomes: Counter[str] = Counter()
    overall = form.by_code[form.overall]
    for task in tasks:
        if task.held:  # in no rate: nobody tried
            held += 1
            continue
        listed += 1
        outcomes.update(task.outcomes)
        dialled += bool(task.outcomes)
        reached += any(one in ANSWERED for one in task.outcomes)
        refused += Outcome.REFUSED in task.outcomes
        if not task.answers:
            continue
        completed += 1
        alarms += bool(form.alarms(task.answers))
        chosen = overall.option(task.answers.get(overall.code, ""))
        if chosen is not None and chosen.good is not None:
            rated += 1
            satisfied += chosen.good
    return Tally(listed, dialled, reached, completed, dict(outcomes), satisfied, rated, alarms, refused, held)


def masked_number(number: str) -> str:
    """A phone number as it is shown before dialling: the first three and last four digits of eleven.

    >>> masked_number("13812340000")
    '138 **** 0000'
    """
    digits = "".join(sign for sign in number if sign.isdigit())
    if len(digits) < 7:
        return "****"
    return f"{digits[:3]} **** {digits[-4:]}" if len(digits) >= 11 else f"**** {digits[-4:]}"


def masked_name(name: str) -> str:
    """A person's name with all but its first sign as circles.

    >>> masked_name("王小明")
    '王○○'
    """
    return name[:1] + "○" * max(1, min(3, len(name) - 1)) if name else ""
