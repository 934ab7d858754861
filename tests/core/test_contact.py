"""Addresses and numbers that people type."""

import pytest

from qualityeval.core.contact import email_address, mobile_number
from qualityeval.core.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "address"),
    [(" li@example.gov.cn ", "li@example.gov.cn"), ("", ""), ("李@例子.中国", "李@例子.中国")],
)
def test_an_address_is_kept_without_blanks(text, address):
    assert email_address(text) == address


@pytest.mark.parametrize(
    "text",
    ["li", "li@", "@a.cn", "li@cn", "a@b.cn,c@d.cn", "a@b.cn\nBcc: x@y.cn", "a@b..cn", "a" * 65 + "@b.cn"],
)
def test_what_is_no_single_address_is_refused(text):
    with pytest.raises(InvalidInput) as refused:
        email_address(text)
    assert (refused.value.code, refused.value.where) == ("contact.email", "email")


def test_a_number_is_kept_as_digits():
    assert mobile_number("138 0000-1234") == "13800001234"
    assert mobile_number("+86 138 0000 1234") == "+8613800001234"
    assert mobile_number("  ") == ""


@pytest.mark.parametrize("text", ["123456", "1380000123x", "1" * 16, "++8613800001234"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(InvalidInput) as refused:
        mobile_number(text)
    assert refused.value.where == "mobile"
