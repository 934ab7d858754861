"""Pinyin initials, so that 王小明 is found by wxm. Readings are pypinyin's.

person_initials(name) -> str      character by character; the surname as surnames are read (单 is s)
phrase_initials(text) -> str      words read as words (重庆 is cq); for names of firms and causes
"""

import re
from functools import lru_cache

# surnames whose usual reading as a word begins with another letter
SURNAMES = {"单": "s", "解": "x", "仇": "q", "查": "z", "曾": "z", "区": "o", "朴": "p", "翟": "z", "员": "y",
            "冼": "x", "缪": "m", "乐": "y", "召": "s", "尉": "y", "万俟": "mq", "盖": "g", "覃": "q", "种": "c"}  # fmt: skip
_HAN = re.compile("[\u3400-\u9fff]")


def _first_letters(text: str) -> list[str]:
    """One for each character; the dictionary of readings is a fifth of a start, so whoever needs none waits for none."""
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(text, style=Style.FIRST_LETTER)  # type: ignore[no-any-return]


@lru_cache(maxsize=1 << 15)
def _letter(character: str) -> str:
    """The initial of one character; a letter or digit stays, anything else is nothing."""
    if not _HAN.match(character):
        return character.lower() if character.isalnum() and character.isascii() else ""
    letter = _first_letters(character)[0]
    return letter if letter.isascii() else ""


def person_initials(name: str) -> str:
    """The initials of a person's name; "" for a name without Chinese."""
    if not _HAN.search(name):
        return ""
    start = next((surname for surname in (name[:2], name[:1]) if surname in SURNAMES), "")
    return SURNAMES.get(start, "") + "".join(map(_letter, name[len(start) :]))


@lru_cache(maxsize=1 << 14)
def phrase_initials(text: str) -> str:
    """The initials of a name of several words; "" for one without Chinese."""
    if not _HAN.search(text):
        return ""
    letters = _first_letters("".join(filter(str.isalnum, text)))
    return "".join(letter for letter in letters if letter.isascii()).lower()
