"""Why slots stay open: a minimum cut of the deal's flow as figures that anyone can add up.

    shortages(files, experts, filled, meetings) -> tuple[Shortage, ...]
    alone(files, readers) -> tuple[Shortage, ...]       where there is no cut to be told

Max-flow min-cut (Ford and Fulkerson 1956): as many slots are filled as the arcs across a minimum cut let through,
so the files on its near side lack exactly their demand less those arcs. The arcs are: what full experts may carry,
how often others may still meet the same practitioner or institution, and single places that are taken already.

Two files want two readers each; only E0 (cap 1) may read the first, E0 and E1 the second. E0 can come once, E1 once:
of four slots two stay open, and the rule is E0's cap.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qualityeval.core.deal_meetings import Meetings
    from qualityeval.core.deal_network import Cut, Filled
    from qualityeval.core.dealing import Expert, File

FULL, MEETINGS, SAME_FIRM, FEW = "full", "meetings", "same_firm", "few"


@dataclass(frozen=True, slots=True)
class Shortage:
    """Files that compete: they ask for `demand` readers, and `room` + `met_room` + `places` is all that there can be.

    `full`: experts who carry what cap or quota allows, `room` in all; `met`: experts who meet a practitioner or an
    institution of these files as often as allowed, `met_room` in all; `places`: readers beside these, each for one file.
    `rule` of FULL, MEETINGS, SAME_FIRM (enough may read, of too few providers) or FEW (too few may read at all).
    """

    keys: tuple[str, ...]
    demand: int
    full: tuple[int, ...]
    room: int
    met: tuple[int, ...]
    met_room: int
    places: int
    rule: str

    @property
    def missing(self) -> int:
        """Slots that no deal can fill."""
        return self.demand - self.room - self.met_room - self.places


def shortages(
    files: Sequence[File], experts: Sequence[Expert], filled: Filled, meetings: Meetings | None = None
) -> tuple[Shortage, ...]:
    """One for each group of files that compete for the same experts, the largest shortage first; none when all is filled.

    `filled` is a maximum flow with everybody at cap or quota and no other ceiling.
    """
    if filled.cut is None:
        return ()
    groups = _competing(files, filled.cut, meetings)
    found = [_shortage(files, experts, filled, members, meetings) for members in groups]
    return tuple(sorted((one for one in found if one.missing), key=lambda one: (-one.missing, one.keys)))


def alone(files: Sequence[File], readers: Sequence[Sequence[int]]) -> tuple[Shortage, ...]:
    """Each file with open slots by itself, where limits of meeting cross and no cut can be told."""
    return tuple(
        Shortage((file.key,), file.demand, (), 0, (), 0, len(got), MEETINGS)
        for file, got in zip(files, readers, strict=True)
        if len(got) < file.demand
    )


def _competing(files: Sequence[File], cut: Cut, meetings: Meetings | None) -> list[list[int]]:
    """The files of the cut, those together that share a full expert or a shut gate."""
    root: dict[object, object] = {}

    def find(one: object) -> object:
        root.setdefault(one, one)
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    shared: dict[int, list[int]] = {}  # many files have one list of the eligible
    for index in cut.files:
        eligible = files[index].eligible
        me = find(("file", index))
        if id(eligible) not in shared:
            shared[id(eligible)] = [one for one in eligible if one in cut.experts]
            for one in shared[id(eligible)]:
                root[find(one)] = find(me)
        for one in shared[id(eligible)][:1]:
            root[find(one)] = find(me)
        for group in meetings.groups[index] if meetings and cut.gates else ():
            for one in eligible:
                if (one, group) in cut.gates:
                    root[find((one, group))] = find(me)
    members: dict[object, list[int]] = defaultdict(list)
    for index in cut.files:
        members[find(("file", index))].append(index)
    return list(members.values())


def _shortage(
    files: Sequence[File],
    experts: Sequence[Expert],
    filled: Filled,
    members: list[int],
    meetings: Meetings | None,
) -> Shortage:
    cut = filled.cut
    if cut is None:
        raise ValueError("nothing is missing")
    may = _all_of(files[index].eligible for index in members)
    full = sorted(may & cut.experts)
    mine = {group for index in members for group in meetings.groups[index]} if meetings else set()
    shut = {pair: room for pair, room in cut.gates.items() if pair[1] in mine and pair[0] in may}
    places = sum(
        one not in cut.experts
        and not any((one, group) in shut for group in (meetings.groups[index] if meetings else ()))
        for index in members
        for one in filled.readers[index]
    )
    demand = sum(files[index].demand for index in members)
    return Shortage(
        tuple(files[index].key for index in members), demand,
        tuple(full), sum(experts[one].limit or 0 for one in full),
        tuple(sorted({one for one, _group in shut})), sum(shut.values()), places,
        _rule(files, members, full, shut),
    )  # fmt: skip


def _all_of(lists: Iterable[Sequence[int]]) -> set[int]:
    known = {id(one): one for one in lists}
    return {member for one in known.values() for member in one}


def _rule(files: Sequence[File], members: list[int], full: list[int], shut: object) -> str:
    if full:
        return FULL
    if shut:
        return MEETINGS
    return FEW if any(len(files[index].eligible) < files[index].demand for index in members) else SAME_FIRM
