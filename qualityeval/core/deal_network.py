"""The flow network of a deal: source -> file -> (one node a provider) -> (gates of meetings) -> expert -> sink.

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
from qualityeval.core.deal_meetings import Meetings, gates_of
from qualityeval.core.deal_state import Capacities, State, first_come

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qualityeval.core.deal_meetings import Group
    from qualityeval.core.dealing import Expert, File


@dataclass(frozen=True, slots=True)
class Cut:
    """The source's side of a minimum cut: files in want, full experts, gates through which nobody more comes."""

    files: tuple[int, ...]
    experts: frozenset[int]
    gates: Mapping[tuple[int, Group], int]  # (expert, group) to its room


@dataclass(frozen=True, slots=True)
class Filled:
    """A maximum flow: the readers of each file, how many slots they fill, what stands in the way of more."""

    readers: tuple[tuple[int, ...], ...]
    size: int
    cut: Cut | None


class Network:
    """Files, experts and the arcs between them; arcs only ever grow. `chosen`: a row of wishes a file."""

    def __init__(
        self,
        files: Sequence[File],
        experts: Sequence[Expert],
        chosen: np.ndarray,
        meetings: Meetings | None = None,
    ) -> None:
        self.files, self.meetings = files, meetings
        self.demands = np.fromiter((one.demand for one in files), np.int64, len(files))
        self.slots = int(self.demands.sum())
        numbers = {"": 0}
        self.providers = np.fromiter(
            (numbers.setdefault(one.provider, len(numbers)) for one in experts), np.int64, len(experts)
        )
        self.first_wishes = self.wishes = Wishes.of_table(chosen)
        self.first_gates = self.gates = gates_of(self.wishes, meetings)

    def filled(self, capacities: Capacities) -> Filled:
        """The most slots that these capacities allow, widening the files that stand in the way."""
        used = first_come(self.first_wishes, self.demands, self.providers, capacities.own, self.first_gates)
        state, cut = State(capacities, self.first_wishes, used).on(self.wishes), None
        while state.size < self.slots:
            left, gates_from = self._complete(state)
            if state.size == self.slots:
                break
            reached = _reached(left)
            if not self._widen(reached):
                cut = self._cut(reached, gates_from)
                break
            state = state.on(self.wishes)
        return Filled(state.readers(len(self.files)), state.size, cut)

    def _complete(self, state: State) -> tuple[Any, int]:
        """Solve what is left of the network and move the readers accordingly; what is left after that, and its first gate."""
        from scipy.sparse.csgraph import maximum_flow

        nodes = provider_nodes(
            state.wishes, state.used, self.providers, first=FIRST + len(self.files) + len(self.providers)
        )
        graph = self._residual(state, nodes)
        flow = maximum_flow(graph, SOURCE, SINK, method="dinic").flow
        moved = np.flatnonzero(flow.data)
        tail = np.searchsorted(flow.indptr, moved, "right") - 1
        state.move(
            tail, flow.indices[moved], flow.data[moved],
            files=len(self.files), owners=nodes.owners, gate_experts=self.gates.expert,
        )  # fmt: skip
        return graph - flow, FIRST + len(self.files) + len(self.providers) + len(nodes.owners)

    def _residual(self, state: State, nodes: Nodes) -> Any:
        from scipy.sparse import csr_array

        first = FIRST + len(self.files)
        experts = first + np.arange(len(self.providers))
        firms = first + len(self.providers) + np.arange(len(nodes.owners))
        busy = np.zeros(len(firms), bool)
        busy[nodes.before[state.used & (nodes.before >= first)] - first - len(self.providers)] = True
        lent = np.array(state.capacities.extra, bool) & ~state.pooled
        gates, gate = self.gates, first + len(self.providers) + len(firms)
        own_gate = gate + np.arange(len(gates.expert))
        beyond = np.where(gates.parent < 0, first + gates.expert, gate + gates.parent)
        through = gates.through(state.used)
        reader = first + state.wishes.expert
        if gates.levels:
            reader = np.where(gates.levels[0] < 0, reader, gate + gates.levels[0])
        arcs: list[tuple[Any, Any, Any]] = [
            (SOURCE, FIRST + np.arange(len(self.files)), self.demands - state.got(len(self.files))),
            _turned(nodes.before, reader, state.used),
            _turned(FIRST + nodes.owners, firms, busy),
            (experts, SINK, np.array(state.capacities.own) - state.loads + state.pooled),
            (POOL, experts, state.pooled),
            (experts, POOL, lent),
            (POOL, SINK, np.array([state.capacities.pool - state.pooled.sum()])),
            (own_gate, beyond, gates.room - through),
            (beyond, own_gate, through),
        ]
        tails, heads, sizes = (
            np.concatenate(column)
            for column in zip(*(np.broadcast_arrays(*arc) for arc in arcs), strict=True)
        )
        there = sizes != 0
        size = gate + len(gates.expert)
        return csr_array((sizes[there].astype(np.int32), (tails[there], heads[there])), shape=(size, size))

    def _widen(self, reached: np.ndarray) -> bool:
        """Give all eligible to the files on the source's side of the cut; False when all had them."""
        rows: list[Sequence[int]] = [self.wishes.of_file(index) for index in range(len(self.files))]
        grown = False
        for index in reached[(reached >= 0) & (reached < len(rows))].tolist():
            if len(rows[index]) < len(self.files[index].eligible):
                rows[index], grown = self.files[index].eligible, True
        if grown:
            self.wishes = Wishes.of(rows)
            self.gates = gates_of(self.wishes, self.meetings)
        return grown

    def _cut(self, reached: np.ndarray, gates_from: int) -> Cut:
        files, experts = len(self.files), len(self.providers)
        is_there = np.zeros(gates_from + len(self.gates.expert), bool)
        is_there[reached + FIRST] = True
        of_file, of_expert = (
            is_there[FIRST : FIRST + files],
            is_there[FIRST + files : FIRST + files + experts],
        )
        of_gate, parent = is_there[gates_from:], self.gates.parent
        beyond = np.where(parent < 0, of_expert[self.gates.expert], of_gate[parent])
        shut = np.flatnonzero(of_gate & ~beyond).tolist()
        return Cut(
            tuple(np.flatnonzero(of_file).tolist()),
            frozenset(np.flatnonzero(of_expert).tolist()),
            {self.gates.names[gate]: int(self.gates.room[gate]) for gate in shut},
        )


def _reached(left: Any) -> np.ndarray:
    """The nodes on the source's side of the cut, counted from the first file."""
    from scipy.sparse.csgraph import breadth_first_order

    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    found: np.ndarray = breadth_first_order(left, SOURCE, return_predecessors=False) - FIRST
    return found


def _turned(tails: np.ndarray, heads: np.ndarray, used: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Arcs of one unit: forward while free, backward once used."""
    return np.where(used, heads, tails), np.where(used, tails, heads), 1
