"""Numbers of persons that slip into free text: notes of calls, remarks, statements.

    numbers_in(text) -> tuple[str, ...]     what sort of numbers stand there, in the order of the text
    without_numbers(text) -> str            the same text with a token in the place of each

The rules are those that mask papers before experts (core.pseudonyms). The text itself is kept as it was written: whoever
wrote it is warned, and what leaves by an export is masked.
"""

from qualityeval.core.pseudonyms import NUMBER, Span, find


def numbers_in(text: str) -> tuple[str, ...]:
    """Sorts of numbers, each once.

    >>> numbers_in("母亲电话138 0013 8000，案号（2026）浙0102刑初123号")
    ('电话',)
    """
    return tuple(dict.fromkeys(span.token.strip("［］") for span in _spans(text)))


def without_numbers(text: str) -> str:
    """The text as it may leave the office.

    >>> without_numbers("回拨138 0013 8000找她")
    '回拨［电话］找她'
    """
    for span in reversed(_spans(text)):
        text = text[: span.start] + span.token + text[span.end :]
    return text


def _spans(text: str) -> list[Span]:
    return [span for span in find(text, ()) if span.kind == NUMBER]
