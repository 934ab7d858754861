"""Identity cards and telephones. Valid sample numbers: GB 11643-1999 (its two examples)."""

import pytest

from qualityeval.adapters.person_numbers import (
    id_problem,
    masked_id,
    masked_phone,
    normal_id,
    normal_phone,
)


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",
        "11010519491231002x",
        " 110105 19491231 002X",
        "１１０１０５１９４９１２３１００２Ｘ",
    ],
)
def test_the_standards_example_is_valid(text):
    assert id_problem(text) is None
    assert normal_id(text) == "11010519491231002X"


def test_the_standards_other_example():
    # 440524 is no longer a county; the number is as valid as on the day it was given
    assert id_problem("440524188001010014") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("110105194912310021", "id.check_digit"),
        ("110105194913310029", "id.check_digit"),  # no 13th month
        ("110105194912310000", "id.destroyed"),
        ("E12345678", None),  # a passport
        ("H1234567890", None),
        ("", None),
    ],
)
def test_only_a_wrong_card_number_is_faulted(text, code):
    found = id_problem(text)
    assert (found[0] if found else None) == code


def test_an_old_number_equals_its_longer_form():
    # 15 digits: the century and the check digit were added in 1999
    assert normal_id("110105491231002") == "11010519491231002X"
    assert normal_id("110105491231002") == normal_id("11010519491231002x")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13800138000", "+8613800138000"), ("138 0013 8000", "+8613800138000"), ("138-0013-8000", "+8613800138000"),
        ("+86 13800138000", "+8613800138000"), ("0086-13800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"), ("0571-87012345", "+8657187012345"),
        ("(0571)87012345", "+8657187012345"), ("010-62345678", "+861062345678"), ("0997-2123456", "+869972123456"),
    ],
)  # fmt: skip
def test_one_telephone_has_one_form(text, number):
    assert normal_phone(text) == number


@pytest.mark.parametrize("text", ["12345678901", "87012345", "12345", "", "张三"])
def test_what_is_no_mainland_number_is_left_as_it_is(text):
    assert normal_phone(text) == text


def test_masks_show_six_and_four_three_and_four():
    # security.md PR2
    assert masked_id("11010519491231002X") == "110105********002X"
    assert masked_phone("13800138000") == "138****8000"
    assert masked_phone("+86 138-0013-8000") == "138****8000"
    assert masked_id("E12345678") == "*******78"
    assert masked_phone("12345") == "****5"
    assert (masked_id(""), masked_phone("")) == ("", "")


@pytest.mark.parametrize("text", ["11010519491231002X", "E12345678", "1234", "1", "130503670401001"])
def test_a_mask_hides_at_least_half_of_a_short_number_and_keeps_its_length(text):
    mask = masked_id(text)
    assert len(mask) == len(text)
    assert mask.count("*") >= len(text) / 3
