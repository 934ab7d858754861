"""The flow network of a deal: source -> file -> (one node a provider) -> expert -> sink.

Each expert has an arc of the own capacity straight to the sink and, where allowed, one unit through a
shared pool. Each file first takes its random candidates in their order while they have room; scipy's
Dinic then completes this to a maximum flow. (From an empty start Dinic meets experts in the order of
their numbers and deals neighbours to each other again and again.) A file in reach of unmet demand gets
all its eligible experts and the flow is solved again, until nothing is gained: then the minimum cut
lies in the rules, not in the random candidates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qualityeval.core.deal_arcs import FIRST, POOL, SINK, SOURCE, Nodes, Wishes, provider_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualityeval.core.dealing import Expert, File


@dataclass(frozen=True, slots=True)
class Capacities:
    """What each expert takes: `own` for sure, one more from the shared `pool` where `extra` allows."""

    own: tuple[int, ...]
    extra: tuple[bool, ...]
    pool: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A maximum flow: the readers of each file, and how many slots they fill."""

    readers: tuple[tuple[int, ...], ...]
    size: int


class Network:
    """Files, experts and the arcs between them; arcs only ever grow. `chosen`: a row of wishes a file."""

    def __init__(self, files: Sequence[File], experts: Sequence[Expert], chosen: np.ndarray) -> None:
        self.files = files
        self.demands = np.fromiter((one.demand for one in files), np.int64, len(files))
        self.slots = int(self.demands.sum())
        numbers = {"": 0}
        self.providers = np.fromiter(
            (numbers.setdefault(one.provider, len(numbers)) for one in experts), np.int64, len(experts)
        )
        self.first_wishes = self.wishes = Wishes.of_table(chosen)

    def filled(self, capacities: Capacities) -> Filled:
        """The most slots that these capacities allow, widening the files that stand in the way."""
        used = _first_come(self.first_wishes, self.demands, self.providers, capacities.own)
        state = _State(capacities, self.first_wishes, used).on(self.wishes)
        while state.size < self.slots:
            left = self._complete(state)
            if state.size == self.slots or not self._widen(left):
                break
            state = state.on(self.wishes)
        return Filled(state.readers(len(self.files)), state.size)

    def _complete(self, state: _State) -> Any:
        """Solve what is left of the network and move the readers accordingly; what is left after that."""
        from scipy.sparse.csgraph import maximum_flow

        nodes = provider_nodes(
            state.wishes, state.used, self.providers, first=FIRST + len(self.files) + len(self.providers)
        )
        graph = self._residual(state, nodes)
        flow = maximum_flow(graph, SOURCE, SINK, method="dinic").flow
        moved = np.flatnonzero(flow.data)
        tail = np.searchsorted(flow.indptr, moved, "right") - 1
        state.move(tail, flow.indices[moved], flow.data[moved], files=len(self.files), owners=nodes.owners)
        return graph - flow

    def _residual(self, state: _State, nodes: Nodes) -> Any:
        from scipy.sparse import csr_array

        first = FIRST + len(self.files)
        experts = first + np.arange(len(self.providers))
        firms = first + len(self.providers) + np.arange(len(nodes.owners))
        busy = np.zeros(len(firms), bool)
        busy[nodes.before[state.used & (nodes.before >= first)] - first - len(self.providers)] = True
        lent = np.array(state.capacities.extra, bool) & ~state.pooled
        arcs: list[tuple[Any, Any, Any]] = [
            (SOURCE, FIRST + np.arange(len(self.files)), self.demands - state.got(len(self.files))),
            _turned(nodes.before, first + state.wishes.expert, state.used),
            _turned(FIRST + nodes.owners, firms, busy),
            (experts, SINK, np.array(state.capacities.own) - state.loads + state.pooled),
            (POOL, experts, state.pooled),
            (experts, POOL, lent),
            (POOL, SINK, np.array([state.capacities.pool - state.pooled.sum()])),
        ]
        tails, heads, sizes = (
            np.concatenate(column)
            for column in zip(*(np.broadcast_arrays(*arc) for arc in arcs), strict=True)
        )
        there = sizes != 0
        size = first + len(self.providers) + len(firms)
        return csr_array((sizes[there].astype(np.int32), (tails[there], heads[there])), shape=(size, size))

    def _widen(self, left: Any) -> bool:
        """Give all eligible to the files on the source's side of the cut; False when all had them."""
        from scipy.sparse.csgraph import breadth_first_order

        left.data = np.maximum(left.data, 0)
        left.eliminate_zeros()
        reached = breadth_first_order(left, SOURCE, return_predecessors=False) - FIRST
        rows: list[Sequence[int]] = [self.wishes.of_file(index) for index in range(len(self.files))]
        grown = False
        for index in reached[(reached >= 0) & (reached < len(rows))].tolist():
            if len(rows[index]) < len(self.files[index].eligible):
                rows[index], grown = self.files[index].eligible, True
        if grown:
            self.wishes = Wishes.of(rows)
        return grown


def _turned(tails: np.ndarray, heads: np.ndarray, used: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Arcs of one unit: forward while free, backward once used."""
    return np.where(used, heads, tails), np.where(used, tails, heads), 1


def _first_come(wishes: Wishes, demands: np.ndarray, providers: np.ndarray, own: Sequence[int]) -> np.ndarray:
    """Which wishes come true where each file takes its first ones that have room, one a provider."""
    room, firm_of, expert, starts = (
        list(own),
        providers.tolist(),
        wishes.expert.tolist(),
        wishes.starts.tolist(),
    )
    taken = []
    for index, demand in enumerate(demands.tolist()):
        left, firms = demand, []
        for row in range(starts[index], starts[index + 1]):
            if not left:
                break
            one = expert[row]
            if room[one] > 0 and firm_of[one] not in firms:
                taken.append(row)
                room[one] -= 1
                left -= 1
                if firm_of[one]:
                    firms.append(firm_of[one])
    used = np.zeros(len(expert), bool)
    used[taken] = True
    return used


class _State:
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

    def on(self, wishes: Wishes) -> _State:
        """The same readers among more wishes."""
        if wishes is self.wishes:
            return self
        span = len(self.capacities.own)
        here = (self.wishes.file * span + self.wishes.expert)[self.used]
        used = np.isin(wishes.file * span + wishes.expert, here)
        return _State(self.capacities, wishes, used, self.pooled)

    def move(
        self, tail: np.ndarray, head: np.ndarray, value: np.ndarray, *, files: int, owners: np.ndarray
    ) -> None:
        """Let the arcs of a flow come true: a unit to an expert is a reader more, one back a reader less."""
        first, span = FIRST + files, len(self.capacities.own)
        is_expert = (head >= first) & (head < first + span) & (tail != POOL) & (tail != SINK)
        node = tail[is_expert]
        file = np.where(node < first, node - FIRST, np.append(owners, 0)[np.maximum(node - first - span, -1)])
        changed = np.isin(np.arange(files), file)
        rows = np.flatnonzero(changed[self.wishes.file])
        moves = file * span + head[is_expert] - first
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
