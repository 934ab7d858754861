"""Words under which a case is found: the same terms when it is stored and when it is looked for.

    stored_terms(texts, initials=()) -> str      what `Case.search_text` holds: terms joined by one space
    asked_terms(text) -> tuple[Term, ...]        all of them must be found; () where nothing can be looked for

Chinese is cut into pairs of neighbouring characters (and each run's last character alone, so that one
character finds its runs by their beginnings); letters and digits stay together and are found by their
beginning. A number is also found without its leading zeros and, when long, by its last 6 or 4 signs.
Both databases index these terms as they are: no tokenizer of theirs decides what is found.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"([{_HAN}]+)|((?:(?![{_HAN}])[^\\W_])+)")
LONGEST = 60
TAILS = (6, 4)
SHORT = 6
MOST_ASKED = 24


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for; `is_prefix`: every stored term that begins with it fits."""

    text: str
    is_prefix: bool


def folded(text: str) -> str:
    """Compatibility forms made plain (full width, 〔 stays), small letters."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()


def stored_terms(texts: Iterable[str], initials: Iterable[str] = ()) -> str:
    """The terms of a case's texts, with pinyin initials of names, each group in the order given."""
    return " ".join([*filter(None, map(terms_of, texts)), *filter(None, map(folded, initials))])


@lru_cache(maxsize=1 << 15)
def terms_of(text: str) -> str:
    """The terms of one text, joined by spaces; registers repeat their texts, so they are remembered."""
    terms: list[str] = []
    for han, other in _RUN.findall(folded(text)):
        terms += _pairs(han) if han else _word(other[:LONGEST])
    return " ".join(terms)


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run))]


def _word(run: str) -> list[str]:
    terms = [run]
    if run[0] == "0" and (bare := run.lstrip("0")):
        terms.append(bare)
    if len(run) > SHORT:
        terms += [run[-tail:] for tail in TAILS if len(run) > tail + 2]
    return terms


def asked_terms(text: str) -> tuple[Term, ...]:
    """What a typed text asks for."""
    found: list[Term] = []
    for han, other in _RUN.findall(folded(text)):
        if other:
            found.append(Term(other[:LONGEST], is_prefix=True))
        elif len(han) == 1:
            found.append(Term(han, is_prefix=True))
        else:
            found += [Term(pair, is_prefix=False) for pair in _pairs(han)[:-1]]
    return tuple(dict.fromkeys(found))[:MOST_ASKED]
