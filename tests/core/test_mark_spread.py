"""Median, quartiles and gaps of marks, by hand and as R's quantile(type = 7) gives them."""

import pytest

from qualityeval.core.mark_spread import mark_spread


def test_quartiles_are_rs_type_seven():
    # R: quantile(c(61.5, 70, 72.25, 84, 90, 91, 99.75)) -> 71.125 84 90.5 at 25, 50, 75 %
    found = mark_spread([6150, 7000, 7225, 8400, 9000, 9100, 9975], [])
    assert (found.lower, found.median, found.upper) == pytest.approx((71.125, 84.0, 90.5))
    assert (found.n, found.pairs, found.mean_gap) == (7, 0, None)


def test_every_pair_of_sheets_of_a_case_counts():
    # 80|90 -> 10; 60|70|90 -> 10, 30, 20: mean 17.5; a lone sheet makes no pair
    found = mark_spread([], [[8000, 9000], [6000, 7000, 9000], [5000]])
    assert (found.pairs, found.mean_gap) == (4, 17.5)


@pytest.mark.parametrize(("totals", "expected"), [([], (None, None, None)), ([7250], (72.5, 72.5, 72.5))])
def test_few_marks(totals, expected):
    found = mark_spread(totals, [])
    assert (found.lower, found.median, found.upper) == expected
