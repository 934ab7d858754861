"""Which passwords are refused. Common ones are from the lists of leaked passwords that SecLists and zxcvbn publish."""

import unicodedata

import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.password_rules import check_password, normal

COMMON = (
    "1234567890 123456789a 1234567891 0987654321 9876543210 qwertyuiop qwerty12345 qwerty123456 1q2w3e4r5t "
    "1qaz2wsx3edc 1qazxsw23edc q1w2e3r4t5 zaq12wsxcde3 password12 password123 password1234 Password123 "
    "Passw0rd123 p@ssword12 p@ssw0rd12 passwordpassword letmein1234 iloveyou12 iloveyou123 iloveyou1314 woaini1314 "
    "woaini5201314 woaini520520 asdfghjkl1 asdfghjkl123 asdfasdfasdf zxcvbnm123 abcd123456 abc123456789 a123456789 "
    "1111111111 0000000000 5201314520 aaaaaaaaaa admin12345 admin123456 administrator administrator1 football12 "
    "baseball123 superman123 sunshine12 princess12 welcome123 welcome2024 welcome12345 changeme123 dragon12345 "
    "monkey12345 master12345 michael123 computer12 starwars123 test123456 guest12345 root123456 qwer123456789 "
)  # one text, split below
GOOD = (
    "correct horse battery",
    "下雨天不带伞的人很多",
    "Kx7 mulberry-lantern",
    "k4fz-p9mw-3tqd-xxr7",
    "ångström über Öresund",
    "  spaces count too  ",
)


@pytest.mark.parametrize("password", COMMON.split())
def test_common_passwords_are_refused(password):
    with pytest.raises(InvalidInput) as refusal:
        check_password(password, "shen.zhixing")
    assert refusal.value.where == "new"


@pytest.mark.parametrize("password", GOOD)
def test_good_ones_pass_whatever_their_characters(password):
    check_password(password, "shen.zhixing")


@pytest.mark.parametrize("password", ["shen.zhixing", "SHEN.ZHIXING1", "123shen.zhixing"])
def test_the_own_name_is_no_password(password):
    with pytest.raises(InvalidInput):
        check_password(password, "shen.zhixing")


def test_length_counts_characters_not_bytes():
    with pytest.raises(InvalidInput) as refusal:
        check_password("九个汉字不够长的呢", "x-y")
    assert refusal.value.code == "password.short"
    check_password("恰好十个汉字就够长了", "x-y")


def test_the_longest_is_allowed_and_one_more_is_not():
    text = "".join(chr(0x4E00 + number) for number in range(257))
    check_password(text[:256], "x-y")
    with pytest.raises(InvalidInput) as refusal:
        check_password(text, "x-y")
    assert refusal.value.code == "password.long"


def test_two_spellings_of_one_letter_are_one_password():
    composed, apart = "Ångström-Café-10", unicodedata.normalize("NFD", "Ångström-Café-10")
    assert composed != apart
    assert normal(composed) == normal(apart)
