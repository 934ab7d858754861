"""The deal's own randomness: one stream a case, from a secret that no public file holds.

deal_seed_from(seed=, deal_secret=) -> str              H(seed, "deal", deal_secret)
Stream(deal_seed, case_key).below(limit) -> int         unbiased, by 32-bit words with rejection
candidates(deal_seed, case_key, eligible, count) -> tuple[int, ...]
"""

from collections.abc import Iterator, Sequence

from qualityeval.core.digests import digest

PURPOSE = "deal"
WORD = 2**32
WORD_DIGITS = 8


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
        return next(word for word in self._words if word < usable) % limit


def _words(deal_seed: str, case_key: str) -> Iterator[int]:
    block = 0
    while True:
        text = digest(deal_seed, case_key, str(block))
        for start in range(0, len(text), WORD_DIGITS):
            yield int(text[start : start + WORD_DIGITS], 16)
        block += 1


def candidates(deal_seed: str, case_key: str, eligible: Sequence[int], count: int) -> tuple[int, ...]:
    """`count` of the eligible in random order, without repetition; all of them where there are fewer.

    `eligible` stands in the byte order of the experts' codes. The first `count` steps of a
    Fisher-Yates shuffle, kept as a map of moved places so that a large pool costs no copy.
    """
    stream, moved = Stream(deal_seed, case_key), dict[int, int]()
    chosen = []
    for step in range(min(count, len(eligible))):
        place = step + stream.below(len(eligible) - step)
        chosen.append(eligible[moved.get(place, place)])
        moved[place] = moved.get(step, step)
    return tuple(chosen)
