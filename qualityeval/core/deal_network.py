"""The flow network of a deal: source -> file -> (one node a provider) -> expert -> sink.

Each expert has an arc of the own capacity straight to the sink and, where allowed, one unit through a
shared pool. Each file first takes its random candidates in their order while they have room; scipy's
Dinic then completes this to a maximum flow. (From an empty start Dinic meets experts in the order of
their numbers and deals neighbours to each other again and again.) A file in reach of unmet demand gets
all its eligible experts and the flow is solved again, until nothing is gained: then the minimum cut
lies in the rules, not in the random candidates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualityeval.core.dealing import Expert, File

SOURCE, SINK, POOL, FIRST = 0, 1, 2, 3


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
    """Files, experts and the arcs between them; arcs only ever grow."""

    def __init__(
        self, files: Sequence[File], experts: Sequence[Expert], chosen: Sequence[tuple[int, ...]]
    ) -> None:
        self.files, self.experts = files, experts
        self.wishes = chosen
        self.chosen: list[Sequence[int]] = list(chosen)
        self.slots = sum(one.demand for one in files)

    def filled(self, capacities: Capacities) -> Filled:
        """The most slots that these capacities allow, widening the files that stand in the way."""
        start = _Start(capacities)
        readers = [
            start.take(file, wishes, self.experts)
            for file, wishes in zip(self.files, self.wishes, strict=True)
        ]
        while (size := sum(map(len, readers))) < self.slots:
            reach = self._complete(readers, start)
            if sum(map(len, readers)) == size and not self._widen(reach):
                break
        return Filled(tuple(tuple(sorted(one)) for one in readers), size)

    def _widen(self, reach: np.ndarray) -> bool:
        """Give all eligible to the files on the source's side of the cut; False when all had them."""
        grown = False
        for index, file in enumerate(self.files):
            if reach[FIRST + index] and len(self.chosen[index]) < len(file.eligible):
                self.chosen[index], grown = file.eligible, True
        return grown

    def _complete(self, readers: list[set[int]], start: _Start) -> np.ndarray:
        """Solve what is left of the network, move the readers accordingly; who the source still reaches."""
        arcs = self._residual(readers, start)
        flow, reach = _solve(arcs)
        first, last = FIRST + len(self.files), FIRST + len(self.files) + len(self.experts)
        coo = flow.tocoo()
        moved = (
            (coo.data != 0) & (coo.col >= first) & (coo.col < last) & (coo.row != POOL) & (coo.row != SINK)
        )
        for row, column, value in zip(coo.row[moved], coo.col[moved], coo.data[moved], strict=True):
            change = readers[arcs.file_of(int(row))]
            (change.add if value > 0 else change.discard)(int(column) - first)
        start.recount(readers, coo, first=first, last=last)
        return reach

    def _residual(self, readers: Sequence[set[int]], start: _Start) -> _Arcs:
        first = FIRST + len(self.files)
        arcs = _Arcs(first_provider=first + len(self.experts))
        for index, (file, got) in enumerate(zip(self.files, readers, strict=True)):
            arcs.add(SOURCE, FIRST + index, file.demand - len(got))
            self._to_experts(arcs, index, got, first)
        for index, (own, load, pooled) in enumerate(
            zip(start.capacities.own, start.loads, start.pooled, strict=True)
        ):
            arcs.add(first + index, SINK, own - (load - pooled))
            if pooled:
                arcs.add(POOL, first + index, 1)
            elif start.capacities.extra[index]:
                arcs.add(first + index, POOL, 1)
        arcs.add(POOL, SINK, start.left_in_pool)
        return arcs

    def _to_experts(self, arcs: _Arcs, index: int, got: set[int], first: int) -> None:
        by_provider: dict[str, list[int]] = {}
        for expert in {*self.chosen[index], *got}:
            by_provider.setdefault(self.experts[expert].provider, []).append(expert)
        for provider, members in by_provider.items():
            node = FIRST + index
            if provider and len(members) > 1:
                node = arcs.new_node(owner=index)
                arcs.turn(FIRST + index, node, is_used=not got.isdisjoint(members))
            for expert in members:
                arcs.turn(node, first + expert, is_used=expert in got)


@dataclass(slots=True)
class _Start:
    """The loads so far; `pooled` marks who holds a unit of the shared pool."""

    capacities: Capacities
    loads: list[int] = field(default_factory=list)
    pooled: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.loads = [0] * len(self.capacities.own)
        self.pooled = [False] * len(self.capacities.own)

    @property
    def left_in_pool(self) -> int:
        """Units of the pool that nobody holds."""
        return self.capacities.pool - sum(self.pooled)

    def take(self, file: File, wishes: tuple[int, ...], experts: Sequence[Expert]) -> set[int]:
        """The first wishes that have room of their own, one a provider."""
        got: set[int] = set()
        providers: set[str] = set()
        for expert in wishes:
            if len(got) == file.demand:
                break
            provider = experts[expert].provider
            if provider not in providers and self.loads[expert] < self.capacities.own[expert]:
                got.add(expert)
                self.loads[expert] += 1
                providers |= {provider} - {""}
        return got

    def recount(self, readers: Sequence[set[int]], flow: Any, *, first: int, last: int) -> None:
        """Loads after a flow, and who holds a pool unit after it."""
        self.loads = [0] * len(self.loads)
        for got in readers:
            for expert in got:
                self.loads[expert] += 1
        for row, column, value in zip(flow.row, flow.col, flow.data, strict=True):
            if column == POOL and first <= row < last and value:
                self.pooled[int(row) - first] = value > 0


class _Arcs:
    """Arcs as columns of whole numbers; provider nodes know the file they belong to."""

    def __init__(self, first_provider: int) -> None:
        self.heads: list[int] = []
        self.tails: list[int] = []
        self.capacities: list[int] = []
        self.first_provider = first_provider
        self.owners: list[int] = []

    def add(self, tail: int, head: int, capacity: int) -> None:
        """One arc; one without capacity is left out."""
        if capacity:
            self.tails.append(tail)
            self.heads.append(head)
            self.capacities.append(capacity)

    def turn(self, tail: int, head: int, *, is_used: bool) -> None:
        """An arc of one unit: forward while free, backward once used."""
        if is_used:
            tail, head = head, tail
        self.add(tail, head, 1)

    def new_node(self, *, owner: int) -> int:
        """A node for one provider on the file `owner`."""
        self.owners.append(owner)
        return self.first_provider + len(self.owners) - 1

    def file_of(self, node: int) -> int:
        """The file to which an arc's start belongs."""
        return node - FIRST if node < self.first_provider else self.owners[node - self.first_provider]

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return self.first_provider + len(self.owners)


def _solve(arcs: _Arcs) -> tuple[Any, np.ndarray]:
    """The flow matrix of the arcs, and which nodes the source still reaches afterwards."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    graph = csr_array(
        (np.array(arcs.capacities, np.int32), (np.array(arcs.tails), np.array(arcs.heads))),
        shape=(arcs.nodes, arcs.nodes),
    )
    solved = maximum_flow(graph, SOURCE, SINK, method="dinic")
    residual = (graph - solved.flow).tocsr()
    residual.data = np.maximum(residual.data, 0)
    residual.eliminate_zeros()
    reach = np.zeros(arcs.nodes, bool)
    reach[breadth_first_order(residual, SOURCE, return_predecessors=False)] = True
    return solved.flow, reach
