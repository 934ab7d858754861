"""Invented answers of the demonstration: to any form, mostly good, and always the same for the same seed."""

from qualityeval.core.demo_register import Chooser
from qualityeval.core.questionnaire import Question, Questionnaire

NOTE = "有待改进"  # beside a mark that wants a word
PLAIN = {"money_asked": "no", "complaint": "no", "who": "recipient", "attended": ("same", "always")}
STEPS = (("0", 62), ("1", 26), ("2", 9), ("3", 3))  # how far down its options an answer stands, by weight


def answers_for(form: Questionnaire, choose: Chooser) -> dict[str, str]:
    """A complete set of answers: each question that applies, answered once.

    Options stand in a form from the best down, so most answers are among the first; alarms are never raised,
    since a complaint that nobody made should wait for nobody.
    """
    given: dict[str, str] = {}
    for question in form.questions:
        if question.options and form.applies(question, given):
            given[question.code] = _chosen(question, choose)
    return given


def _chosen(question: Question, choose: Chooser) -> str:
    wished = PLAIN.get(question.code, ())
    codes = [one.code for one in question.options if not one.alarm]
    for code in codes:
        if code in (wished if isinstance(wished, tuple) else (wished,)):
            return code
    return codes[min(int(choose.weighted(STEPS)), len(codes) - 1)]
