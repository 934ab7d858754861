"""Is the register whole? Gaps and doublets in the series of case numbers, and a list of payments beside it.

    serial_of(number) -> Serial | None                  "(2025)临援民字第12号" -> before, 12, after
    series_of(numbers) -> tuple[Series, ...]            what is missing between the lowest and the highest
    doublets(numbers) -> tuple[tuple[str, ...], ...]    numbers that are one when written plainly
    compare(register, payments) -> Compared             paid but not registered, paid twice, unpaid, other amounts

A gap is a question, not a fault: a number may have been skipped, struck out, or belong to a case that isn't closed.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_DIGITS = re.compile(r"\d+")
_BRACKETS = str.maketrans("〔〕【】[]{}﹝﹞（）", "()()()()()()")
WIDEST = 20  # a span of more numbers than so many times the cases is no series but a code with a date in it


@dataclass(frozen=True, slots=True)
class Serial:
    """A number taken apart at its last run of digits."""

    before: str
    number: int
    after: str


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers alike but for their serial; `gaps` are runs (first, last) of serials that nobody has.

    `is_series` is False where the numbers are too far apart to be counted through: then there are no gaps.
    """

    before: str
    after: str
    count: int
    lowest: int
    highest: int
    gaps: tuple[tuple[int, int], ...]
    is_series: bool

    @property
    def missing(self) -> int:
        """How many serials nobody has."""
        return sum(last - first + 1 for first, last in self.gaps)


def plain_number(number: str) -> str:
    """A number as it is compared: NFKC, one kind of brackets, no spaces, capitals, serials without leading zeros.

    >>> plain_number("（2025）临援民字 第007号") == plain_number("〔2025〕临援民字第7号")
    True
    """
    text = unicodedata.normalize("NFKC", number).translate(_BRACKETS).upper()
    return _DIGITS.sub(lambda run: run[0].lstrip("0") or "0", "".join(text.split()))


def serial_of(number: str) -> Serial | None:
    """The serial is the last run of digits; None where there is none, or one too long to be counted."""
    text = plain_number(number)
    runs = list(_DIGITS.finditer(text))
    if not runs or len(runs[-1][0]) > 12:
        return None
    last = runs[-1]
    return Serial(text[: last.start()], int(last[0]), text[last.end() :])


def series_of(numbers: Iterable[str]) -> tuple[Series, ...]:
    """The series of one institution's numbers, by their text.

    >>> (one,) = series_of(["民字第1号", "民字第2号", "民字第5号", "民字第7号"])
    >>> one.gaps, one.missing
    (((3, 4), (6, 6)), 3)
    """
    serials: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number in numbers:
        serial = serial_of(number)
        if serial is not None:
            serials[serial.before, serial.after].add(serial.number)
    return tuple(_series(*key, sorted(found)) for key, found in sorted(serials.items()))


def _series(before: str, after: str, found: Sequence[int]) -> Series:
    lowest, highest = found[0], found[-1]
    is_series = highest - lowest < WIDEST * len(found)
    steps = pairwise(found)
    gaps = tuple((left + 1, right - 1) for left, right in steps if right - left > 1) if is_series else ()
    return Series(before, after, len(found), lowest, highest, gaps, is_series)


def doublets(numbers: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of different numbers that are one when written plainly."""
    alike: dict[str, set[str]] = defaultdict(set)
    for number in numbers:
        alike[plain_number(number)].add(number)
    return tuple(tuple(sorted(group)) for _, group in sorted(alike.items()) if len(group) > 1)


Key = tuple[str, str]  # institution code, case number as written


@dataclass(frozen=True, slots=True)
class Payment:
    """One line of the list: what was paid for which case, whole cents."""

    row: int
    key: Key
    amount: int | None


@dataclass(frozen=True, slots=True)
class Compared:
    """The register beside the list. `differ`: (case, amount registered, amount paid in all)."""

    unregistered: tuple[Payment, ...]
    paid_twice: tuple[tuple[Key, int], ...]
    unpaid: tuple[Key, ...]
    differ: tuple[tuple[Key, int, int], ...]


def compare(register: Mapping[Key, int | None], payments: Sequence[Payment]) -> Compared:
    """Cases match by institution and plain number. Several payments of one case are summed before the amounts are
    compared; a case or a line without an amount isn't compared.
    """
    known = {(place, plain_number(number)): (place, number) for place, number in register}
    lines: Counter[Key] = Counter()
    sums: dict[Key, int] = defaultdict(int)
    unregistered, incomplete = [], set()
    for one in payments:
        case = known.get((one.key[0], plain_number(one.key[1])))
        if case is None:
            unregistered.append(one)
            continue
        lines[case] += 1
        sums[case] += one.amount or 0
        if one.amount is None:
            incomplete.add(case)
    differ = [
        (case, amount, sums[case])
        for case in sorted(lines)
        if (amount := register[case]) is not None and case not in incomplete and amount != sums[case]
    ]
    return Compared(
        tuple(unregistered), tuple((case, n) for case, n in sorted(lines.items()) if n > 1),
        tuple(sorted(case for case in register if case not in lines)), tuple(differ),
    )  # fmt: skip
