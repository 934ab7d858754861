"""Two typings, the lottery's day, the committed secret."""

from datetime import date

import pytest

from qualityeval.core.ceremony import (
    SeedKind,
    SeedSource,
    TooEarly,
    Typed,
    check_secret,
    check_source,
    check_typing_day,
    is_weak,
    public_value,
    secret_digest,
    take_typing,
)
from qualityeval.core.errors import InvalidInput
from qualityeval.core.two_people import Agreement, SamePerson, Word

DICE, MACHINE = SeedSource(SeedKind.DICE), SeedSource(SeedKind.MACHINE)
DAY = date(2026, 12, 1)
LOTTERY = SeedSource(SeedKind.LOTTERY, "双色球第2026135期", DAY)


def typed(standing, new, source=DICE, today=DAY):
    return take_typing(standing, new, source=source, today=today)


def test_two_typings_that_agree_make_the_public_value():
    assert typed(None, Word("wang", "3 1 4")) == Typed(Agreement.FIRST)
    # compared after NFC and trimming
    assert typed(Word("wang", " e\u0301 1"), Word("li", "é 1\n")) == Typed(Agreement.AGREED, "é 1")


def test_two_that_differ_are_both_discarded():
    assert typed(Word("wang", "3 1 4"), Word("li", "3 1 5")) == Typed(Agreement.DIFFER)


def test_one_account_is_not_two():
    with pytest.raises(SamePerson, match=r"seed\.same_account"):
        typed(Word("wang", "3 1 4"), Word("wang", "3 1 4"))


def test_a_lottery_number_waits_for_its_day():
    early = date(2026, 11, 30)
    with pytest.raises(TooEarly, match="2026-12-01"):
        typed(None, Word("wang", "5 17"), LOTTERY, early)
    check_typing_day(DICE, today=early)
    assert typed(None, Word("wang", "5 17"), LOTTERY).agreement is Agreement.FIRST


def test_a_machine_needs_one_account_and_its_own_value():
    assert typed(None, Word("wang", "a" * 64), MACHINE) == Typed(Agreement.AGREED, "a" * 64)
    with pytest.raises(InvalidInput, match=r"seed\.machine_value"):
        typed(None, Word("wang", "12345"), MACHINE)


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), (" \n", "empty"), ("a\tb", "control"), ("1" * 401, "too_long")]
)
def test_public_values_refused(text, code):
    with pytest.raises(InvalidInput, match=code):
        public_value(text)


def test_the_lotterys_day_lies_after_the_freeze():
    check_source(LOTTERY, frozen_on=date(2026, 11, 30))
    check_source(DICE, frozen_on=DAY)
    for source, code in (
        (LOTTERY, "seed.lottery_past"),
        (SeedSource(SeedKind.LOTTERY, " ", DAY), "seed.lottery_incomplete"),
        (SeedSource(SeedKind.LOTTERY, "双色球"), "seed.lottery_incomplete"),
    ):
        with pytest.raises(InvalidInput, match=code):
            check_source(source, frozen_on=DAY)


def test_the_secret_is_the_committed_one():
    """Secret and digest of the published example `small`."""
    secret = "00112233445566778899aabbccddeeff" * 2
    digest = "2a8abfa8cb9906290437854193ca6bca41d4d4e26d1d454bd66a35158095e737"
    assert secret_digest(secret) == digest
    check_secret(secret, digest)
    with pytest.raises(InvalidInput, match=r"seed\.secret_differs"):
        check_secret("1" * 64, digest)
    for bad in ("", "A" * 64, "1" * 63, "1" * 64 + "\n"):
        with pytest.raises(InvalidInput, match=r"seed\.secret_form"):
            secret_digest(bad)


def test_what_is_marked_weaker():
    assert is_weak(MACHINE, "a" * 64)
    assert is_weak(DICE, "1" * 19)
    assert not is_weak(DICE, "1 " * 20)
    assert not is_weak(LOTTERY, "5 17")


def test_the_plans_form():
    assert LOTTERY.as_plan() == {"kind": "lottery", "name": "双色球第2026135期", "date": "2026-12-01"}
    assert DICE.as_plan() == {"kind": "dice"}
