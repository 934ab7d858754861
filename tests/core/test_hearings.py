"""Hearings that must be observed: worked by hand, the lot by `printf | sha256sum`."""

import hashlib
from datetime import date
from fractions import Fraction

import pytest

from qualityeval.core.coverage import Rate, hearing_rates
from qualityeval.core.hearings import (
    Hearing,
    Why,
    chosen,
    dealt,
    missing,
    obligatory,
    quarter,
    year_to_quarter,
)

DAY = date(2026, 11, 25)
SEED = "5" * 64


def hearing(number, *, place=1, day=DAY, **facts):
    return Hearing(f"330102:{number}", place, day, **facts)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, None),
        ({"first": True, "series": 20, "risk": "高"}, Why.FIRST_CASE),
        ({"series": 10}, Why.MASS),
        ({"series": 9}, None),
        ({"risk": " 重大 "}, Why.MAJOR),
        ({"risk": "中"}, None),
    ],
)
def test_what_must_be_observed_whatever_the_lot_says(facts, why):
    assert obligatory(hearing(1, **facts)) == why


@pytest.mark.parametrize(
    ("observed", "heard", "planned", "wanted"),
    [(0, 0, 0, 0), (0, 1, 0, 1), (2, 120, 1, 3), (6, 120, 0, 0), (6, 121, 0, 1), (0, 100, 9, 0)],
)
def test_five_per_cent_of_the_cases_heard_rounded_up(observed, heard, planned, wanted):
    assert missing(Rate(observed, heard), planned=planned) == wanted


def test_another_share_is_exact():
    """277/1000 of 1000 are 277; a float 0.277 asks for 278."""
    assert missing(Rate(0, 1000), planned=0, target=Fraction(277, 1000)) == 277


def test_the_lot_fills_up_what_the_obligatory_ones_leave():
    """The two smallest of SHA-256(seed, "draw", key), obligatory ones out of it."""
    rest = [hearing(n) for n in range(10)]
    must = [hearing("a", first=True), hearing("b", risk="高")]
    tickets = sorted(
        (hashlib.sha256(f"{SEED}\x1fdraw\x1f{one.key}".encode()).hexdigest(), one.key) for one in rest
    )
    found = {one.hearing.key: one.why for one in chosen([*rest, *must], {1: 4}, SEED)}
    assert found == {
        "330102:a": Why.FIRST_CASE, "330102:b": Why.MAJOR, tickets[0][1]: Why.DRAWN, tickets[1][1]: Why.DRAWN,
    }  # fmt: skip


def test_the_lot_doesnt_depend_on_the_order_of_rows_nor_on_other_institutions():
    mine, others = [hearing(n) for n in range(20)], [hearing(f"x{n}", place=2) for n in range(20)]
    alone = chosen(mine, {1: 3}, SEED)
    assert [
        one for one in chosen([*others, *mine[::-1]], {1: 3, 2: 5}, SEED) if one.hearing.place == 1
    ] == alone


def test_obligatory_ones_are_kept_beyond_the_share_and_few_hearings_are_all_taken():
    assert len(chosen([hearing(n, first=True) for n in range(4)], {1: 1}, SEED)) == 4
    assert len(chosen([hearing(n) for n in range(2)], {1: 5}, SEED)) == 2
    assert chosen([hearing(1)], {}, SEED) == []


def test_observers_get_one_hearing_a_day_first_then_the_least_loaded():
    today = chosen([hearing(n) for n in range(3)], {1: 3}, SEED)
    able = {one.hearing.key: [7, 8] for one in today}
    given, left = dealt(today, able, {7: 5})
    assert [who for _one, who in given] == [8, 7, 8]
    assert left == []


def test_a_hearing_that_nobody_may_go_to_is_named():
    one, two = chosen([hearing(1), hearing(2)], {1: 2}, SEED)
    given, left = dealt([one, two], {one.hearing.key: [], two.hearing.key: [7]}, {})
    assert (given, left) == ([(two, 7)], [one])


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 9, 30), date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_quarters(day, first, last):
    assert quarter(day) == (first, last)
    assert year_to_quarter(day) == (date(2026, 1, 1), last)


def test_statutory_and_open_rates_by_hand():
    """40 heard, 2 observed, 4 closed (3 minors', 1 private): 2/40 = 5 % and 2/36."""
    statutory, public = hearing_rates(heard=40, observed=2, closed={"minor": 3, "privacy": 1})
    assert (statutory.share, public.share) == (Fraction(1, 20), Fraction(1, 18))
    assert public.left_out == {"minor": 3, "privacy": 1}
