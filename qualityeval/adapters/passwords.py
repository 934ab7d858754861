"""Password hashing (argon2id, the library's defaults) and random one-time passwords."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qualityeval.core.password_rules import normal

_hasher = PasswordHasher()
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # no l, o, 0, 1: read aloud and typed from paper


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt, over the whole password in NFC."""
    return _hasher.hash(normal(password))


def is_right(stored: str | None, password: str) -> bool:
    """Whether the password fits; an unknown account costs the same time as a known one."""
    try:
        fits = _hasher.verify(stored or _dummy(), normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other than the present parameters."""
    return _hasher.check_needs_rehash(stored)


def one_time_password() -> str:
    """Four groups of four: 79 bits, to be changed at the first sign-in."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


@cache
def _dummy() -> str:
    return _hasher.hash(secrets.token_hex(16))
