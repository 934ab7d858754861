"""Dealing files to experts: random candidates, then one maximum flow, with even loads.

    deal(files, experts, deal_seed=, width=12) -> Deal
    Expert(code, provider="", cap=None, quota=None)         in the byte order of the codes
    File(key, demand, eligible, preferred=())               `eligible`: ascending indices of experts
    Deal: readers (per file, indices of experts), loads, even, level, unfilled

Why random candidates: an optimal flow over whole classes of equal cases deals the same pairs again and
again and splits the judges into islands, so that a strict expert can't be told from a weak institution.
Why the shared extra unit: a cap at the rounded-up average lets one expert idle; a floor for everybody
plus a shared pool of the remainder gives everybody floor or ceil.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qualityeval.core.all_but import AllBut
from qualityeval.core.deal_crossing import MOST_EXACT, cut_back, exact
from qualityeval.core.deal_cut import Shortage, alone, shortages
from qualityeval.core.deal_joining import joined
from qualityeval.core.deal_meetings import INSTITUTION, Meetings, is_kept
from qualityeval.core.deal_minutes import Costs, evened, minutes_of
from qualityeval.core.deal_network import Filled, Network
from qualityeval.core.deal_state import Capacities
from qualityeval.core.deal_stream import candidates_of_all
from qualityeval.core.digests import digest

WIDTH = 12


@dataclass(frozen=True, slots=True)
class Expert:
    """A reader. `cap` is a ceiling, `quota` a target of the expert's own; None where there is none."""

    code: str
    provider: str = ""
    cap: int | None = None
    quota: int | None = None

    @property
    def limit(self) -> int | None:
        """The most that may be dealt to them: the smaller of cap and quota, None without either."""
        return min((one for one in (self.cap, self.quota) if one is not None), default=None)


