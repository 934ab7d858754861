"""Shrinkage against R and metafor; the degenerate cases said."""

import numpy as np
import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.shrinkage import beta_binomial, fay_herriot

HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
# metafor's dat.bcg: vaccinated positive and negative, controls positive and negative, latitude
BCG = np.array([
    (4, 119, 11, 128, 44), (6, 300, 29, 274, 55), (3, 228, 11, 209, 42), (62, 13536, 248, 12619, 52),
    (33, 5036, 47, 5761, 13), (180, 1361, 372, 1079, 44), (8, 2537, 10, 619, 19), (505, 87886, 499, 87892, 13),
    (29, 7470, 45, 7232, 27), (17, 1699, 65, 1600, 42), (186, 50448, 141, 27197, 18), (5, 2493, 3, 2338, 33),
    (27, 16886, 29, 17825, 33),
], dtype=float)  # fmt: skip


def test_e1_batters():
    # R: the likelihood is nearly flat (alpha 210.6, beta 582.7), so it is tested, not alpha
    found = beta_binomial(HITS, [45] * 18)
    assert found.log_likelihood == pytest.approx(-45.34390, abs=5e-6)
    assert found.mean == pytest.approx(0.265432, abs=1e-5)
    assert not found.degenerate
    assert 0.25 < found.rates[-1] < found.rates[0] < 0.29  # almost all the way to the mean
    assert all(lo < rate < hi for rate, (lo, hi) in zip(found.rates, found.intervals, strict=True))


def test_beta_binomial_recovers_planted_spread():
    rng = np.random.default_rng(3)
    sizes = rng.integers(5, 60, 800)
    found = beta_binomial(rng.binomial(sizes, rng.beta(8, 2, 800)), sizes)
    assert found.mean == pytest.approx(0.8, abs=0.015)
    assert found.strength == pytest.approx(10, rel=0.25)


def test_no_spread_is_said():
    for counts in ([5, 5, 5, 5], [0, 0, 0, 0], [10, 10, 10, 10]):
        found = beta_binomial(counts, [10] * 4)
        assert (found.degenerate, found.strength, found.intervals) == (True, None, ())
        assert set(found.rates) == {sum(counts) / 40}
    for bad in (([1], [2]), ([3, 1], [2, 2]), ([1, 1], [0, 2]), ([1, 1], [2, 2, 2])):
        with pytest.raises(InvalidInput):
            beta_binomial(*bad)


def test_e2_eight_schools_is_degenerate():
    # metafor: tau² = 0 under REML; mean 7.685617, SE 4.071919
    found = fay_herriot([28, 8, -3, 7, -1, 1, 18, 12], [s * s for s in (15, 10, 16, 11, 9, 11, 10, 18)])
    assert (found.tau2, found.degenerate) == (0, True)
    assert (found.coefficients[0], found.errors[0]) == pytest.approx((7.685617, 4.071919), abs=5e-7)
    assert found.means == pytest.approx([7.685617] * 8, abs=5e-7)


def test_e3_bcg_trials():
    # metafor, REML; with latitude its search stops within 1e-5 of the maximum, hence the wider tolerance there
    yes, no, other_yes, other_no, latitude = BCG.T
    effect = np.log(yes / (yes + no) / (other_yes / (other_yes + other_no)))
    variance = 1 / yes - 1 / (yes + no) + 1 / other_yes - 1 / (other_yes + other_no)
    plain = fay_herriot(effect, variance)
    assert (plain.tau2, plain.coefficients[0], plain.errors[0]) == pytest.approx(
        (0.313243, -0.714532, 0.179782), abs=1e-6
    )
    sloped = fay_herriot(effect, variance, [latitude])
    assert sloped.tau2 == pytest.approx(0.076355, abs=1e-5)
    assert sloped.coefficients == pytest.approx((0.251464, -0.029102), abs=5e-6)
    assert sloped.means[:4] == pytest.approx((-1.002471, -1.415710, -1.029388, -1.404231), abs=2e-5)


def test_fay_herriot_refuses_what_has_no_freedom():
    for bad in (
        ([1.0], [1.0]),
        ([1.0, 2.0], [1.0, 0.0]),
        ([1.0, 2.0], [1.0]),
        ([1.0, float("inf"), 2.0], [1.0] * 3),
    ):
        with pytest.raises(InvalidInput):
            fay_herriot(*bad)
