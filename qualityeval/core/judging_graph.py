"""The graph in which two experts are joined by a case that both read: its islands can't be compared.

islands(readers) -> list[int]       the island of each case, numbered from 0 in order of appearance
components(readers) -> int          how many islands there are among experts with a case
"""

from collections.abc import Hashable, Sequence


def islands(readers: Sequence[Sequence[Hashable]]) -> list[int]:
    """The island of each case; a case without readers has -1."""
    root: dict[Hashable, Hashable] = {}

    def find(one: Hashable) -> Hashable:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for group in readers:
        for one in group:
            root.setdefault(one, one)
            root[find(one)] = find(group[0])
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(find(group[0]), len(numbers)) if group else -1 for group in readers]


def components(readers: Sequence[Sequence[Hashable]]) -> int:
    """How many islands the experts with at least one case form; 0 without any."""
    return max(islands(readers), default=-1) + 1
