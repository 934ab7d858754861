"""What a plan promises before the freeze, against published intervals and sums by hand."""

from fractions import Fraction

import pytest

from qualityeval.core.allocation import StratumSize
from qualityeval.core.expected_precision import half_width, other_rates


def test_half_width_is_that_of_wilson():
    # Newcombe 1998, table I, method 3: 81 of 263 gives 0.2553 to 0.3662
    assert half_width(263, share=81 / 263) == pytest.approx((0.3662 - 0.2553) / 2, abs=5e-5)


def test_half_width_of_an_assumed_share():
    # by hand, z = 1.959964, p = 0.8, n = 100: z·√(0.0016 + 0.000960) / 1.038415 = 0.07770 of the sum
    z, n, p = 1.959963985, 100, 0.8
    by_hand = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5 / (1 + z * z / n)
    assert half_width(100) == pytest.approx(by_hand, abs=1e-9)
    assert half_width(400) < half_width(100) < half_width(25)


@pytest.mark.parametrize("n", [0, -1])
def test_nothing_drawn_tells_nothing(n):
    assert half_width(n) is None


def test_other_rates_round_up_stratum_by_stratum_and_keep_the_minimum():
    strata = (StratumSize("criminal|trial", 5, 2, "default"), StratumSize("civil|-", 13, 4, "default"))
    found = other_rates(strata, minimum=2)
    assert [one.rate for one in found] == [Fraction(1, 10), Fraction(1, 5), Fraction(3, 10), Fraction(1, 2)]
    # 10 %: max(2, 1) + max(2, 2); 20 %: max(2, 1) + 3; 30 %: 2 + 4; 50 %: 3 + 7
    assert [one.n for one in found] == [4, 5, 6, 10]
    assert [one.half_width for one in found] == [half_width(one.n) for one in found]


def test_no_strata_ask_for_nothing():
    assert [one.n for one in other_rates((), minimum=2)] == [0, 0, 0, 0]
