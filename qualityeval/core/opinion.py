"""The organ's opinion: the life of a one-time link, and what the answers say.

OpinionState, Via                      codes
standing(...) -> OpinionState          asked, answered, revoked or expired, to the second
dimensions(form, answers) -> …         good answers among judged ones, a dimension (group of questions) at a time
adoption(answers) -> {code: Rate}      lawyers' opinions adopted in full, in part, not, among those decided
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from qualityeval.core.coverage import Rate
from qualityeval.core.questionnaire import Answers, Questionnaire
from qualityeval.core.rubric_parts import Title

TOKEN_BYTES = 24  # 192 bits; the threat list asks for 128
LINK_DAYS, MOST_DAYS = 15, 60
SESSION = timedelta(minutes=60)
ADOPTED, DECIDED = "adopted", ("full", "part", "none")  # the question about the lawyer's own opinion


class OpinionState(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Via(StrEnum):
    """How the opinion came in."""

    LINK = "link"
    LETTER = "letter"


def standing(
    *, answered_at: datetime | None, revoked_at: datetime | None, expires_at: datetime, now: datetime
) -> OpinionState:
    """The state at an instant; at `expires_at` itself the link is dead."""
    if answered_at is not None:
        return OpinionState.ANSWERED
    if revoked_at is not None:
        return OpinionState.REVOKED
    return OpinionState.EXPIRED if now >= expires_at else OpinionState.ASKED


@dataclass(frozen=True, slots=True)
class Dimension:
    """One group of questions: good answers among judged ones."""

    title: Title
    good: Rate


def dimensions(form: Questionnaire, answers: Iterable[Answers]) -> tuple[Dimension, ...]:
    """Good answers of all opinions, group by group; `na` and missing are in neither figure."""
    good: Counter[Title] = Counter()
    judged: Counter[Title] = Counter()
    for one in answers:
        for question in form.asked(one):
            chosen = question.option(one.get(question.code, ""))
            if chosen is not None and chosen.good is not None:
                judged[question.group] += 1
                good[question.group] += chosen.good
    groups = dict.fromkeys(
        question.group
        for question in form.questions
        if any(option.good is not None for option in question.options)
    )
    return tuple(Dimension(title, Rate(good[title], judged[title])) for title in groups)


def adoption(answers: Iterable[Answers]) -> dict[str, Rate]:
    """采纳率: each degree of adoption among the opinions that say whether the lawyer's was adopted.

    Not decided yet, nothing put forward and no answer are in neither figure, so that the shares sum to one.
    """
    decided = [one[ADOPTED] for one in answers if one.get(ADOPTED) in DECIDED]
    return {code: Rate(decided.count(code), len(decided)) for code in DECIDED}
