"""Even minutes after even files: two experts exchange a file each, so that nobody's number of files changes.

    evened(files, experts, readers, costs, meetings=) -> readers
    minutes_of(readers, costs, experts) -> list       what each expert carries

The flow promises floor or ceil of the average in files; this step keeps that and lessens the sum of squares of
the minutes with every exchange, so the heaviest never gets heavier nor the lightest lighter. It is a descent, not
an optimum: it stops where the pairs that it tries have nothing to exchange.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qualityeval.core.deal_joining import may_join, replaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qualityeval.core.deal_meetings import Group, Meetings
    from qualityeval.core.dealing import Expert, File

MOST_ROUNDS, IDLE_ROUNDS, MOST_TRIALS = 60, 6, 200
FEW = 40  # so many experts are tried each with each


@dataclass(frozen=True, slots=True)
class Costs:
    """Minutes of each file, and what experts carry from before by index."""

    files: Sequence[int]
    carried: Mapping[int, int] = field(default_factory=dict)


def minutes_of(readers: Sequence[Sequence[int]], costs: Costs, experts: int) -> list[int]:
    """Minutes that each expert carries, what they carried before among them."""
    loads = [costs.carried.get(one, 0) for one in range(experts)]
    for got, minutes in zip(readers, costs.files, strict=True):
        for one in got:
            loads[one] += minutes
    return loads


def evened(
    files: Sequence[File],
    experts: Sequence[Expert],
    readers: Sequence[tuple[int, ...]],
    costs: Costs,
    *,
    meetings: Meetings | None = None,
) -> tuple[tuple[int, ...], ...]:
    """The same deal with more even minutes: eligibility, preference, providers, meetings and numbers of files kept.

    Deterministic: the heaviest is paired with the lightest, the next with the next, and the partners move on by one
    each round (of a few experts each is paired with each); ties by index.
    """
    table = _Table(files, experts, list(readers), costs, meetings)
    idle = 0
    for turn in range(MOST_ROUNDS):
        idle = 0 if table.turned(turn) else idle + 1
        if idle == IDLE_ROUNDS:
            break
    return tuple(table.readers)


class _Table:
    """The deal while it is evened: who holds which files, minutes, and how often each meets whom."""

    def __init__(
        self,
        files: Sequence[File],
        experts: Sequence[Expert],
        readers: list[tuple[int, ...]],
        costs: Costs,
        meetings: Meetings | None,
    ) -> None:
        self.files, self.experts, self.readers = files, experts, readers
        self.costs, self.meetings = costs.files, meetings
        self.loads = minutes_of(readers, costs, len(experts))
        self.held: list[list[int]] = [[] for _ in experts]
        self.met: Counter[tuple[int, Group]] = Counter()
        for index, got in enumerate(readers):
            for one in got:
                self.held[one].append(index)
                self._meet(one, index, 1)

    def turned(self, turn: int) -> bool:
        """One round of exchanges between the heavier and the lighter half; whether there was any."""
        ranked = sorted(
            (one for one, held in enumerate(self.held) if held), key=lambda one: (-self.loads[one], one)
        )
        half = len(ranked) // 2
        if len(ranked) <= FEW:
            pairs = [(one, other) for place, one in enumerate(ranked) for other in ranked[:place:-1]]
        else:
            pairs = [(ranked[place], ranked[-1 - (place + turn) % half]) for place in range(half)]
        return sum(self._exchanged(heavy, light) for heavy, light in pairs) > 0

    def _exchanged(self, heavy: int, light: int) -> bool:
        for trial, (give, take) in enumerate(self._offers(heavy, light)):
            if trial == MOST_TRIALS:
                return False
            if (
                self._may_take(give, light, heavy)
                and self._may_take(take, heavy, light)
                and self._may_meet(give, take, heavy, light)
            ):
                self._move(give, heavy, light)
                self._move(take, light, heavy)
                return True
        return False

    def _offers(self, heavy: int, light: int) -> Iterator[tuple[int, int]]:
        """(file to give, file to take) that lessen the difference, the best first."""
        gap = self.loads[heavy] - self.loads[light]
        if gap < 2:
            return
        found = [
            (abs(2 * (self.costs[give] - self.costs[take]) - gap), give, take)
            for give in self.held[heavy]
            for take in self.held[light]
            if 0 < self.costs[give] - self.costs[take] < gap
        ]
        for _far, give, take in sorted(found):
            yield give, take

    def _may_take(self, index: int, newcomer: int, leaving: int) -> bool:
        file = self.files[index]
        known = newcomer in file.preferred or leaving not in file.preferred
        return known and may_join(file, self.experts, self.readers[index], newcomer, leaving=leaving)

    def _may_meet(self, give: int, take: int, heavy: int, light: int) -> bool:
        if self.meetings is None:
            return True
        here, there = self.meetings.groups[give], self.meetings.groups[take]
        return all(
            self.met[one, group] < self.meetings.room(one, group)
            for one, new, old in ((light, here, there), (heavy, there, here))
            for group in new
            if group not in old
        )

    def _meet(self, one: int, index: int, more: int) -> None:
        if self.meetings is not None:
            self.met.update({(one, group): more for group in self.meetings.groups[index]})

    def _move(self, index: int, old: int, new: int) -> None:
        self.readers[index] = replaced(self.readers[index], old, new)
        self.held[old].remove(index)
        self.held[new].append(index)
        for one, more in ((old, -1), (new, 1)):
            self.loads[one] += more * self.costs[index]
            self._meet(one, index, more)
