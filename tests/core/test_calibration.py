"""Anchors and hidden repeats: deviation from a reference, leaning, error of one person reading twice."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualityeval.adapters.rubric_files import shipped_rubric
from qualityeval.core.calibration import (
    AGREED,
    HARSHER,
    MILDER,
    deviation,
    is_repeated,
    leaning,
    within_expert,
)
from qualityeval.core.sheet import read_content

RUBRIC = shipped_rubric("criminal-trial@1")
# Bland and Altman, Lancet 1986;i:307, table 1: peak flow by a Wright meter, first and second reading, l/min
WRIGHT = (
    (494, 490), (395, 397), (516, 512), (434, 401), (476, 470), (557, 611), (413, 415), (442, 431), (650, 638),
    (433, 429), (417, 420), (656, 633), (267, 275), (478, 492), (178, 165), (423, 372), (427, 421),
)  # fmt: skip


def _sheet(*lost, na=()):
    marks = {code: {"earned": item.points} for code, item in RUBRIC.by_item.items()}
    for code, points in lost:
        marks[code] = {"earned": RUBRIC.by_item[code].points - points}
    for code in na:
        marks[code] = {"na": True, "reason": "x"}
    return read_content({"marks": marks}, RUBRIC)


def test_deviation_is_own_minus_reference_by_item_and_in_total():
    first, second = list(RUBRIC.by_item)[:2]
    found = deviation(RUBRIC, _sheet((first, 150)), _sheet((first, 50), (second, 100)))
    apart = {one.item.code: one.apart for one in found.items}
    assert (apart[first], apart[second]) == (-100, 100)
    assert (found.own, found.reference, found.total) == (9850, 9850, 0)
    assert [one.item.code for one in found.items] == list(RUBRIC.by_item)


def test_not_applicable_against_a_mark_has_no_deviation_of_points():
    code = next(item.code for item in RUBRIC.by_item.values() if item.na)
    mixed = deviation(RUBRIC, _sheet(na=[code]), _sheet())
    assert next(one for one in mixed.items if one.item.code == code).apart is None
    both = deviation(RUBRIC, _sheet(na=[code]), _sheet(na=[code]))
    assert next(one for one in both.items if one.item.code == code).apart == 0


def test_leaning_by_hand():
    """Three anchors, -4, -2 and +0.5 points: mean -5.5/3, absolute 6.5/3."""
    found = leaning([-400, -200, 50])
    assert (found.n, found.mean, found.absolute) == (3, Fraction(-550, 3), Fraction(650, 3))
    assert [leaning(one).word for one in ([-201], [-200], [200], [201])] == [HARSHER, AGREED, AGREED, MILDER]
    assert leaning([]) is None


def test_within_expert_error_of_bland_and_altman():
    """Their own worked figure for these readings: s_w = 15.3 l/min, repeatability 42.4."""
    found = within_expert(WRIGHT)
    assert found.n == 17
    assert found.error == pytest.approx(15.307, abs=5e-4)
    assert found.repeatability == pytest.approx(42.43, abs=5e-3)
    assert within_expert([]) is None
    assert within_expert([(8000, 8000)]).error == 0
    assert within_expert([(8000, 8300)]).shift == 300


def test_a_higher_rate_adds_repeats_and_takes_none_away():
    keys = [f"33:{number}" for number in range(2_000)]
    low, high = (
        {key for key in keys if is_repeated("s" * 64, key, "E1", Fraction(*rate))}
        for rate in ((1, 50), (1, 5))
    )
    assert low < high
    assert 20 <= len(low) <= 65  # 2 % of 2,000 is 40; five standard deviations of 6.3 stay inside 8 to 72
    assert 310 <= len(high) <= 490
    assert all(is_repeated("s" * 64, key, "E1", Fraction(1)) for key in keys[:50])
    assert {key for key in keys if is_repeated("s" * 64, key, "E2", Fraction(1, 50))} != low


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), min_size=1, max_size=20))
def test_the_order_of_the_readings_changes_only_the_shift(pairs):
    found, turned = within_expert(pairs), within_expert([(second, first) for first, second in pairs])
    assert found.error == turned.error
    assert found.shift == -turned.shift
