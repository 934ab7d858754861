"""The readers' part of a result's variance: closed forms of the bivariate normal, and a simulation."""

import doctest
from math import asin, pi

import numpy as np
import pytest

from qualityeval.core import reviewer_part as module
from qualityeval.core.errors import InvalidInput
from qualityeval.core.reviewer_part import Readings, corrected_n, reviewer_part, smoothed


def test_worked_examples():
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("reliability", [0.1, 0.5, 0.9])
def test_at_the_median_it_is_sheppards_arcsine(reliability):
    # Sheppard 1899: P(both above their medians) = 1/4 + asin(R)/2π, so that corr(y, y′) = 2·asin(R)/π
    found = reviewer_part(0.5, Readings(reliability, 1 - reliability, 0.0, 1))
    assert found == pytest.approx(1 - 2 * asin(reliability) / pi, abs=1e-12)


def test_it_is_what_a_simulated_crossed_model_gives():
    rng = np.random.default_rng(7)
    readings = Readings(case=36.0, expert=16.0, error=20.0, sheets=2)
    case = rng.normal(0, 6, 400_000)
    twice = [case + rng.normal(0, 18**0.5, len(case)) >= -7.0 for _ in range(2)]
    rate = float(np.mean(twice))
    simulated = 1 - float(np.corrcoef(*twice)[0, 1])
    assert reviewer_part(rate, readings) == pytest.approx(simulated, abs=0.006)


def test_edges():
    none, all_ = Readings(1.0, 0.0, 0.0, 2), Readings(0.0, 1.0, 1.0, 2)
    assert reviewer_part(0.8, none) == pytest.approx(0, abs=0.03)  # readers who agree add nothing (R = 1)
    assert reviewer_part(0.8, all_) == reviewer_part(1.0, none) == reviewer_part(0.0, none) == 1
    assert Readings(0.0, 0.0, 0.0, 2).reliability == 0
    assert corrected_n(10, 10.0, 10, 0.0) == 10_000_000
    assert smoothed(0, 16) == 0.1
    for bad in (lambda: reviewer_part(1.2, none), lambda: corrected_n(5, 6.0, 10, 0.1)):
        with pytest.raises(InvalidInput):
            bad()
