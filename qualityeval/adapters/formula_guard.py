"""Text that a spreadsheet would run as a formula, kept from running in a CSV file and given back when read.

    guarded(text) -> text       with one ' in front where needed
    unguarded(cell) -> text     the exact inverse for every text

Dangerous is a text that begins with = + - @, a tab or a line break, full-width forms, leading spaces and quotes
included; a plain number (-3, +1.5, -5%) is not.
"""

import re

_RISKY = re.compile(r"\s*'*\s*[=+\-@\t\r\n＝＋－＠]")
_PLAIN_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)%?")


def guarded(text: str) -> str:
    """The text as a CSV cell that no spreadsheet runs."""
    if text and _RISKY.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unguarded(cell: str) -> str:
    """The text behind a guarded cell; every other cell as it is."""
    return cell[1:] if cell[:1] == "'" and guarded(cell[1:]) == cell else cell