@dataclass(frozen=True, slots=True)
class File:
    """A file that `demand` different experts shall read; of the eligible the `preferred` are asked first."""

    key: str
    demand: int
    eligible: Sequence[int]
    preferred: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A file that lacks `missing` readers: whoever may read it is full, or too few may."""

    key: str
    missing: int


@dataclass(frozen=True, slots=True)
class Deal:
    """Who reads what. `even`: every load is floor or ceil of the average (or the quota).

    Where that couldn't be had, `level` is the least ceiling with which as many slots are filled as
    eligibility and caps allow at all. `shortages` say why slots stay open. `minutes`: what the experts carried before the
    minutes were evened, and after; empty where only files count.
    """

    readers: tuple[tuple[int, ...], ...]
    loads: tuple[int, ...]
    even: bool
    level: int
    unfilled: tuple[Unfilled, ...]
    shortages: tuple[Shortage, ...] = ()
    minutes: tuple[tuple[int, ...], ...] = ()


def deal(
    files: Sequence[File],
    experts: Sequence[Expert],
    *,
    deal_seed: str,
    width: int = WIDTH,
    meetings: Meetings | None = None,
    costs: Costs | None = None,
) -> Deal:
    """Deal every slot that can be filled; two experts of one provider never share a file, nobody meets too often.

    For each file `width` random candidates from its own stream, widened to all eligible where that
    falls short; then islands of the judging graph are joined by exchanges. Deterministic in the bytes of keys, codes and seed.
    Limits of meeting that cross are kept too: exactly up to `MOST_EXACT` slots, above it without the promise that every
    slot is filled that could be. With `costs` the minutes are evened by exchanges that leave every number of files as it is.
    """
    wished = wishes_of(files, deal_seed=deal_seed, width=width)
    nested = meetings.without_loose().nested() if meetings else None
    if meetings and nested is None:
        meetings = meetings.without_loose()
        dealt = _crossing(files, experts, wished, meetings)
    else:
        meetings = nested
        dealt = _by_flow(files, experts, wished, nested)
    return dealt if costs is None else _with_even_minutes(files, experts, dealt, meetings, costs)


def _with_even_minutes(
    files: Sequence[File], experts: Sequence[Expert], dealt: Deal, meetings: Meetings | None, costs: Costs
) -> Deal:
    readers = evened(files, experts, dealt.readers, costs, meetings=meetings)
    readers = joined(files, experts, readers, keeps=lambda changed: is_kept(changed, meetings))
    both = tuple(tuple(minutes_of(one, costs, len(experts))) for one in (dealt.readers, readers))
    return replace(dealt, readers=readers, minutes=both)


def _by_flow(
    files: Sequence[File], experts: Sequence[Expert], wished: np.ndarray, meetings: Meetings | None
) -> Deal:
    network = Network(files, experts, wished, meetings)
    slots = sum(one.demand for one in files)
    fair, level = fair_capacities(experts, slots)
    best = network.filled(fair)
    even = best.size == slots
    why: tuple[Shortage, ...] = ()
    if not even:
        most = network.filled(capped(experts, slots))
        why = shortages(files, experts, most, meetings)
        if most.size > best.size:
            level, best = _least_level(network, experts, level - 1, target=most.size, highest=slots)
    readers = joined(files, experts, best.readers, keeps=lambda changed: is_kept(changed, meetings))
    return _result(files, experts, readers, level=level, even=even, why=why)


def _crossing(
    files: Sequence[File], experts: Sequence[Expert], wished: np.ndarray, meetings: Meetings
) -> Deal:
    slots = sum(one.demand for one in files)
    if slots <= MOST_EXACT:
        readers = exact(files, experts, wished.tolist(), meetings)
    else:
        wide = _by_flow(files, experts, wished, meetings.only(INSTITUTION).nested())
        readers = cut_back(files, experts, wide.readers, meetings)
    readers = joined(files, experts, readers, keeps=lambda changed: is_kept(changed, meetings))
    loads = Counter(one for got in readers for one in got)
    level, why = max(loads.values(), default=0), alone(files, readers)
    is_even = not why and level - min(loads[one] for one in range(len(experts))) <= 1
    return _result(files, experts, readers, level=level, even=is_even, why=why)


def wishes_of(files: Sequence[File], *, deal_seed: str, width: int) -> np.ndarray:
    """A row of random candidates for each file, filled up with -1."""
    first = [one.preferred or one.eligible for one in files]
    table = candidates_of_all(deal_seed, [one.key for one in files], first, width)
    short = [i for i, one in enumerate(files) if one.preferred and len(one.preferred) < width]
    if short:
        rest = [AllBut(files[i].eligible, frozenset(files[i].preferred)) for i in short]
        more = candidates_of_all(digest(deal_seed, "others"), [files[i].key for i in short], rest, width)
        for index, row in zip(short, more, strict=True):
            known = len(files[index].preferred)
            table[index, known:] = row[: width - known]
    return table


def fair_capacities(experts: Sequence[Expert], slots: int) -> tuple[Capacities, int]:
    """Floor of the average for each expert and the remainder in a shared pool, within caps and quotas.

    Water filling: who is capped below the average leaves the rest to the others. Returns the ceiling
    (floor + 1 where there is a remainder) beside the capacities.
    """
    own = [_limit(one, one.quota if one.quota is not None else 0) for one in experts]
    free = [index for index, one in enumerate(experts) if one.quota is None]
    rest = max(0, slots - sum(own))
    floor = _water_level([_cap(experts[index], slots) for index in free], rest)
    for index in free:
        own[index] = _limit(experts[index], floor)
    pool = max(0, rest - sum(own[index] for index in free))
    extra = [one.quota is None and _cap(one, slots) > floor for one in experts]
    return Capacities(tuple(own), tuple(extra), pool), floor + (1 if pool else 0)


def capped(experts: Sequence[Expert], level: int) -> Capacities:
    """Up to `level` for each, within caps; a quota stays what it is."""
    own = tuple(_limit(one, level if one.quota is None else one.quota) for one in experts)
    return Capacities(own, (False,) * len(experts), 0)


def _least_level(
    network: Network, experts: Sequence[Expert], low: int, *, target: int, highest: int
) -> tuple[int, Filled]:
    """The least ceiling above `low` with which `target` slots fill, by halving; the same as by ones."""
    high, best = highest, network.filled(capped(experts, highest))
    while high - low > 1:
        middle = (low + high) // 2
        found = network.filled(capped(experts, middle))
        if found.size == target:
            high, best = middle, found
        else:
            low = middle
    return high, best


def _water_level(caps: Sequence[int], rest: int) -> int:
    """The largest whole level at which all together hold no more than `rest`."""
    low, high = 0, rest
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(cap, middle) for cap in caps) <= rest:
            low = middle
        else:
            high = middle - 1
    return low


def _cap(expert: Expert, slots: int) -> int:
    return slots if expert.cap is None else min(expert.cap, slots)


def _limit(expert: Expert, count: int) -> int:
    return count if expert.cap is None else min(expert.cap, count)


def _result(
    files: Sequence[File],
    experts: Sequence[Expert],
    readers: Sequence[tuple[int, ...]],
    *,
    level: int,
    even: bool,
    why: tuple[Shortage, ...],
) -> Deal:
    loads = [0] * len(experts)
    for one in readers:
        for expert in one:
            loads[expert] += 1
    unfilled = tuple(
        Unfilled(file.key, file.demand - len(got))
        for file, got in zip(files, readers, strict=True)
        if len(got) < file.demand
    )
    return Deal(tuple(readers), tuple(loads), even, level, unfilled, why)
