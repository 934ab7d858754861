"""Fewer islands: two files of different islands exchange a reader, so that loads stay as they are.

Severity can be compared only inside an island of the judging graph. Random candidates nearly always give
one; small pools may not. An exchange is kept only when it leaves fewer islands than before.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from qualityeval.core.judging_graph import components, islands

if TYPE_CHECKING:
    from qualityeval.core.dealing import Expert, File

MOST_TRIALS = 2_000


def joined(
    files: Sequence["File"],
    experts: Sequence["Expert"],
    readers: Sequence[tuple[int, ...]],
    *,
    keeps: Callable[[list[tuple[int, ...]]], bool],
) -> tuple[tuple[int, ...], ...]:
    """The same deal with as few islands as exchanges of one reader against one can reach.

    Loads, numbers of readers, eligibility and providers are kept, and what `keeps` asks. Gives up after a bounded number of
    trials: what eligibility splits stays split.
    """
    if _is_one_island(readers, len(experts)):
        return tuple(readers)
    best, count = list(readers), components(readers)
    while count > 1:
        found = _better(files, experts, best, count, keeps)
        if found is None:
            break
        best, count = found, components(found)
    return tuple(best)


def _is_one_island(readers: Sequence[tuple[int, ...]], experts: int) -> bool:
    """Whether the readers hang together, asked of a province's 27,000 files in milliseconds."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    sizes = np.fromiter(map(len, readers), np.int64, len(readers))
    flat = np.fromiter(chain.from_iterable(readers), np.int64, sizes.sum())
    # each file's first reader is joined with its others
    firsts = np.repeat(flat[(np.cumsum(sizes) - sizes)[sizes > 0]], sizes[sizes > 0])
    graph = csr_array((np.ones(len(flat), bool), (firsts, flat)), shape=(experts, experts))
    _count, island = connected_components(graph, directed=False)
    return len(np.unique(island[flat])) <= 1


def _better(
    files: Sequence["File"],
    experts: Sequence["Expert"],
    readers: list[tuple[int, ...]],
    count: int,
    keeps: Callable[[list[tuple[int, ...]]], bool],
) -> list[tuple[int, ...]] | None:
    for trial, (first, second, x, y) in enumerate(_exchanges(files, experts, readers)):
        if trial == MOST_TRIALS:
            return None
        changed = list(readers)
        changed[first] = replaced(readers[first], x, y)
        changed[second] = replaced(readers[second], y, x)
        if components(changed) < count and keeps(changed):
            return changed
    return None


def _exchanges(
    files: Sequence["File"], experts: Sequence["Expert"], readers: Sequence[tuple[int, ...]]
) -> Iterator[tuple[int, int, int, int]]:
    """(file of a small island, file of another, reader to give, reader to take), all rules kept."""
    of_island: dict[int, list[int]] = defaultdict(list)
    for index, island in enumerate(islands(readers)):
        if len(readers[index]) > 1:
            of_island[island].append(index)
    ordered = sorted(of_island.values(), key=len)
    for place, small in enumerate(ordered):
        others = [index for group in ordered[place + 1 :] for index in group]
        for first in small:
            for second in others:
                yield from _pairs(files, experts, readers, first, second)


def _pairs(
    files: Sequence["File"],
    experts: Sequence["Expert"],
    readers: Sequence[tuple[int, ...]],
    first: int,
    second: int,
) -> Iterator[tuple[int, int, int, int]]:
    for x in readers[first]:
        for y in readers[second]:
            if may_join(files[second], experts, readers[second], x, leaving=y) and may_join(
                files[first], experts, readers[first], y, leaving=x
            ):
                yield first, second, x, y


def may_join(
    file: "File", experts: Sequence["Expert"], readers: tuple[int, ...], newcomer: int, *, leaving: int
) -> bool:
    """Whether a newcomer may read the file in place of the one who leaves."""
    provider = experts[newcomer].provider
    stay = [experts[one].provider for one in readers if one != leaving]
    return newcomer in file.eligible and newcomer not in readers and not (provider and provider in stay)


def replaced(readers: tuple[int, ...], old: int, new: int) -> tuple[int, ...]:
    """The readers, ascending, with one in place of another."""
    return tuple(sorted((*(one for one in readers if one != old), new)))
