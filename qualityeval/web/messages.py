"""Refusals in the reader's language: the one place where a RuleViolation becomes words."""

from flask_babel import gettext

from qualityeval.core.errors import RuleViolation
from qualityeval.core.register import RowProblem

LABELS = ("label", "earlier", "later")


def words(refusal: RuleViolation) -> str:
    """The refusal's sentence, translated, with its places filled."""
    text = gettext(refusal.text)
    return text % refusal.params if refusal.params else text


def problem_words(problem: RowProblem) -> str:
    """What is wrong with a row, translated; names of fields inside it too."""
    text = gettext(problem.text)
    labels = {name: gettext(str(problem.params[name])) for name in LABELS if problem.params.get(name)}
    return text % {**problem.params, **labels} if problem.params else text


def place(form: object, refusal: RuleViolation) -> None:
    """Put the refusal on the form field it names, else on the form as a whole."""
    field = getattr(form, "_fields", {}).get(refusal.where)
    if field is None:
        form.form_errors.append(words(refusal))  # type: ignore[attr-defined]
        return
    field.errors = [*field.errors, words(refusal)]
