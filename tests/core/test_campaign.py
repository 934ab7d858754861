"""Who is called back: sizes and lot of a campaign, worked by hand."""

from fractions import Fraction

import pytest

from qualityeval.core.allocation import Rate, SizeRule
from qualityeval.core.callback import Called, tally
from qualityeval.core.campaign import check_bounds, drawn, full
from qualityeval.core.coverage import Rate as Share
from qualityeval.core.errors import InvalidInput
from qualityeval.core.sampling import ticket
from tests.channel_rows import CONTENT
from tests.core.test_channels import CALLBACK

SEED = "5" * 64
FIELDS = ("institution", "case_type")


def keys(place, count):
    return [f"{place}:{number}" for number in range(count)]


def test_sizes_are_a_rounds_and_the_lot_is_the_smallest_tickets():
    """21 at 10 % go up to 3; 4 at 10 % are 1, raised to the minimum of 2; 300 at 10 % are 30, cut to 25."""
    strata = {
        ("A", "civil"): keys("A", 21),
        ("A", "criminal"): keys("a", 4),
        ("B", "civil"): keys("B", 300),
    }
    rule = SizeRule(Rate(Fraction(1, 10)), minimum=2, maximum=25)
    sizes, lot = drawn(strata, rule, SEED, fields=FIELDS)
    assert {one.label: (one.N, one.n) for one in sizes} == {
        "A|civil": (21, 3), "A|criminal": (4, 2), "B|civil": (300, 25),
    }  # fmt: skip
    first = sorted(keys("A", 21), key=lambda key: ticket(SEED, key))[:3]
    assert [one.key for one in lot if one.stratum == "A|civil"] == first
    assert [one.ticket for one in lot] == sorted(one.ticket for one in lot)
    assert len(lot) == 30


def test_all_are_drawn_at_a_hundred_per_cent_and_none_of_none():
    sizes, lot = drawn({("A",): keys("A", 7)}, SizeRule(Rate(Fraction(1))), SEED, fields=("institution",))
    assert (sizes[0].n, len(lot)) == (7, 7)


def test_a_stratum_is_full_at_its_quota():
    assert full({"A": 5, "B": 4, "C": 6}, 5) == {"A", "C"}
    assert full({"A": 5}, None) == frozenset()


def test_who_was_held_back_is_in_no_rate():
    """40 drawn, quota reached after 24 calls with 20 answers: 16 held. Response 20 of 24, not 20 of 40."""
    tasks = [Called(("reached",), CONTENT)] * 20 + [Called(("no_answer",))] * 4 + [Called(held=True)] * 16
    found = tally(tasks, CALLBACK)
    assert (found.held, found.response, found.reach) == (16, Share(20, 24), Share(20, 24))


@pytest.mark.parametrize(
    ("minimum", "maximum", "quota", "where"),
    [(-1, None, None, "minimum"), (0, 0, None, "maximum"), (5, 4, None, "maximum"), (0, None, 0, "quota")],
)
def test_bounds_that_leave_nothing_are_refused(minimum, maximum, quota, where):
    with pytest.raises(InvalidInput) as refusal:
        check_bounds(minimum, maximum, quota)
    assert refusal.value.where == where
