"""A recipient who answers by a link: who may get one, how it ends, and figures a means at a time.

is_minor(born_on, sealed, today) -> bool     under 18 on that day, or a sealed case
refusal_of(...) -> str                       why no link goes out: a code, "" where it may
check_speaker(answers, minor)                InvalidInput where a minor would speak instead of the guardian
by_means(persons, form) -> {means: Asked}    asked, answered, complete, rated, satisfied; phone and online apart
phone_and_online(found) -> Change            satisfaction online less by phone, with its interval

Denominators: a person counts as asked by phone when dialled, as asked online when a link was sent; one who was
both counts in both, and the answer only where it came from. Satisfaction is over those who rated. Of a question with
several ticks each option is over the persons who ticked anything: the shares needn't sum to one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qualityeval.core.callback import Means
from qualityeval.core.change import Change, Period, change
from qualityeval.core.coverage import Rate
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.questionnaire import Answers, Questionnaire

ADULT = 18
SPEAKER, MINOR_SELF = "who", "recipient"


class LinkEnd(StrEnum):
    """How a link was used up."""

    ANSWERED = "answered"
    NOT_PERSON = "not_person"
    OPTED_OUT = "opted_out"


class Choice(StrEnum):
    """What a person said about being asked."""

    OPTED_OUT = "opted_out"
    CONSENTED = "consented"


class Way(StrEnum):
    """How a link reaches its reader."""

    SMS = "sms"
    LETTER = "letter"


def is_minor(born_on: date | None, *, sealed: bool, today: date) -> bool:
    """Whether only a guardian may be asked: under 18 on that day, or a sealed case (a minor's when it was tried).

    >>> is_minor(date(2008, 11, 25), sealed=False, today=date(2026, 11, 25))
    False
    """
    if sealed:
        return True
    if born_on is None:
        return False
    age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    return age < ADULT


def refusal_of(*, minor: bool, guardian: bool, has_phone: bool, way: Way, opted_out: bool) -> str:
    """Why nobody gets a link: `opted_out`, `minor` (needs the guardian), `no_phone`; "" where it may go."""
    if opted_out:
        return "opted_out"
    if minor and not guardian:
        return "minor"
    return "no_phone" if way is Way.SMS and not has_phone else ""


def check_speaker(answers: Answers, *, minor: bool) -> None:
    """Refuse answers of a minor: the guardian speaks."""
    if minor and answers.get(SPEAKER) == MINOR_SELF:
        raise InvalidInput("callback.guardian", msg("受援人未成年，只能由监护人回答。"), where=SPEAKER)


@dataclass(frozen=True, slots=True)
class Person:
    """One recipient of a list: by which means asked, by which answered ("" for not), what was said, by which refused."""

    asked_by: frozenset[str]
    answered_by: str = ""
    answers: Answers = field(default_factory=dict)
    refused_by: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Counts of persons by one means.

    `silence` gives, a question at a time, answers among those who were asked it; `ticks`, for questions with several
    ticks, each option among those who ticked anything there.
    """

    asked: int
    answered: int
    complete: int
    rated: int
    satisfied: int
    silence: Mapping[str, Rate]
    refused: int = 0
    ticks: Mapping[str, Mapping[str, Rate]] = field(default_factory=dict)

    @property
    def refusal(self) -> Rate:
        """拒访率: persons who said no among persons asked by this means."""
        return Rate(self.refused, self.asked)

    @property
    def response(self) -> Rate:
        """应答率: persons who answered anything among persons asked by this means."""
        return Rate(self.answered, self.asked)

    @property
    def valid(self) -> Rate:
        """有效率: complete questionnaires among those that came in."""
        return Rate(self.complete, self.answered)

    @property
    def unanswered(self) -> dict[str, Rate]:
        """未答: questionnaires without an answer among those that were asked the question; a skipped one isn't asked."""
        return {code: Rate(one.eligible - one.done, one.eligible) for code, one in self.silence.items()}

    @property
    def satisfaction(self) -> Rate:
        """满意率: satisfied among those who rated."""
        return Rate(self.satisfied, self.rated)


def by_means(persons: Iterable[Person], form: Questionnaire) -> dict[str, Asked]:
    """Figures a means at a time, in the order of first appearance; a means by which nobody was asked is left out."""
    asked: dict[str, int] = {}
    refused: Counter[str] = Counter()
    said: dict[str, list[Answers]] = {}
    for person in persons:
        for means in sorted((person.asked_by | {person.answered_by, person.refused_by}) - {""}):
            asked[means] = asked.get(means, 0) + 1
        refused[person.refused_by] += 1
        if person.answered_by and person.answers:
            said.setdefault(person.answered_by, []).append(person.answers)
    return {
        means: _figures(count, said.get(means, []), form, refused=refused[means])
        for means, count in asked.items()
    }


def ticks(form: Questionnaire, said: Iterable[Answers]) -> dict[str, dict[str, Rate]]:
    """For each question with several ticks each option: persons who ticked it among persons who ticked anything.

    Three persons ticked {met, phone}, {phone} and nothing: met 1 of 2, phone 2 of 2, and the third is in no figure.
    """
    counts = {one.code: Counter[str]() for one in form.questions if one.many}
    of: Counter[str] = Counter()
    for answers in said:
        for code in counts.keys() & answers.keys():
            chosen = form.by_code[code].chosen(answers[code])
            counts[code].update(one.code for one in chosen)
            of[code] += bool(chosen)
    return {
        code: {one.code: Rate(found[one.code], of[code]) for one in form.by_code[code].options}
        for code, found in counts.items()
        if of[code]
    }


def phone_and_online(found: Mapping[str, Asked]) -> Change:
    """Satisfaction online less satisfaction by phone, with Newcombe's interval (core.change).

    The difference is of who answers that way and of how one answers a voice, together; by itself it says of neither
    group that it is less content. `no_rate` where one of them rated nothing.
    """
    return change(*(_period(found.get(means)) for means in (Means.PHONE, Means.ONLINE)))


def _period(asked: Asked | None) -> Period:
    if asked is None or not asked.rated:
        return Period(None, None, "")
    return Period(asked.satisfied / asked.rated, float(asked.rated), "")


def _figures(asked: int, said: list[Answers], form: Questionnaire, *, refused: int) -> Asked:
    overall = form.by_code[form.overall]
    rated = satisfied = 0
    silence: dict[str, tuple[int, int]] = {}
    for answers in said:
        chosen = overall.option(answers.get(overall.code, ""))
        if chosen is not None and chosen.good is not None:
            rated += 1
            satisfied += chosen.good
        for question in form.asked(answers):
            if question.required:
                given, of = silence.get(question.code, (0, 0))
                silence[question.code] = (given + (question.code in answers), of + 1)
    complete = sum(not form.missing(answers) for answers in said)
    return Asked(
        asked, len(said), complete, rated, satisfied, {code: Rate(*pair) for code, pair in silence.items()},
        refused, ticks(form, said),
    )  # fmt: skip
