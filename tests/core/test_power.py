"""Pairs told apart: by hand and by simulation, and the variance between institutions by moments."""

from math import sqrt

import numpy as np
import pytest
from scipy.stats import norm

from qualityeval.core.power import between_variance, pairs_told_apart


def test_the_variance_between_institutions_by_hand():
    """Shares 0.9, 0.5, 0.7 of ten each: s² = 0.04; sampling (0.09 + 0.25 + 0.21)/9/3 = 0.0203704."""
    assert between_variance([(9, 10), (5, 10), (7, 10)]) == pytest.approx(0.04 - 0.55 / 27, abs=1e-12)
    assert between_variance([(7, 10), (7, 10)]) == 0.0
    assert between_variance([(1, 1), (7, 10)]) is None
    assert between_variance([]) is None


def test_a_pair_that_needs_a_difference_of_its_size():
    """p = 0.8, n = m = 100: δ = (1.959964 + 0.841621)·√(0.16·0.02) = 0.158481; τ = 0.1: 2·(1 − Φ(1.120631))."""
    delta = (1.959964 + 0.841621) * sqrt(0.16 * 0.02)
    by_hand = 2 * (1 - norm.cdf(delta / (0.1 * sqrt(2))))
    assert pairs_told_apart([100, 100], share=0.8, between=0.01) == pytest.approx(by_hand, abs=1e-6)


def test_the_pairs_of_unlike_sizes_are_averaged():
    sizes = [10, 10, 40, 90]
    pairs = [
        pairs_told_apart([a, b], share=0.8, between=0.02) for i, a in enumerate(sizes) for b in sizes[i + 1 :]
    ]
    assert pairs_told_apart(sizes, share=0.8, between=0.02) == pytest.approx(sum(pairs) / 6, abs=1e-12)


def test_true_differences_beyond_reach_are_as_often_as_a_simulation_says():
    generator = np.random.default_rng(5)
    true = generator.normal(0.8, sqrt(0.02), (200_000, 2))
    delta = (1.959964 + 0.841621) * sqrt(0.16 * (1 / 60 + 1 / 30))
    seen = np.mean(np.abs(true[:, 0] - true[:, 1]) > delta)
    assert pairs_told_apart([60, 30], share=0.8, between=0.02) == pytest.approx(seen, abs=0.005)


@pytest.mark.parametrize(
    ("sizes", "between", "told"),
    [([], 0.1, None), ([5], 0.1, None), ([50, 50], 0.0, 0.0), ([0, 50], 0.1, 0.0)],
)
def test_where_there_is_nothing_to_tell(sizes, between, told):
    assert pairs_told_apart(sizes, share=0.8, between=between) == told
