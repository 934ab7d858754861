"""Withheld groups: nobody gets a small one by adding and subtracting, checked by exhausting all combinations."""

from collections import Counter
from itertools import product

import numpy as np

from qualityeval.core.suppression import protect, withheld


def test_one_small_group_takes_the_next_smallest_along():
    assert withheld({"A": 3, "B": 40, "C": 12}) == {"A": "suppressed", "C": "complementary"}
    assert withheld({"A": 2, "B": 2, "C": 12, "D": 0}) == {
        "A": "suppressed",
        "B": "suppressed",
        "C": "complementary",
    }
    assert withheld({"A": 3, "B": 2, "C": 12}) == {"A": "suppressed", "B": "suppressed"}
    assert withheld({"A": 12, "B": 12}) == withheld({}) == {}
    assert withheld({"A": 2}) == {"A": "suppressed"}


def test_equal_sizes_are_broken_by_code():
    assert withheld({"A": 7, "B": 7, "C": 1}) == {"C": "suppressed", "B": "complementary"}


def test_a_difference_across_tables_is_seen():
    cells = {("X", "firm"): 20, ("X", "other"): 3, ("Y", "third"): 9}
    institutions, providers = protect(cells)
    assert institutions == {}
    assert providers == {"other": "suppressed", "third": "complementary", "firm": "complementary"}
    assert protect({}) == []
    assert protect({("X",): 8, ("Y",): 9}) == [{}]


def test_no_combination_of_shown_groups_gives_a_small_one():
    """All sums and differences with −2 … 2 of up to six shown groups, in 40 random rounds of three tables."""
    rng = np.random.default_rng(12)
    protected = 0
    for _round in range(40):
        cells = Counter()
        for _case in range(40):
            cells[(str(rng.integers(0, 3)), str(rng.integers(0, 2)), str(rng.choice(2, p=(0.93, 0.07))))] += 1
        hidden = protect(cells)
        order = list(cells)
        columns = {
            (table, code): np.array([codes[table] == code for codes in order], dtype=int)
            for table in range(3) for code in {codes[table] for codes in order}
        }  # fmt: skip
        small = [
            column for (table, code), column in columns.items() if hidden[table].get(code) == "suppressed"
        ]
        shown = [column for (table, code), column in columns.items() if code not in hidden[table]]
        basis = np.array([*shown, np.ones(len(order), dtype=int)])
        weights = (
            np.array(list(product((-2, -1, 0, 1, 2), repeat=len(basis))))
            if len(basis) <= 6
            else np.zeros((0, len(basis)))
        )
        made = weights @ basis
        for column in small:
            protected += 1
            assert not (made == column).all(axis=1).any()
            assert np.linalg.matrix_rank(np.vstack([basis, column])) == np.linalg.matrix_rank(basis) + 1
    assert protected > 5
