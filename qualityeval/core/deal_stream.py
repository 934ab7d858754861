"""The deal's own randomness: one stream a case, from a secret that no public file holds.

deal_seed_from(seed=, deal_secret=) -> str              H(seed, "deal", deal_secret)
Stream(deal_seed, case_key).below(limit) -> int         unbiased, by 32-bit words with rejection
candidates(deal_seed, case_key, eligible, wanted) -> tuple[int, ...]
candidates_of_all(deal_seed, keys, pools, wanted) -> np.ndarray     the same for many cases, a row each
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import count
from struct import Struct

import numpy as np

from qualityeval.core.all_but import picked
from qualityeval.core.digests import SEPARATOR, digest, normal, normal_all

PURPOSE = "deal"
WORD = 2**32
WORDS = 8
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
    return tuple(eligible[place] for place in _places(deal_seed, case_key, len(eligible), wanted))


def _places(deal_seed: str, case_key: str, size: int, wanted: int) -> list[int]:
    stream, moved = Stream(deal_seed, case_key), dict[int, int]()
    chosen = []
    for step in range(min(wanted, size)):
        place = step + stream.below(size - step)
        chosen.append(moved.get(place, place))
        moved[place] = moved.get(step, step)
    return chosen


def candidates_of_all(
    deal_seed: str, keys: Sequence[str], pools: Sequence[Sequence[int]], wanted: int
) -> np.ndarray:
    """Row i holds `candidates(deal_seed, keys[i], pools[i], wanted)`, filled up with -1 where they are fewer."""
    sizes = np.fromiter(map(len, pools), np.int64, len(pools))
    return picked(pools, _places_of_all(deal_seed, keys, sizes, wanted))


def _places_of_all(deal_seed: str, keys: Sequence[str], sizes: np.ndarray, wanted: int) -> np.ndarray:
    words = _first_words(deal_seed, keys, blocks=-(-wanted // WORDS))
    places, moved = np.full((wanted, len(keys)), -1), np.empty((wanted, len(keys)), np.int64)
    chosen = np.full((wanted, len(keys)), -1)
    skipping = np.zeros(len(keys), bool)
    for step in range(wanted):
        limit = np.maximum(sizes - step, 1)
        word, is_there = words[:, step], step < sizes
        skipping |= is_there & (word >= WORD - WORD % limit)
        places[step] = np.where(is_there, step + word % limit, -1)
        chosen[step], moved[step] = places[step], step
        for before in range(step):  # a later move of the same place counts
            np.copyto(chosen[step], moved[before], where=places[before] == places[step])
            np.copyto(moved[step], moved[before], where=places[before] == step)
    chosen[places < 0] = -1
    for index in np.flatnonzero(skipping).tolist():  # one case in some hundred thousand
        got = _places(deal_seed, keys[index], int(sizes[index]), wanted)
        chosen[: len(got), index] = got
    return chosen.T


def _first_words(deal_seed: str, keys: Sequence[str], *, blocks: int) -> np.ndarray:
    """The words of the first blocks of each stream, a row a key."""
    begun = hashlib.sha256(f"{normal(deal_seed)}{SEPARATOR}".encode())
    ends = [f"{SEPARATOR}{block}".encode() for block in range(blocks)]
    digests = []
    for key in normal_all(keys):
        content = key.encode()
        for end in ends:
            whole = begun.copy()
            whole.update(content + end)
            digests.append(whole.digest())
    return np.frombuffer(b"".join(digests), ">u4").reshape(len(keys), blocks * WORDS).astype(np.int64)
