"""Refusals in the reader's language: the one place where a RuleViolation becomes words."""

from flask_babel import gettext

from qualityeval.core.errors import RuleViolation


def words(refusal: RuleViolation) -> str:
    """The refusal's sentence, translated, with its places filled."""
    text = gettext(refusal.text)
    return text % refusal.params if refusal.params else text


def place(form: object, refusal: RuleViolation) -> None:
    """Put the refusal on the form field it names, else on the form as a whole."""
    field = getattr(form, "_fields", {}).get(refusal.where)
    if field is None:
        form.form_errors.append(words(refusal))  # type: ignore[attr-defined]
        return
    field.errors = [*field.errors, words(refusal)]
