"""Hashing: whole passwords, one spelling, unknown accounts."""

import unicodedata

from qualityeval.adapters.passwords import hash_password, is_outdated, is_right, one_time_password
from tests.factories import CHEAP_HASH, PASSWORD


def test_passwords_that_differ_after_byte_72_are_different():
    """bcrypt's cut, which argon2 hasn't: proved, not assumed."""
    start = "长" * 24  # 72 bytes
    stored = hash_password(start + "a")
    assert is_right(stored, start + "a")
    assert not is_right(stored, start + "b")
    assert not is_right(stored, start)


def test_the_keyboard_that_typed_it_doesn_t_matter():
    stored = hash_password("Café Öresund 1658")
    assert is_right(stored, unicodedata.normalize("NFD", "Café Öresund 1658"))
    assert not is_right(stored, "Cafe Oresund 1658")


def test_nobody_has_no_password():
    assert not is_right(None, "")
    assert not is_right(None, PASSWORD)
    assert not is_right("not a hash", PASSWORD)


def test_a_cheaper_hash_is_outdated():
    assert is_right(CHEAP_HASH, PASSWORD)
    assert is_outdated(CHEAP_HASH)
    assert not is_outdated(hash_password("x"))


def test_one_time_passwords_don_t_repeat_and_hold_no_lookalikes():
    made = {one_time_password() for _ in range(500)}
    assert len(made) == 500
    assert not set("lo01") & set("".join(made))
