"""The deal of drawn files, beside OR-tools' min-cost flow with convex loads on the same candidate graph.

Both see the same random candidates and the same rule that one provider reads a file once. Ours is timed
whole: candidates, flow, joining of islands; the peer from its arcs to its solution, without candidates.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from qualityeval.cli.benches.measuring import Measured, measure, row
from qualityeval.cli.benches.peers import present
from qualityeval.core.all_but import AllBut
from qualityeval.core.deal_arcs import FIRST, SINK, SOURCE, Wishes, provider_nodes
from qualityeval.core.deal_stream import Stream
from qualityeval.core.dealing import WIDTH, Expert, File, deal, wishes_of
from qualityeval.core.judging_graph import components

HERE = "qualityeval.cli.benches.assigning"
SEED = "5" * 64
READERS = 2
COUNTIES, KINDS, PERSONAL = 90, 6, 3
PEER = "OR-tools min-cost flow, convex loads"
# cases and experts for a scale of 98,000: a divisible average, two that aren't, and fifteen provinces at once
SIZES = ((27_000, 1_000), (26_700, 1_000), (25_010, 1_000), (405_000, 15_000))
PROVINCE = 98_000


def bench(scale: int) -> list[dict[str, object]]:
    """Rows for the four sizes; the largest alone, since the peer has no answer in reasonable time."""
    rows: list[dict[str, object]] = []
    for cases, experts in SIZES:
        few, readers = max(100, cases * scale // PROVINCE), max(30, experts * scale // PROVINCE)
        ours = measure(f"{HERE}:our_deal", str(few), str(readers))
        with_peer = present("ortools") and cases < SIZES[-1][0]
        peer = measure(f"{HERE}:convex_flow", str(few), str(readers)) if with_peer else None
        what = f"deal {few:,} × {READERS} × {readers:,}"
        rows.append(row(f"{what}: {_told(ours)}", few, ours, to=PEER if peer else "", peer=peer))
        if peer:
            rows.append(row(f"{PEER}: loads {_spread(peer)}", few, peer))
    return rows


def _told(ours: Measured) -> str:
    parts = {name: int(count) for name, count in ours.parts.items()}
    return (
        f"loads {_spread(ours)}, {parts['unfilled']} open, {parts['violations']} violations, "
        f"{parts['islands']} island(s), one pair at most {parts['together']} times"
    )


def _spread(measured: Measured) -> str:
    return f"{measured.parts['least']:.0f}-{measured.parts['most']:.0f}"


def world(cases: int, experts: int) -> tuple[list[File], list[Expert], list[frozenset[int]]]:
    """Files and experts with region, specialty, provider and personal rules; and who must not read each file."""
    stream = Stream(SEED, f"world:{cases}:{experts}")
    firms = max(4, experts // 5)
    pool = [Expert(f"E{n:06d}", f"F{stream.below(firms)}" if stream.below(5) else "") for n in range(experts)]
    county, firm = _grouped(stream.below(COUNTIES) for _ in pool), _grouped(one.provider for one in pool)
    knows = [{stream.below(KINDS), stream.below(KINDS)} for _ in pool]
    knowing = [tuple(n for n, kinds in enumerate(knows) if kind in kinds) for kind in range(KINDS)]
    files, barred = [], []
    for number in range(cases):
        out = county.get(stream.below(COUNTIES), frozenset()) | firm.get(
            f"F{stream.below(firms)}", frozenset()
        )
        if not stream.below(9):
            out |= {stream.below(experts) for _ in range(PERSONAL)}
        known = knowing[stream.below(KINDS)]
        files.append(File(f"99{number % 100:04d}:{number:06d}", READERS, AllBut(known, out)))
        barred.append(frozenset(out))
    return files, pool, barred


def _grouped(values: Any) -> dict[Any, frozenset[int]]:
    groups: dict[Any, set[int]] = {}
    for index, value in enumerate(values):
        groups.setdefault(value, set()).add(index)
    return {value: frozenset(members) for value, members in groups.items()}


def our_deal(cases: str, experts: str) -> Callable[[], object]:
    """The product's own dealing; what it gave is looked at after the clock."""
    files, pool, barred = world(int(cases), int(experts))
    deal(files[:1], pool, deal_seed=SEED)  # the libraries are loaded
    return lambda: _Looked(deal(files, pool, deal_seed=SEED).readers, files, pool, barred)


class _Looked(dict[str, float]):
    """Loads, violations, islands and pairs of a deal, counted when the clock has stopped."""

    def __init__(
        self,
        readers: Sequence[tuple[int, ...]],
        files: list[File],
        pool: list[Expert],
        barred: list[frozenset[int]],
    ) -> None:
        super().__init__()
        self._dealt = readers, files, pool, barred

    def settle(self) -> None:
        """Count, by the raw rules and no code of the dealing."""
        readers, files, pool, barred = self._dealt
        loads = Counter(one for got in readers for one in got)
        pairs = Counter(pair for got in readers for pair in combinations(got, 2))
        known = [frozenset(one.eligible.base) for one in files] if len(files) < 50_000 else None  # type: ignore[attr-defined]
        violations = 0
        for index, got in enumerate(readers):
            firms = [pool[one].provider for one in got if pool[one].provider]
            violations += (
                len(barred[index].intersection(got)) + len(firms) - len(set(firms)) + len(got) - len(set(got))
            )
            violations += len(set(got) - known[index]) if known else 0
        self.update(
            least=min(loads[one] for one in range(len(pool))), most=max(loads.values()), violations=violations,
            unfilled=sum(one.demand for one in files) - sum(loads.values()), islands=components(readers),
            together=max(pairs.values(), default=0),
        )  # fmt: skip


def convex_flow(cases: str, experts: str) -> Callable[[], object]:
    """The peer: the same candidates and provider nodes; the n-th file of an expert costs n."""
    from ortools.graph.python import min_cost_flow

    files, pool, _ = world(int(cases), int(experts))
    wishes = Wishes.of_table(wishes_of(files, deal_seed=SEED, width=WIDTH))
    numbers = {"": 0}
    firms = np.array([numbers.setdefault(one.provider, len(numbers)) for one in pool])
    first = FIRST + len(files)
    nodes = provider_nodes(wishes, np.zeros(len(wishes.file), bool), firms, first=first + len(pool))
    most = -(-len(files) * READERS // len(pool)) + 10
    costs = np.tile(np.arange(1, most + 1), len(pool))
    arcs = [
        (np.full(len(files), SOURCE), FIRST + np.arange(len(files)), READERS, 0),
        (nodes.before, first + wishes.expert, 1, 0),
        (FIRST + nodes.owners, first + len(pool) + np.arange(len(nodes.owners)), 1, 0),
        (first + np.repeat(np.arange(len(pool)), most), np.full(most * len(pool), SINK), 1, costs),
    ]
    tails, heads, sizes, prices = (
        np.concatenate(column) for column in zip(*(np.broadcast_arrays(*arc) for arc in arcs), strict=True)
    )
    slots = READERS * len(files)

    def work() -> dict[str, float]:
        solver = min_cost_flow.SimpleMinCostFlow()
        added = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, sizes, prices)
        solver.set_nodes_supplies(np.array([SOURCE, SINK]), np.array([slots, -slots]))
        if solver.solve_max_flow_with_min_cost() != solver.OPTIMAL:
            raise RuntimeError("the peer found no solution")
        flows = solver.flows(added)
        to_sink = np.flatnonzero(heads == SINK)
        loads = np.bincount(tails[to_sink] - first, weights=flows[to_sink], minlength=len(pool))
        return {"least": float(loads.min()), "most": float(loads.max())}

    return work
