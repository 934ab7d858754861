"""Answers as a page sent them; what is wrong with them, said at each question and once more at the top of the page."""

from collections.abc import Mapping

from flask import request
from flask_babel import gettext as _

from qualityeval.core.errors import RuleViolation
from qualityeval.core.questionnaire import MANY, Questionnaire, Unanswered
from qualityeval.web.messages import words


def posted(form: Questionnaire) -> dict[str, str]:
    """Answers by question; several ticks joined as they are kept."""
    return {
        one.code: MANY.join(request.form.getlist(one.code)) if one.many else request.form[one.code]
        for one in form.questions
        if one.code in request.form
    }


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
