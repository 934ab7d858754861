"""Password hashes of the cheapest kind, for tests that make many: the cost is argon2's, not ours to test."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from qualityeval.adapters import passwords


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The parameters of factories.CHEAP_HASH; import this into a test module and it holds there."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._dummy.cache_clear()
    yield
    passwords._dummy.cache_clear()
