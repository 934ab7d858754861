"""Forms of the other channels (hearing, organ's opinion, callback): questions, and answers checked against them.

    read_answers(form, given, complete=True) -> dict     checked answers; Unanswered names what is missing
    Questionnaire.applies(question, answers)              False where an earlier answer skips the question
    Questionnaire.alarms(answers)                         questions whose answer is a lead to follow (money taken, …)

An answer is an option's code (of a `many` question several, joined by commas in the form's order), a text, or `na`
where the question allows it. Missing isn't `na`.
`core.questionnaire_reading` makes a form of a YAML file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.rubric_parts import Title

NOT_APPLICABLE = "na"
LONGEST_TEXT = 2_000
MANY = ","
Answers = Mapping[str, str]


class Unanswered(RuleViolation):
    """Questions that have to be answered and aren't; `missing` holds their codes in the form's order."""

    code = "answers.missing"
    text = msg("还有 %(count)s 题没有回答。")

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(where=missing[0], count=len(missing))
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. `share` is the part of the points it earns; `good` is None where it isn't a judgement."""

    code: str
    title: Title
    share: Fraction | None = None
    good: bool | None = None
    alarm: bool = False
    hint: Title | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question: options to choose from, or a free text where there are none.

    `many`: as many options as apply are ticked; one that stands `alone` ("none of them") goes with no other.
    """

    code: str
    title: Title
    group: Title
    options: tuple[Option, ...] = ()
    points: int = 0
    required: bool = True
    na: bool = False
    unless: tuple[str, tuple[str, ...]] | None = None
    hint: Title | None = None
    many: bool = False

    @property
    def is_text(self) -> bool:
        """Whether it is answered in words."""
        return not self.options

    def option(self, code: str) -> Option | None:
        """The option of that code."""
        return next((one for one in self.options if one.code == code), None)

    def chosen(self, answer: str) -> tuple[Option, ...]:
        """The options that a kept answer stands for, in the form's order; none for `na` and for words."""
        codes = ticked(answer) if self.many else (answer,)
        return tuple(one for one in self.options if one.code in codes)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version of a form. `overall` names the question that stands for satisfaction as a whole."""

    code: str
    version: int
    title: Title
    questions: tuple[Question, ...]
    covered: Fraction = Fraction(7, 10)
    overall: str = ""

    @property
    def key(self) -> str:
        """`code@version`, as it is stored with every answer."""
        return f"{self.code}@{self.version}"

    @property
    def by_code(self) -> dict[str, Question]:
        """The questions by their codes."""
        return {question.code: question for question in self.questions}

    def applies(self, question: Question, answers: Answers) -> bool:
        """Whether the question is asked at all, given the earlier answers."""
        if question.unless is None:
            return True
        earlier, codes = question.unless
        return not set(ticked(answers.get(earlier, ""))) & set(codes)

    def asked(self, answers: Answers) -> tuple[Question, ...]:
        """The questions that these answers don't skip."""
        return tuple(one for one in self.questions if self.applies(one, answers))

    def alarms(self, answers: Answers) -> tuple[str, ...]:
        """Codes of the questions whose answer is a lead that somebody has to follow."""
        return tuple(
            one.code
            for one in self.asked(answers)
            if any(chosen.alarm for chosen in one.chosen(answers.get(one.code, "")))
        )

    def missing(self, answers: Answers) -> tuple[str, ...]:
        """Codes of the questions that must be answered and aren't."""
        return tuple(one.code for one in self.asked(answers) if one.required and one.code not in answers)


def ticked(answer: str) -> tuple[str, ...]:
    """The codes of a kept answer.

    >>> ticked("met,phone")
    ('met', 'phone')
    """
    return tuple(answer.split(MANY)) if answer else ()


def read_answers(
    form: Questionnaire, given: Mapping[str, object], *, complete: bool = True
) -> dict[str, str]:
    """The given answers, checked and in the form's order; empty ones and skipped questions left out.

    Of a `many` question the ticks come as a list or joined by commas. Refuses an unknown question or option, `na`
    where it isn't allowed, a tick beside one that stands alone and a text beyond 2,000 characters by `InvalidInput`
    whose `where` is the question; with `complete`, raises `Unanswered` for what is missing.
    """
    questions = form.by_code
    for code in given:
        if code not in questions:
            raise InvalidInput(
                "answers.question", msg("问卷里没有“%(question)s”这一题。"), where=str(code), question=code
            )
    answers = {
        code: text for code, one in questions.items() if (text := _checked(one, given.get(code))) is not None
    }
    kept = {code: text for code, text in answers.items() if form.applies(questions[code], answers)}
    if complete and (missing := form.missing(kept)):
        raise Unanswered(missing)
    return kept


def _checked(question: Question, given: object) -> str | None:
    if question.many:
        return _checked_ticks(question, given)
    text = "" if given is None else str(given).strip()
    if not text:
        return None
    if question.is_text:
        if len(text) > LONGEST_TEXT:
            raise InvalidInput("answers.long", msg("这一题最多写 2000 字。"), where=question.code)
        return text
    if (text == NOT_APPLICABLE and question.na) or question.option(text) is not None:
        return text
    raise InvalidInput(
        "answers.option", msg("“%(answer)s”不是这一题的选项。"), where=question.code, answer=text
    )


def _checked_ticks(question: Question, given: object) -> str | None:
    parts = given if isinstance(given, list | tuple) else str(given or "").split(MANY)
    codes = {text for part in parts if (text := str(part).strip())}
    if codes == {NOT_APPLICABLE} and question.na:
        return NOT_APPLICABLE
    unknown = sorted(code for code in codes if question.option(code) is None)
    if unknown:
        raise InvalidInput(
            "answers.option", msg("“%(answer)s”不是这一题的选项。"), where=question.code, answer=unknown[0]
        )
    kept = [one for one in question.options if one.code in codes]
    if len(kept) > 1 and (alone := next((one for one in kept if one.alone), None)):
        raise InvalidInput(
            "answers.alone",
            msg("选了“%(option)s”，就不能再选别的。"),
            where=question.code,
            option=alone.title.zh,
        )
    return MANY.join(one.code for one in kept) or None
