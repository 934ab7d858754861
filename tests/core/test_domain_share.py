"""A share in a part of a stratified sample, against R's figures and by hand."""

from math import sqrt

import pytest

from qualityeval.core.domain_share import DomainStratum, domain_share
from qualityeval.core.errors import InvalidInput


def test_the_whole_sample_is_the_stratified_share():
    # numerics page S2: R survey's apistrat, sch.wide = Yes 91/26/35 of 100/50/50
    strata = [DomainStratum(N, n, n, x) for N, n, x in ((4421, 100, 91), (755, 50, 26), (1018, 50, 35))]
    found = domain_share(strata, freedom=197, population=6194)
    assert found.value == pytest.approx(0.8279480, abs=5e-8)
    assert found.se == pytest.approx(0.0243448, abs=5e-8)
    assert (found.interval.lo, found.interval.hi) == pytest.approx((0.7799382, 0.8759578), abs=5e-8)
    assert found.interval.method == "stratified"


def test_a_domain_across_two_strata_by_hand():
    # N 40, n 4: 3 in the domain, 2 good; N 60, n 4: 2 in the domain, none good.
    # weights 10 and 15: p = 20 / (30 + 30) = 1/3
    # residuals: 2/3, 2/3, -1/3, 0 (sum 1, squares 1) and -1/3, -1/3, 0, 0 (sum -2/3, squares 2/9)
    # s² = (1 - 1/4) / 3 = 1/4 and (2/9 - 1/9) / 3 = 1/27
    # variance = [1600·0.9·(1/4)/4 + 3600·(14/15)·(1/27)/4] / 60² = (90 + 31.1111) / 3600
    strata = [DomainStratum(40, 4, 3, 2), DomainStratum(60, 4, 2, 0)]
    found = domain_share(strata, freedom=6, population=55)
    assert found.value == pytest.approx(1 / 3)
    assert found.se == pytest.approx(sqrt((90 + 280 / 9) / 3600))


def test_cases_outside_the_domain_are_not_dropped():
    inside = domain_share([DomainStratum(100, 10, 5, 3)], freedom=9, population=50)
    dropped = domain_share([DomainStratum(50, 5, 5, 3)], freedom=4, population=50)
    assert inside.value == dropped.value
    assert inside.se < dropped.se, "n − 1 is that of the whole stratum"


def test_all_or_none_falls_back_to_the_exact_interval_and_says_so():
    # numerics page I2: (200, 50, 0) gives 0…12
    found = domain_share([DomainStratum(200, 50, 50, 0)], freedom=49, population=200)
    assert (found.value, found.interval.lo, found.interval.hi) == (0.0, 0.0, 12 / 200)
    assert found.interval.method == "hypergeometric_unweighted"


def test_a_single_case_of_several_has_no_interval():
    found = domain_share([DomainStratum(9, 1, 1, 1), DomainStratum(9, 3, 3, 1)], freedom=2, population=18)
    assert (found.interval, found.reason) == (None, "single_case_stratum")


def test_a_stratum_taken_whole_adds_nothing():
    whole = domain_share([DomainStratum(4, 4, 4, 2)], freedom=3, population=4)
    assert (whole.se, whole.interval.lo, whole.interval.hi) == (0.0, 0.5, 0.5)


@pytest.mark.parametrize(
    "strata", [[], [DomainStratum(5, 6, 6, 1)], [DomainStratum(5, 4, 3, 4)], [DomainStratum(5, 4, 0, 0)]]
)
def test_impossible_counts_are_refused(strata):
    with pytest.raises(InvalidInput):
        domain_share(strata, freedom=3, population=5)


def test_strata_that_each_say_one_thing_have_no_sampling_error():
    # 3 of 3 and 0 of 12: p = 6/30; rounding may leave a variance of −1e-17, which has no root
    for population, n in ((6, 3), (14, 7), (22, 11)):
        found = domain_share(
            [DomainStratum(population, n, n, n), DomainStratum(24, 12, 12, 0)], freedom=9, population=30
        )
        assert found.value == pytest.approx(population / (population + 24))
        assert found.se == pytest.approx(0, abs=1e-8)
