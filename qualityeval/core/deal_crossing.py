"""Deals under limits of meeting that cross: a practitioner who works for two institutions, both limited.

No flow can say this. Up to MOST_EXACT slots it is a mixed-integer programme, solved exactly: as many slots as can be
filled, then the least maximum load (HiGHS by scipy.optimize.milp). Above that the deal under the wider limit alone is
cut back to what both allow and filled up by whoever carries least; slots that stay open are named.

    exact(files, experts, wishes, meetings) -> readers
    cut_back(files, experts, readers, meetings) -> readers
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qualityeval.core.deal_meetings import Meetings
    from qualityeval.core.dealing import Expert, File

MOST_EXACT = 200
Readers = tuple[tuple[int, ...], ...]


def exact(
    files: Sequence[File], experts: Sequence[Expert], first: Sequence[Sequence[int]], meetings: Meetings
) -> Readers:
    """The most slots, then the least maximum load; among equals the random wishes `first` come before others."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    pairs = [(file, one) for file, it in enumerate(files) for one in it.eligible]
    slots = sum(one.demand for one in files)
    if not pairs or not slots:
        return tuple(() for _ in files)
    rows: dict[object, list[int]] = defaultdict(list)
    limits: dict[object, int] = {}
    for column, (file, one) in enumerate(pairs):
        told: list[tuple[object, int]] = [(("file", file), files[file].demand), (("load", one), 0)]
        told += [(("met", one, group), meetings.room(one, group)) for group in meetings.groups[file]]
        if firm := experts[one].provider:
            told.append((("firm", file, firm), 1))
        if (most := experts[one].limit) is not None:
            told.append((("most", one), most))
        for name, limit in told:
            rows[name].append(column)
            limits[name] = limit
    ceiling = len(pairs)  # the column of the maximum load
    cells = [(row, column, 1) for row, columns in enumerate(rows.values()) for column in columns] + [
        (row, ceiling, -1) for row, name in enumerate(rows) if isinstance(name, tuple) and name[0] == "load"
    ]
    at_row, at_column, values = zip(*cells, strict=True)
    table = csr_array((values, (at_row, at_column)), shape=(len(rows), ceiling + 1))
    wished = [set(one) for one in first]
    # a slot outweighs any load, a load any wish
    wishes = np.array([one in wished[file] for file, one in pairs]) / (2 * slots)
    cost = np.append(-(slots + 1) - wishes, 1.0)
    solved = milp(
        cost,
        integrality=np.ones(ceiling + 1),
        bounds=Bounds(0, np.append(np.ones(ceiling), slots)),
        constraints=LinearConstraint(table, -np.inf, list(limits.values())),
        options={"mip_rel_gap": 0},
    )
    taken = [pair for pair, value in zip(pairs, solved.x[:ceiling], strict=True) if value > 0.5]
    return _by_file(taken, len(files))


def cut_back(
    files: Sequence[File], experts: Sequence[Expert], readers: Readers, meetings: Meetings
) -> Readers:
    """The readers whom all limits allow, in the order of the files; open slots then go to whoever carries least."""
    met: Counter[object] = Counter()
    loads: Counter[int] = Counter()
    kept: list[list[int]] = []

    def may(file: int, one: int) -> bool:
        return all(met[one, group] < meetings.room(one, group) for group in meetings.groups[file])

    def take(file: int, one: int) -> None:
        kept[file].append(one)
        loads[one] += 1
        met.update((one, group) for group in meetings.groups[file])

    for file, got in enumerate(readers):
        kept.append([])
        for one in got:
            if may(file, one):
                take(file, one)
    for file, it in enumerate(files):
        while len(kept[file]) < it.demand:
            firms = {experts[one].provider for one in kept[file]} - {""}
            free = [
                one
                for one in it.eligible
                if one not in kept[file]
                and experts[one].provider not in firms
                and ((most := experts[one].limit) is None or loads[one] < most)
                and may(file, one)
            ]
            if not free:
                break
            take(file, min(free, key=lambda one: (loads[one], one)))
    return tuple(tuple(sorted(one)) for one in kept)


def _by_file(pairs: Sequence[tuple[int, int]], count: int) -> Readers:
    found: list[list[int]] = [[] for _ in range(count)]
    for file, one in pairs:
        found[file].append(one)
    return tuple(tuple(sorted(one)) for one in found)
