"""Sizes in exact rationals: worked by hand, a slow oracle for totals, and the traps of floats."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qualityeval.core.allocation import Fixed, Override, Rate, SizeRule, SizeRules, Total, allocate
from qualityeval.core.conditions import parse_condition
from qualityeval.core.errors import InvalidInput
from qualityeval.core.frame_file import read_frame
from qualityeval.core.largest_remainder import largest_remainder
from qualityeval.core.plan import read_plan
from qualityeval.core.rates import parse_rate, rate_text
from tests.core.draw_vectors import VECTORS

RATE = Rate(Fraction(277, 1000))


def sizes(counts, rule, *overrides, fields=("place", "type")):
    found = allocate(counts, fields=fields, rules=SizeRules(rule, overrides))
    return {size.label: size.n for size in found}


def test_the_published_rates():
    """27.7 % with a minimum of 2, as the published example `rate` has it."""
    vector = VECTORS["rate"]
    frame, plan = read_frame(vector["frame_csv"].encode()), read_plan(vector["plan"])
    counts = {tuple(label.split("|")): size for label, size in frame.sizes.items()}
    assert sizes(counts, SizeRule(RATE, minimum=2)) == plan.sizes
    assert list(plan.sizes.values()) == [4, 8, 4, 8, 4, 8]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("27.7%", Fraction(277, 1000)), ("27.7 %", Fraction(277, 1000)), ("27.7％", Fraction(277, 1000)),
        ("0.277", Fraction(277, 1000)), ("277/1000", Fraction(277, 1000)), ("1", Fraction(1)),
        ("100%", Fraction(1)), ("1.0", Fraction(1)), ("0.000000000001", Fraction(1, 10**12)), ("1/3", Fraction(1, 3)),
    ],
)  # fmt: skip
def test_rates_are_read_exactly(text, share):
    assert parse_rate(text) == share
    assert parse_rate(rate_text(share)) == share


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (0.277, "rate.form"), (30, "rate.form"), (None, "rate.form"), (True, "rate.form"), ("", "rate.form"),
        ("27,7%", "rate.form"), ("1e-1", "rate.form"), ("nan", "rate.form"), ("-1%", "rate.form"),
        ("1/0", "rate.form"), ("٣٠%", "rate.form"),
        ("0", "rate.range"), ("0%", "rate.range"), ("30", "rate.range"), ("100.1%", "rate.range"),
        ("1.01", "rate.range"), ("3/2", "rate.range"),
    ],
)  # fmt: skip
def test_rates_refused(text, code):
    with pytest.raises(InvalidInput) as refusal:
        parse_rate(text)
    assert (refusal.value.code, refusal.value.where) == (code, "rates.default")
    assert "%%" not in refusal.value.message


def test_a_float_would_draw_one_more():
    # 0.07 * 100 is 7.000000000000001 in binary, so that its ceil is 8
    assert ceil(0.07 * 100) == 8
    assert sizes({("a", "x"): 100}, SizeRule(Rate(parse_rate("7%")))) == {"a|x": 7}


@pytest.mark.parametrize(
    ("size", "rule", "n"),
    [
        (10, SizeRule(RATE), 3), (10, SizeRule(RATE, minimum=5), 5), (4, SizeRule(RATE, minimum=5), 4),
        (100, SizeRule(RATE, maximum=20), 20), (100, SizeRule(RATE, take_all_below=100), 100),
        (101, SizeRule(RATE, take_all_below=100), 28), (3, SizeRule(RATE, maximum=2, take_all_below=3), 3),
        (1, SizeRule(RATE), 1), (7, SizeRule(Fixed(5)), 5), (3, SizeRule(Fixed(5)), 3),
        (1000, SizeRule(RATE), 277), (1001, SizeRule(RATE), 278), (9, SizeRule(Rate(Fraction(1))), 9),
    ],
)  # fmt: skip
def test_one_stratum_by_hand(size, rule, n):
    assert sizes({("a", "x"): size}, rule) == {"a|x": n}


def override(when, rule):
    return Override(parse_condition(when, where="when"), rule)


def test_the_first_override_that_matches_wins():
    counts = {("a", "x"): 10, ("a", "y"): 10, ("b", "x"): 10, ("b", ""): 10}
    half, all_ = SizeRule(Rate(Fraction(1, 2))), SizeRule(Rate(Fraction(1)))
    found = allocate(
        counts,
        fields=("place", "type"),
        rules=SizeRules(SizeRule(RATE), (override({"place": "a", "type": "x"}, all_), override({"place": "a"}, half),
                                         override({"type": None}, SizeRule(Fixed(1))))),
    )  # fmt: skip
    assert [(s.label, s.N, s.n, s.rule) for s in found] == [
        ("a|x", 10, 10, "override 1"),
        ("a|y", 10, 5, "override 2"),
        ("b|-", 10, 1, "override 3"),
        ("b|x", 10, 3, "default"),
    ]


def test_an_idle_override_is_refused():
    counts = {("a", "x"): 10}
    with pytest.raises(InvalidInput, match=r"rate\.override_unused") as refusal:
        sizes(counts, SizeRule(RATE), override({"place": "c"}, SizeRule(RATE)))
    assert refusal.value.where == "rates.override[0]"
    with pytest.raises(InvalidInput, match=r"rate\.override_hidden") as refusal:
        sizes(
            counts,
            SizeRule(RATE),
            override({"place": "a"}, SizeRule(RATE)),
            override({"type": "x"}, SizeRule(RATE)),
        )
    assert refusal.value.where == "rates.override[1]"


def test_empty_and_dash_are_one_stratum_and_order_is_by_bytes():
    counts = {("～",): 1, ("𠀀",): 1, ("",): 2, ("-",): 3}
    found = allocate(counts, fields=("place",), rules=SizeRules(SizeRule(RATE)))
    assert [(s.label, s.N) for s in found] == [("-", 5), ("～", 1), ("𠀀", 1)]


def test_a_total_by_hand():
    # 10 over 6, 3, 1 and 4 cases of 14: quotas 4.29, 2.14, 0.71, 2.86; the last and the third round up
    counts = {("a",): 6, ("b",): 3, ("c",): 1, ("d",): 4}
    rule = SizeRule(Total(10))
    assert sizes(counts, rule, fields=("place",)) == {"a": 4, "b": 2, "c": 1, "d": 3}
    # three equal quotas of 2/3: two places go to the first labels by their bytes
    assert sizes({("𠀀",): 5, ("～",): 5, ("z",): 5}, SizeRule(Total(2)), fields=("p",)) == {
        "z": 1,
        "～": 1,
        "𠀀": 0,
    }
    # a minimum of 2 takes b and c out first; 10 - 4 over a and d by 6:4 is 3.6 and 2.4
    bounded = SizeRule(Total(8), minimum=2, maximum=5)
    counts = {("a",): 60, ("b",): 5, ("c",): 5, ("d",): 40}
    assert sizes(counts, bounded, fields=("p",)) == {"a": 2, "b": 2, "c": 2, "d": 2}
    assert sizes(counts, SizeRule(Total(10), minimum=2), fields=("p",)) == {"a": 4, "b": 2, "c": 2, "d": 2}


def test_a_total_covers_what_no_override_names():
    counts = {("a",): 10, ("b",): 10, ("c",): 10}
    rule = override({"p": "c"}, SizeRule(Fixed(7)))
    assert sizes(counts, SizeRule(Total(4)), rule, fields=("p",)) == {"a": 2, "b": 2, "c": 7}


@pytest.mark.parametrize("total", [1, 31])
def test_a_total_beyond_the_bounds_is_refused(total):
    with pytest.raises(InvalidInput, match=r"rate\.total_range"):
        sizes({("a",): 10, ("b",): 20}, SizeRule(Total(total), minimum=1), fields=("p",))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=6),
    st.integers(0, 120),
)
def test_shared_totals_keep_sum_and_bounds_and_stay_near_the_quota(strata, total):
    given_ = {f"s{i}": size for i, (size, _, _) in enumerate(strata)}
    lower = {f"s{i}": min(size, low) for i, (size, low, _) in enumerate(strata)}
    upper = {
        f"s{i}": min(size, max(lower[f"s{i}"], low + extra)) for i, (size, low, extra) in enumerate(strata)
    }
    assume(sum(lower.values()) <= total <= sum(upper.values()))
    found = largest_remainder(given_, total=total, lower=lower, upper=upper)
    assert sum(found.values()) == total
    assert all(lower[label] <= found[label] <= upper[label] for label in given_)
    # oracle: the bounded proportional share min(upper, max(lower, t·N)) for one t, found by bisection
    low, high = Fraction(0), Fraction(1)
    for _ in range(40):
        middle = (low + high) / 2
        if sum(min(upper[x], max(lower[x], middle * given_[x])) for x in given_) < total:
            low = middle
        else:
            high = middle
    for label, size in given_.items():
        assert abs(found[label] - min(upper[label], max(lower[label], high * size))) < 1 + Fraction(1, 10**6)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 10**7), st.integers(1, 1000), st.integers(0, 50), st.integers(0, 60))
def test_the_formula_for_any_stratum(size, thousandths, minimum, take_all):
    rule = SizeRule(Rate(Fraction(thousandths, 1000)), minimum=minimum, maximum=5000, take_all_below=take_all)
    asked = -(-thousandths * size // 1000)
    expected = size if size <= take_all else min(size, 5000, max(minimum, asked))
    assert sizes({("a", "x"): size}, rule) == {"a|x": expected}
