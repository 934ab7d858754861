"""Entries of the pool that may be one person: the same number, or the same name with the same provider.

    likely_same(entries) -> list[Pair]      pairs by key, the surest ground of each
    Entry(key, name, provider, licence, number)     `number` is any fingerprint of the ID number, "" for none

Two numbers that differ tell two namesakes of one firm apart; a missing number tells nothing.

>>> likely_same([Entry(1, "王伟", "甲所"), Entry(2, "王伟", "甲所")])
[Pair(first=1, second=2, ground='name')]
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

ID_NUMBER, LICENCE, NAME = "id_number", "licence", "name"


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as entered."""

    key: int
    name: str
    provider: str = ""
    licence: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries, the smaller key first, and what they share."""

    first: int
    second: int
    ground: str


def likely_same(entries: Iterable[Entry]) -> list[Pair]:
    """Every pair that shares a number, or name and provider without numbers that tell them apart."""
    shelves: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for one in sorted(entries, key=lambda entry: entry.key):
        if one.number:
            shelves[ID_NUMBER, one.number].append(one)
        if one.licence:
            shelves[LICENCE, one.licence].append(one)
        if one.provider:
            shelves[NAME, one.name, one.provider].append(one)
    found: dict[tuple[int, int], str] = {}
    for ground in (ID_NUMBER, LICENCE, NAME):
        for shelf, them in shelves.items():
            if shelf[0] != ground:
                continue
            for one, other in combinations(them, 2):
                if ground == ID_NUMBER or not _told_apart(one, other, ground):
                    found.setdefault((one.key, other.key), ground)
    return [Pair(*keys, ground) for keys, ground in sorted(found.items())]


def _told_apart(one: Entry, other: Entry, ground: str) -> bool:
    numbers = bool(one.number and other.number) and one.number != other.number
    licences = bool(one.licence and other.licence) and one.licence != other.licence
    return numbers or licences if ground == NAME else False
