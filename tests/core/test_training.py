"""The training list: which items, what they are worth, and what changed. Expected values by hand, from the formulas
of Wilson 1927 and Newcombe 1998 (method 10).
"""

import pytest

from qualityeval.core.item_losses import Tally
from qualityeval.core.training import MOST, rate_of, training


def tally(cut, read=80):
    return Tally(read, cut, cut * 100, read * 400)


def test_an_item_is_worth_its_cases():
    # (0.5 + 1.9208/40) / 1.0960 ∓ 1.96·√(0.25/40 + 3.8415/6400) / 1.0960 = 0.5 ∓ 0.148
    found = rate_of(tally(40), cases=40, sheets=80)
    assert (found.value, found.n) == (0.5, 40)
    assert (found.interval.lo, found.interval.hi) == (
        pytest.approx(0.352, abs=5e-4),
        pytest.approx(0.648, abs=5e-4),
    )


@pytest.mark.parametrize("read", [0, 8])
def test_fewer_than_five_cases_show_nothing(read):
    assert rate_of(Tally(read, min(read, 4)), cases=40, sheets=80) is None
    assert rate_of(None, cases=40, sheets=80) is None


def test_items_are_chosen_by_the_earlier_round_and_stay_whether_they_got_better_or_not():
    before = {"笔录": tally(60), "阅卷": tally(20), "归档": tally(0)}
    after = {"笔录": tally(20), "归档": tally(70)}
    lines = training(after, before, sizes=(40, 80), earlier_sizes=(40, 80))
    assert [(line.item, line.reason) for line in lines] == [("笔录", ""), ("阅卷", "too_few")]
    # 0.25 − 0.75; Newcombe's method 10 on n = 40 with Wilson limits (0.1419, 0.4019) and (0.5981, 0.8581):
    # −0.5 ∓ √(0.1081² + 0.1081²) and √(0.1519² + 0.1519²)
    assert lines[0].change == -0.5
    assert lines[0].interval == (pytest.approx(-0.6529, abs=2e-3), pytest.approx(-0.2852, abs=2e-3))
    assert lines[0].clear


def test_without_an_earlier_round_there_are_only_rates():
    (line,) = training({"笔录": tally(8)}, None, sizes=(40, 80))
    assert (line.before, line.change, line.reason, line.after.value) == (None, None, "no_earlier", 0.1)


def test_no_more_than_can_be_trained_for():
    many = {f"项{n}": tally(n + 1) for n in range(30)}
    assert len(training(many, None, sizes=(40, 80))) == MOST
