"""The deal's own randomness: one stream a case, from a secret that no public file holds.

deal_seed_from(seed=, deal_secret=) -> str              H(seed, "deal", deal_secret)
Stream(deal_seed, case_key).below(limit) -> int         unbiased, by 32-bit words with rejection
candidates(deal_seed, case_key, eligible, wanted) -> tuple[int, ...]
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import count
from struct import Struct

from qualityeval.core.digests import SEPARATOR, digest, normal

PURPOSE = "deal"
WORD = 2**32
EIGHT_WORDS = Struct(">8I").unpack


def deal_seed_from(*, seed: str, deal_secret: str) -> str:
    """H(seed, "deal", deal_secret): opened to an auditor only, so nobody else computes who reads what."""
    return digest(seed, PURPOSE, deal_secret)


class Stream:
    """32-bit words of H(deal_seed, case_key, block number), blocks from 0, each read from its first digit."""

    def __init__(self, deal_seed: str, case_key: str) -> None:
        self._words = _words(deal_seed, case_key)

    def below(self, limit: int) -> int:
        """A number from 0 to limit-1, all equally likely: words beyond the last whole multiple are skipped."""
        usable = WORD - WORD % limit
        word = next(self._words)
        while word >= usable:
            word = next(self._words)
        return word % limit


def _words(deal_seed: str, case_key: str) -> Iterator[int]:
    begun = hashlib.sha256(SEPARATOR.join((normal(deal_seed), normal(case_key), "")).encode())
    for block in count():
        whole = begun.copy()  # = digest(deal_seed, case_key, str(block)), without hashing its beginning again
        whole.update(str(block).encode())
        yield from EIGHT_WORDS(whole.digest())


def candidates(deal_seed: str, case_key: str, eligible: Sequence[int], wanted: int) -> tuple[int, ...]:
    """`wanted` of the eligible in random order, without repetition; all of them where there are fewer.

    `eligible` stands in the byte order of the experts' codes. The first `wanted` steps of a
    Fisher-Yates shuffle, kept as a map of moved places so that a large pool costs no copy.
    """
    stream, moved = Stream(deal_seed, case_key), dict[int, int]()
    chosen, size = [], len(eligible)
    for step in range(min(wanted, size)):
        place = step + stream.below(size - step)
        chosen.append(eligible[moved.get(place, place)])
        moved[place] = moved.get(step, step)
    return tuple(chosen)
