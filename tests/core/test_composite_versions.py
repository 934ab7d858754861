"""Weights between periods, parts from cases, watch lists: worked by hand."""

import doctest
from datetime import date

import pytest

from qualityeval.core import composite_parts, watch_list
from qualityeval.core.composite import PARTS, Composite, Part, Weights
from qualityeval.core.composite_parts import mean_part, rate_part
from qualityeval.core.composite_versions import Declared, in_force, refuse_unfit
from qualityeval.core.errors import InvalidInput
from qualityeval.core.watch_list import proposal

EVEN = dict.fromkeys(PARTS, 20)
TODAY = date(2026, 11, 1)


def declared(version, since):
    return Declared(date.fromisoformat(since), Weights(version, EVEN))


OLD, NEW = declared("A", "2026-01-01"), declared("B", "2027-01-01")


@pytest.mark.parametrize("module", [composite_parts, watch_list])
def test_worked_examples(module):
    assert doctest.testmod(module).failed == 0


def test_the_first_may_begin_in_the_past_later_ones_only_in_a_quarter_to_come():
    refuse_unfit([], OLD, today=TODAY)
    refuse_unfit([OLD], NEW, today=TODAY)
    for new, code in (
        (declared("B", "2026-10-01"), "composite.begun"), (declared("B", "2027-02-01"), "composite.since"),
        (declared("A", "2027-01-01"), "composite.version"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as caught:
            refuse_unfit([OLD], new, today=TODAY)
        assert caught.value.code == code
    with pytest.raises(InvalidInput):  # not before one that is announced already
        refuse_unfit([OLD, NEW], declared("C", "2027-01-01"), today=TODAY)


def test_a_period_has_one_version_and_the_one_before_to_compare_with():
    assert in_force([NEW, OLD], date(2027, 1, 1), date(2027, 12, 31)) == (NEW, OLD)
    assert in_force([NEW, OLD], date(2026, 1, 1), date(2026, 12, 31)) == (OLD, None)
    assert in_force([OLD], date(2025, 1, 1), date(2025, 12, 31)) == (None, None)
    with pytest.raises(InvalidInput):
        in_force([NEW, OLD], date(2026, 7, 1), date(2027, 6, 30))


def test_parts_under_five_cases_are_not_measured():
    assert mean_part([90.0] * 4) == Part(None)
    assert rate_part(1.0, 4, 4.0) == rate_part(None, 10, None) == Part(None)
    assert rate_part(1.0, 16, 16.0).se == pytest.approx(100 * (0.9 * 0.1 / 20) ** 0.5)
    with pytest.raises(InvalidInput):
        mean_part([101.0] * 5)


def test_proposals_rest_on_the_end_of_the_interval_that_speaks_against_them():
    fine = {"peer": Part(90.0, 2.0)}
    for lo, hi, expected in (
        (86.0, 94.0, "commend"), (84.0, 94.0, None), (70.0, 76.0, None), (60.0, 74.0, "warn"), (40.0, 59.0, "withdraw"),
    ):  # fmt: skip
        assert proposal(Composite((lo + hi) / 2, lo, hi, 1.0, "A"), fine) == (expected, ())
    assert proposal(Composite(None, None, None, 0.4, "A", "covered_too_little"), fine) == (None, ())
    assert proposal(Composite(None, None, None, 0.4, "A", "x"), {"peer": Part(50.0, 1.0)}) == (
        "warn",
        ("peer",),
    )
