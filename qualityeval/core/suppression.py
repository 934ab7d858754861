"""Which groups' figures are withheld, so that none can be had by adding and subtracting those that are shown.

Primary: fewer than 5 cases. Complementary: in each table whose total is shown, further groups, the smallest first,
until the withheld ones are at least two and hold 5 cases together; then, over all tables at once (institutions, their
cities, providers, case types: all are sums of the same cells), more of them as long as a small group is a linear
combination of shown ones. n and N of every group stay in sight: they were published with the draw.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qualityeval.core.distribution import SUPPRESS_BELOW

Withheld = Literal["suppressed", "complementary"]
Group = tuple[int, str]  # place of the table and code of the group
MOST_GROUPS = 1_500  # with more, tables are protected one by one only: a small group is lost in so many


def withheld(sizes: Mapping[str, int]) -> dict[str, Withheld]:
    """Groups of one table to withhold, by code, with the reason's code; groups without a case hide nothing.

    Of equal sizes the one whose code comes last in bytes goes first. Where too little is left, all are withheld.

    >>> withheld({"A": 3, "B": 40, "C": 12})
    {'A': 'suppressed', 'C': 'complementary'}
    >>> withheld({"A": 3, "B": 40, "C": 2})
    {'A': 'suppressed', 'C': 'suppressed'}
    """
    found: dict[str, Withheld] = {code: "suppressed" for code, n in sizes.items() if 0 < n < SUPPRESS_BELOW}
    others = sorted((code for code, n in sizes.items() if n >= SUPPRESS_BELOW), key=str.encode, reverse=True)
    for code in sorted(others, key=sizes.__getitem__):
        if not found or (len(found) > 1 and sum(sizes[one] for one in found) >= SUPPRESS_BELOW):
            break
        found[code] = "complementary"
    return found


def protect(cells: Mapping[tuple[str, ...], int]) -> list[dict[str, Withheld]]:
    """For each table, the groups to withhold. `cells`: cases by the codes of their groups, one for each table.

    The total of all is taken as shown. Every small group is safe afterwards: no sum or difference of shown groups
    gives it (with more than `MOST_GROUPS` groups this is seen to inside each table only).

    >>> protect({("X", "firm"): 20, ("X", "other"): 3, ("Y", "third"): 9})  # X less the firm would give the other
    [{}, {'other': 'suppressed', 'third': 'complementary', 'firm': 'complementary'}]
    """
    sizes: Counter[Group] = Counter()
    for codes, n in cells.items():
        sizes.update(dict.fromkeys(enumerate(codes), n))
    tables = len(next(iter(cells), ()))
    found: dict[Group, Withheld] = {}
    for place in range(tables):
        of_table = {code: n for (table, code), n in sizes.items() if table == place}
        found |= {(place, code): why for code, why in withheld(of_table).items()}
    if "suppressed" in found.values() and len(sizes) <= MOST_GROUPS:
        _hide_sums(cells, sizes, found)
    return [{code: why for (table, code), why in found.items() if table == place} for place in range(tables)]


def _hide_sums(
    cells: Mapping[tuple[str, ...], int], sizes: Mapping[Group, int], found: dict[Group, Withheld]
) -> None:
    """Withhold more until no small group is a combination of what is shown; then show again what needn't hide."""
    filled = [codes for codes, n in cells.items() if n]
    column = {
        group: np.array([codes[group[0]] == group[1] for codes in filled], dtype=float)
        for group, n in sorted(sizes.items(), key=lambda one: (one[1], one[0]))
        if n
    }
    small = np.array([column[group] for group, why in found.items() if why == "suppressed"])
    added: list[Group] = []
    while used := _revealing(column, found, small):
        added.append(used[0])
        found[used[0]] = "complementary"
    for group in added:
        del found[group]
        if _revealing(column, found, small):
            found[group] = "complementary"


def _revealing(
    column: Mapping[Group, NDArray[np.float64]], hidden: Mapping[Group, Withheld], small: NDArray[np.float64]
) -> list[Group]:
    """The shown groups, smallest first, that make one of the small groups between them; empty where none is made."""
    shown = [group for group in column if group not in hidden]
    part = _parts([column[group] for group in shown], small)
    return [] if part is None else [g for g, weight in zip(shown, part, strict=False) if abs(weight) > 1e-6]


def _parts(shown: Sequence[NDArray[np.float64]], small: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The weights of shown groups, then of the total, that make the first small group which they do make."""
    basis = np.array([*shown, np.ones(small.shape[1])])
    values, vectors = np.linalg.eigh(basis @ basis.T)
    kept = values > 1e-8 * values[-1]
    half = vectors[:, kept] / np.sqrt(values[kept])
    weights = small @ basis.T @ half @ half.T
    made = np.abs(weights @ basis - small).max(axis=1) < 1e-6
    return np.asarray(weights[int(np.argmax(made))]) if made.any() else None
