"""How often an expert may meet the same practitioner or institution in a year, as gates inside the flow.

    Meetings(limits, groups, had)           what is limited, whom each file lets meet, what was met before
    Meetings.without_loose(files) -> ...    the same without groups that can't reach their limit
    Meetings.nested() -> Meetings | None    groups of each file from the narrow to the wide; None: they cross
    gates_of(wishes, meetings) -> Gates     a gate for each (expert, group) that a wish passes
    is_kept(readers, meetings) -> bool      no expert beyond a limit

Behind a file (or its provider node) the unit passes the gate of (expert, practitioner), then the one of (expert,
institution), then reaches the expert. A flow can say this as long as gates nest: each practitioner in one
institution. Where they cross it can't; see `core.deal_crossing`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from qualityeval.core.spec_parts import MEETING_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qualityeval.core.deal_arcs import Wishes

Group = tuple[str, str]  # what is met (practitioner, institution), and its key
PRACTITIONER, INSTITUTION = MEETING_KINDS


@dataclass(frozen=True, slots=True)
class Meetings:
    """`limits` by kind; `groups`: whom the reader of each file meets; `had`: (expert, group) → meetings before."""

    limits: Mapping[str, int]
    groups: Sequence[tuple[Group, ...]]
    had: Mapping[tuple[int, Group], int] = field(default_factory=dict)

    def room(self, expert: int, group: Group) -> int:
        """How often the expert may still meet the group."""
        return max(0, self.limits[group[0]] - self.had.get((expert, group), 0))

    def without_loose(self) -> Meetings:
        """Without groups that can't reach their limit: fewer files than that, and nobody met them before."""
        files = Counter(group for one in self.groups for group in one)
        met = {group for _expert, group in self.had}
        tight = {group for group, count in files.items() if group in met or count > self.limits[group[0]]}
        kept = [tuple(group for group in one if group in tight) for one in self.groups]
        return replace(self, groups=kept)

    def nested(self) -> Meetings | None:
        """Each file's groups with the narrow before the wide; None where two groups share files and neither holds the other."""
        members: dict[Group, set[int]] = defaultdict(set)
        for index, one in enumerate(self.groups):
            for group in one:
                members[group].add(index)
        # the name decides between groups of the same files, so that all files put them in one order
        ordered = [tuple(sorted(one, key=lambda group: (len(members[group]), group))) for one in self.groups]
        for narrow, wide in {pair for one in ordered for pair in pairwise(one)}:
            if not members[narrow] <= members[wide]:
                return None
        return replace(self, groups=ordered)

    def only(self, kind: str) -> Meetings:
        """The limit of one kind alone."""
        return replace(self, groups=[tuple(one for one in row if one[0] == kind) for row in self.groups])


@dataclass(frozen=True, slots=True)
class Gates:
    """Gate g belongs to `expert[g]`, leads to gate `parent[g]` (-1: to the expert) and lets `room[g]` through.

    `levels[n][row]` is the n-th gate that a row of the wishes passes, -1 for none.
    """

    expert: np.ndarray
    parent: np.ndarray
    room: np.ndarray
    levels: tuple[np.ndarray, ...]
    names: tuple[tuple[int, Group], ...]

    def through(self, used: np.ndarray) -> np.ndarray:
        """How many units pass each gate where these wishes have come true."""
        found = np.zeros(len(self.expert), np.int64)
        for level in self.levels:
            passed = level[used]
            found += np.bincount(passed[passed >= 0], minlength=len(found))
        return found

    def of_rows(self) -> list[list[int]]:
        """The gates that each wish passes; an empty list where there are none at all."""
        if not self.names:
            return []
        both = zip(*(level.tolist() for level in self.levels), strict=True)
        return [[gate for gate in row if gate >= 0] for row in both]


NO_GATES = Gates(*(np.empty(0, np.int64),) * 3, (), ())


def gates_of(wishes: Wishes, meetings: Meetings | None) -> Gates:
    """The gates of all wishes; none without limits."""
    if meetings is None:
        return NO_GATES
    numbers: dict[tuple[int, Group], int] = {}
    parents: dict[int, int] = {}
    groups = meetings.groups
    levels = np.full((max(map(len, groups), default=0), len(wishes.file)), -1, np.int64)
    for row, (file, expert) in enumerate(zip(wishes.file.tolist(), wishes.expert.tolist(), strict=True)):
        passed = [numbers.setdefault((expert, one), len(numbers)) for one in groups[file]]
        levels[: len(passed), row] = passed
        parents |= pairwise(passed)
    size = len(numbers)
    return Gates(
        np.fromiter((expert for expert, _group in numbers), np.int64, size),
        np.fromiter((parents.get(gate, -1) for gate in range(size)), np.int64, size),
        np.fromiter((meetings.room(*one) for one in numbers), np.int64, size),
        tuple(levels),
        tuple(numbers),
    )


def is_kept(readers: Sequence[Sequence[int]], meetings: Meetings | None) -> bool:
    """Whether nobody meets a group more often than allowed."""
    if meetings is None:
        return True
    met = Counter(
        (one, group)
        for got, groups in zip(readers, meetings.groups, strict=True)
        for one in got
        for group in groups
    )
    return all(count <= meetings.room(*pair) for pair, count in met.items())
