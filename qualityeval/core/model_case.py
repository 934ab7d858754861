"""Model cases (典型案例): what may be told of one, and that nobody can be known from it.

names_in(text, names) -> tuple      which of the names or numbers stand in it, written together or apart
"""

import re
import unicodedata
from collections.abc import Iterable

LONGEST, LONGEST_TITLE, LONGEST_DECISION = 4_000, 200, 400
_GAPS = re.compile(r"[\s·•．.]+")


def names_in(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names (of people, firms, cases) that stand in the text, in their order; blanks and dots don't hide one.

    Names of one character are left out: they would be found in any text.

    >>> names_in("受援人张 三的律师及时会见", ["张三", "李四", "王"])
    ('张三',)
    """
    plain = _plain(text)
    return tuple(dict.fromkeys(name for name in names if len(_plain(name)) > 1 and _plain(name) in plain))


def _plain(text: str) -> str:
    return _GAPS.sub("", unicodedata.normalize("NFKC", text)).casefold()
