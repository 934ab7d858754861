"""Which hearings must be observed: some by their nature, the rest by lot, until each institution has its share.

    obligatory(hearing) -> Why | None                     first case, mass, major; the first that holds
    missing(observed, planned=, target=) -> int           cases still to be planned
    chosen(hearings, wanted, seed) -> list[Chosen]        all obligatory ones, then the smallest tickets
    dealt(chosen, able, loads) -> (given, left)           by date; the least loaded of those who may go
    quarter(day), year_to_quarter(day)                    first and last day

Obligatory cases count towards the share; were they beside it, an office with many mass cases would be sent twice.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from qualityeval.core.coverage import Rate, still_needed
from qualityeval.core.sampling import first_tickets
from qualityeval.core.targeted import Limits

SHARE = Fraction(1, 20)  # of the cases heard in a year
MAJOR = frozenset(("高", "高风险", "重大", "high", "major"))
MASS = Limits().mass


class Why(StrEnum):
    """Why a hearing is observed; the first four are found by rule, the last is a manager's own choice."""

    FIRST_CASE = "first_case"
    MASS = "mass"
    MAJOR = "major"
    DRAWN = "drawn"
    CHOSEN = "chosen"


@dataclass(frozen=True, slots=True)
class Hearing:
    """A hearing on the calendar. `first`: the practitioner has no earlier aid case; `series`: cases of its series."""

    key: str
    place: int
    day: date
    first: bool = False
    series: int = 0
    risk: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A hearing to observe, and why."""

    hearing: Hearing
    why: Why


def obligatory(hearing: Hearing) -> Why | None:
    """The rule by which it must be observed whatever the lot says.

    >>> obligatory(Hearing("330102:1", 1, date(2026, 11, 25), series=12, risk="高"))
    <Why.MASS: 'mass'>
    """
    if hearing.first:
        return Why.FIRST_CASE
    if hearing.series >= MASS:
        return Why.MASS
    return Why.MAJOR if hearing.risk.strip().lower() in MAJOR else None


def missing(observed: Rate, *, planned: int, target: Fraction = SHARE) -> int:
    """Cases to plan so that observed and planned together reach the target, rounded up to whole cases.

    120 heard, of them 2 observed and 1 planned: 5 % are 6, so 3 are missing.

    >>> missing(Rate(2, 120), planned=1)
    3
    """
    return max(0, still_needed(observed, target) - planned)


def chosen(hearings: Iterable[Hearing], wanted: Mapping[int, int], seed: str) -> list[Chosen]:
    """All obligatory hearings, and by lot as many more of each institution as `wanted` still lacks; by day and key.

    The lot is the draw's own: the smallest tickets H(seed, "draw", key) of the institution's other hearings.
    """
    places: dict[int, list[Hearing]] = defaultdict(list)
    for one in hearings:
        places[one.place].append(one)
    found: list[Chosen] = []
    for place, them in places.items():
        must = [Chosen(one, why) for one in them if (why := obligatory(one))]
        rest = {one.key: one for one in them if not obligatory(one)}
        more = max(0, wanted.get(place, 0) - len(must))
        lot = [Chosen(rest[ticket.key], Why.DRAWN) for ticket in first_tickets(rest, more, seed=seed)]
        found += must + lot
    return sorted(found, key=lambda one: (one.hearing.day, one.hearing.key.encode()))


def dealt(
    hearings: Sequence[Chosen], able: Mapping[str, Sequence[int]], loads: Mapping[int, int]
) -> tuple[list[tuple[Chosen, int]], list[Chosen]]:
    """Each hearing with its observer, and those that nobody may go to.

    Of the observers who may go, whoever has nothing else dealt that day comes first, then the least loaded.
    """
    load, days = Counter(loads), Counter[tuple[int, date]]()
    given: list[tuple[Chosen, int]] = []
    left: list[Chosen] = []
    for one in hearings:
        day = one.hearing.day
        who = min(able[one.hearing.key], key=lambda it: (days[it, day], load[it], it), default=None)
        if who is None:
            left.append(one)
            continue
        load[who] += 1
        days[who, day] += 1
        given.append((one, who))
    return given, left


def quarter(day: date) -> tuple[date, date]:
    """First and last day of the quarter.

    >>> quarter(date(2026, 11, 25))
    (datetime.date(2026, 10, 1), datetime.date(2026, 12, 31))
    """
    month = (day.month - 1) // 3 * 3 + 1
    after = date(day.year + (month == 10), month % 12 + 3 if month < 10 else 1, 1)
    return date(day.year, month, 1), after - timedelta(days=1)


def year_to_quarter(day: date) -> tuple[date, date]:
    """From New Year to the end of the quarter: the share is of a year, asked for as the year goes on."""
    return date(day.year, 1, 1), quarter(day)[1]
