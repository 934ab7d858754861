"""What somebody writes into a field: trimmed, there where it must be, no longer than it may be."""

from qualityeval.core.errors import InvalidInput, msg

FILL = msg("请填写这一项。")
LONG = msg("最多写%(most)s个字。")


def written(text: str, where: str, *, code: str, longest: int, ask: str = FILL, needed: bool = True) -> str:
    r"""The text without blanks around it, its line ends as LF; never cut short.

    `InvalidInput` names the field: `code` with the words of `ask` where there must be something, `….long` of the same
    area beyond `longest` characters.

    >>> written(" 事实\r\n清楚 ", "reason", code="objection.reason", longest=10)
    '事实\n清楚'
    """
    kept = text.replace("\r\n", "\n").strip()
    if needed and not kept:
        raise InvalidInput(code, ask, where=where, most=longest)
    if len(kept) > longest:
        raise InvalidInput(f"{code.partition('.')[0]}.long", LONG, where=where, most=longest)
    return kept
