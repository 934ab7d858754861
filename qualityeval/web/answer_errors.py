"""What is wrong with answers, said at each question and once more at the top of the page."""

from collections.abc import Mapping

from flask_babel import gettext as _

from qualityeval.core.errors import RuleViolation
from qualityeval.core.questionnaire import Questionnaire, Unanswered
from qualityeval.web.messages import words


def by_question(refusal: RuleViolation) -> dict[str, str]:
    """Sentences by question (or other field)."""
    if isinstance(refusal, Unanswered):
        return dict.fromkeys(refusal.missing, _("这一题还没有回答。"))
    return {refusal.where: words(refusal)}


def summary(form: Questionnaire, errors: Mapping[str, str]) -> list[tuple[str, str]]:
    """The same for the top of the page, with the number of the question and the field that each leads to."""
    numbers = {one.code: number for number, one in enumerate(form.questions, start=1)}
    return [
        (_("第 %(number)s 题：%(sentence)s", number=numbers[name], sentence=sentence), f"q-{name}")
        if name in numbers
        else (sentence, name)
        for name, sentence in errors.items()
    ]
