"""Neyman's allocation against a textbook example, a slow search and the bounds."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualityeval.core.allocation import SizeRule, SizeRules, Spread, Total, allocate
from qualityeval.core.errors import InvalidInput
from qualityeval.core.neyman import expected_variance, neyman

# Scheaffer, Mendenhall & Ott, Elementary Survey Sampling, the television survey: three towns
TOWNS, DEVIATIONS = {"A": 155, "B": 62, "C": 93}, {"A": 5, "B": 15, "C": 10}


def test_the_textbook_survey():
    """Σ N·S = 2635; n = 2635²/(310²·1 + 27125) = 56.346, so 57: 29.41 %, 35.29 %, 35.29 % of it."""
    spread = {town: Fraction(s * s) for town, s in DEVIATIONS.items()}
    whole = sum(TOWNS[x] * DEVIATIONS[x] for x in TOWNS)
    wanted = Fraction(whole**2, 310**2 + sum(TOWNS[x] * spread[x] for x in TOWNS))
    assert float(wanted) == pytest.approx(56.346, abs=5e-4)
    free = dict.fromkeys(TOWNS, 0)
    assert neyman(TOWNS, spread, total=57, lower=free, upper=TOWNS) == {"A": 17, "B": 20, "C": 20}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 7), st.integers(1, 9)), min_size=1, max_size=3),
    st.integers(0, 12),
)
def test_no_other_whole_numbers_do_better(strata, extra):
    """Every allocation with at least one case a stratum is tried."""
    sizes = {str(i): n for i, (n, _) in enumerate(strata)}
    spread = {str(i): Fraction(v, 4) for i, (_, v) in enumerate(strata)}
    total = min(len(sizes) + extra, sum(sizes.values()))
    found = neyman(sizes, spread, total=total, lower=dict.fromkeys(sizes, 0), upper=sizes)

    def variance(n):
        return sum(Fraction(sizes[x] ** 2, n[x]) * spread[x] for x in sizes)

    ways = (
        dict(zip(sizes, way, strict=True))
        for way in product(*(range(1, n + 1) for n in sizes.values()))
        if sum(way) == total
    )
    assert sum(found.values()) == total
    assert variance(found) == min(map(variance, ways))


def test_a_full_stratum_passes_its_part_on():
    spread = {"few": Fraction(10_000), "many": Fraction(1)}
    sizes = {"few": 3, "many": 1000}
    assert neyman(sizes, spread, total=50, lower={"few": 0, "many": 10}, upper=sizes) == {
        "few": 3,
        "many": 47,
    }


def test_a_total_that_the_bounds_cannot_give():
    with pytest.raises(InvalidInput) as refusal:
        neyman({"a": 2}, {"a": Fraction(1)}, total=3, lower={"a": 0}, upper={"a": 2})
    assert refusal.value.code == "rate.total_range"


def test_a_stratum_without_a_failure_keeps_its_part():
    # rule of succession by hand: (8 + 1)/(8 + 2) = 0.9, so 0.9 · 0.1
    assert expected_variance(8, 8) == Fraction(9, 100)
    assert expected_variance(0, 0) == Fraction(1, 4)


def test_the_rule_reads_the_spread_by_label_and_pooled():
    """S² 0.25 and 0.09: the parts of 40 of two strata of 100 are as 5 to 3."""
    rules = SizeRules(SizeRule(Total(40, neyman="R2025")))
    spread = Spread({"civil": Fraction(1, 4)}, pooled=Fraction(9, 100))
    found = allocate({("civil",): 100, ("criminal",): 100}, fields=("case_type",), rules=rules, spread=spread)
    assert [(one.label, one.n) for one in found] == [("civil", 25), ("criminal", 15)]
    assert rules.as_plan()["default"]["neyman"] == "R2025"
    with pytest.raises(InvalidInput) as refusal:
        allocate({("civil",): 100}, fields=("case_type",), rules=rules)
    assert refusal.value.code == "rate.no_spread"
