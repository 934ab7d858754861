"""A long ascending sequence without a few of its members, and looking into many of them at once.

AllBut(5, {1, 3})                       0 to 4 without two
AllBut((2, 4, 6), {4})                  those of a tuple without one
picked(pools, places) -> np.ndarray     pools[i][places[i, j]]; -1 stays -1
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import overload

import numpy as np


class AllBut(Sequence[int]):
    """The members of `base` (0 to base − 1 where it is a number), ascending, without those of `out`.

    It takes the memory of the few, however long the base.

    >>> tuple(AllBut(5, {1, 3})), tuple(AllBut((2, 4, 6), {4, 5}))
    ((0, 2, 4), (2, 6))
    """

    def __init__(self, base: int | Sequence[int], out: AbstractSet[int]) -> None:
        self.base: Sequence[int] = range(base) if isinstance(base, int) else base
        self.out = out
        gone = sorted(out) if isinstance(base, int) else _places_of(base, out)
        # how many are left before each that is out: the place of `index` is found by halving
        self.before = [place - skipped for skipped, place in enumerate(gone)]
        self._size = len(self.base) - len(gone)

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[int, ...]: ...

    def __getitem__(self, index: int | slice) -> int | tuple[int, ...]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        place = index + self._size if index < 0 else index
        if not 0 <= place < self._size:
            raise IndexError(index)
        return self.base[place + bisect_right(self.before, place)]

    def __contains__(self, one: object) -> bool:
        if not isinstance(one, int) or one in self.out:
            return False
        place = bisect_left(self.base, one)
        return place < len(self.base) and self.base[place] == one


def _places_of(base: Sequence[int], out: AbstractSet[int]) -> list[int]:
    places = ((bisect_left(base, one), one) for one in sorted(out))
    return [place for place, one in places if place < len(base) and base[place] == one]


def picked(pools: Sequence[Sequence[int]], places: np.ndarray) -> np.ndarray:
    """`pools[i][places[i, j]]` for every place; a place of -1 gives -1."""
    found = np.full(places.shape, -1, np.int64)
    lazy = [index for index, pool in enumerate(pools) if isinstance(pool, AllBut)]
    if lazy:
        found[lazy] = _picked_lazily([pools[index] for index in lazy], places[lazy])  # type: ignore[misc]
    for index in set(range(len(pools))).difference(lazy):
        pool = pools[index]
        found[index] = [pool[place] if place >= 0 else -1 for place in places[index].tolist()]
    return found


def _picked_lazily(pools: Sequence[AllBut], places: np.ndarray) -> np.ndarray:
    counts = np.fromiter((len(pool.before) for pool in pools), np.int64, len(pools))
    before = np.fromiter(chain.from_iterable(pool.before for pool in pools), np.int64, counts.sum())
    # one halving for all: each pool's numbers are lifted into a range of their own
    lift = 1 + max(int(places.max(initial=0)), int(before.max(initial=0)))
    rows = np.arange(len(pools))
    skipped = np.searchsorted(np.repeat(rows, counts) * lift + before, rows[:, None] * lift + places, "right")
    moved = places + skipped - (np.cumsum(counts) - counts)[:, None]
    bases = {id(pool.base): pool.base for pool in pools}
    of_base = np.fromiter((id(pool.base) for pool in pools), np.uint64, len(pools))
    for name, base in bases.items():
        if isinstance(base, range):
            continue
        chosen = of_base == name
        moved[chosen] = np.array([*base, -1])[moved[chosen]]
    return np.where(places < 0, -1, moved)
