"""The graph in which two experts are joined by a case that both read: its islands can't be compared."""

from collections.abc import Hashable, Iterable


def components(readers: Iterable[tuple[Hashable, ...]]) -> int:
    """How many islands the experts with at least one case form; 0 without any."""
    root: dict[Hashable, Hashable] = {}

    def find(one: Hashable) -> Hashable:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for group in readers:
        for one in group:
            root.setdefault(one, one)
        for one in group[1:]:
            root[find(one)] = find(group[0])
    return sum(find(one) == one for one in root)
