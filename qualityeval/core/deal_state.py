"""Where a deal stands while its flow is solved: which wishes have come true, who holds what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qualityeval.core.deal_arcs import FIRST, POOL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualityeval.core.deal_arcs import Wishes
    from qualityeval.core.deal_meetings import Gates


@dataclass(frozen=True, slots=True)
class Capacities:
    """What each expert takes: `own` for sure, one more from the shared `pool` where `extra` allows."""

    own: tuple[int, ...]
    extra: tuple[bool, ...]
    pool: int


def first_come(
    wishes: Wishes, demands: np.ndarray, providers: np.ndarray, own: Sequence[int], gates: Gates
) -> np.ndarray:
    """Which wishes come true where each file takes its first ones that have room, one a provider."""
    room, firm_of, expert, starts = (
        list(own),
        providers.tolist(),
        wishes.expert.tolist(),
        wishes.starts.tolist(),
    )
    taken = []
    gate_room = gates.room.tolist()
    passed = gates.of_rows()
    for index, demand in enumerate(demands.tolist()):
        left, firms = demand, []
        for row in range(starts[index], starts[index + 1]):
            if not left:
                break
            one = expert[row]
            if room[one] > 0 and firm_of[one] not in firms:
                if passed:
                    if not all(gate_room[gate] for gate in passed[row]):
                        continue
                    for gate in passed[row]:
                        gate_room[gate] -= 1
                taken.append(row)
                room[one] -= 1
                left -= 1
                if firm_of[one]:
                    firms.append(firm_of[one])
    used = np.zeros(len(expert), bool)
    used[taken] = True
    return used


class State:
    """Which wishes have come true, the loads, and who holds a unit of the shared pool."""

    def __init__(
        self, capacities: Capacities, wishes: Wishes, used: np.ndarray, pooled: np.ndarray | None = None
    ) -> None:
        self.capacities, self.wishes, self.used = capacities, wishes, used
        self.pooled = np.zeros(len(capacities.own), bool) if pooled is None else pooled

    @property
    def size(self) -> int:
        """How many slots are filled."""
        return int(self.used.sum())

    @property
    def loads(self) -> np.ndarray:
        """How many files each expert has."""
        return np.bincount(self.wishes.expert[self.used], minlength=len(self.capacities.own))

    def got(self, files: int) -> np.ndarray:
        """How many readers each file has."""
        return np.bincount(self.wishes.file[self.used], minlength=files)

    def on(self, wishes: Wishes) -> State:
        """The same readers among more wishes."""
        if wishes is self.wishes:
            return self
        span = len(self.capacities.own)
        here = (self.wishes.file * span + self.wishes.expert)[self.used]
        used = np.isin(wishes.file * span + wishes.expert, here)
        return State(self.capacities, wishes, used, self.pooled)

    def move(
        self,
        tail: np.ndarray,
        head: np.ndarray,
        value: np.ndarray,
        *,
        files: int,
        owners: np.ndarray,
        gate_experts: np.ndarray,
    ) -> None:
        """Let the arcs of a flow come true: a unit to an expert is a reader more, one back a reader less."""
        first, span = FIRST + files, len(self.capacities.own)
        gate = first + span + len(owners)
        # from a file or its provider node to an expert or that expert's gate
        is_expert = ((head >= first) & (head < first + span) | (head >= gate)) & (
            (tail >= FIRST) & (tail < first) | (tail >= first + span) & (tail < gate)
        )
        node = tail[is_expert]
        file = np.where(node < first, node - FIRST, np.append(owners, 0)[np.maximum(node - first - span, -1)])
        changed = np.isin(np.arange(files), file)
        rows = np.flatnonzero(changed[self.wishes.file])
        heads = head[is_expert]
        beyond = np.append(gate_experts, 0)[np.maximum(heads - gate, -1)]
        moves = file * span + np.where(heads < gate, heads - first, beyond)
        order = np.argsort(moves)
        keys = self.wishes.file[rows] * span + self.wishes.expert[rows]
        at = np.minimum(np.searchsorted(moves[order], keys), len(moves) - 1)
        hit = moves[order][at] == keys
        self.used[rows[hit]] = (value[is_expert][order] > 0)[at[hit]]
        lent = (head == POOL) & (tail >= first) & (tail < first + span)
        self.pooled[tail[lent] - first] = value[lent] > 0

    def readers(self, files: int) -> tuple[tuple[int, ...], ...]:
        """The experts of each file, ascending."""
        file, expert = self.wishes.file[self.used], self.wishes.expert[self.used]
        in_order = expert[np.lexsort((expert, file))].tolist()
        ends = np.cumsum(self.got(files)).tolist()
        return tuple(tuple(in_order[a:b]) for a, b in zip([0, *ends], ends, strict=False))
