"""A word of warning where somebody wrote a person's number into free text: what was typed is kept, and said to be."""

from collections.abc import Iterable

from flask import flash
from flask_babel import gettext as _

from qualityeval.core.free_text import numbers_in


def warn_of_numbers(texts: Iterable[str]) -> None:
    """Flash one sentence where any of the texts holds a number of a person."""
    if any(numbers_in(text) for text in texts):
        flash(
            _("文字里有证件号码、电话或邮箱：已照原样保存，导出和打印时会遮去。下次请不要写进文字。"),
            "warning",
        )
