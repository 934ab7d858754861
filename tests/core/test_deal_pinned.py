"""The deal of a seed never changes: what was dealt years ago can be dealt again, byte for byte.

The digests were taken from the first version of the dealing that was in use, before it was made faster.
"""

import hashlib

import pytest

from qualityeval.core.deal_stream import Stream
from qualityeval.core.dealing import Deal, Expert, File, deal
from qualityeval.core.recusal import AllBut

SEED = hashlib.sha256(b"pinned").hexdigest()


def world(cases: int, experts: int, *, firms: int, caps: bool = False, kinds: int = 1, demand: int = 2):
    """Files and experts made by the published stream itself; every third file has preferred readers."""
    stream = Stream(SEED, f"{cases}:{experts}:{firms}")
    pool = [
        Expert(
            f"E{index:05d}", f"F{firm}" if (firm := stream.below(firms + 2)) < firms else "",
            cap=stream.below(9) if caps and stream.below(3) == 0 else None,
            quota=stream.below(7) if caps and stream.below(5) == 0 else None,
        )
        for index in range(experts)
    ]  # fmt: skip
    files = []
    for number in range(cases):
        out = {stream.below(experts) for _ in range(stream.below(1 + experts // 3))}
        may: AllBut | tuple[int, ...] = AllBut(experts, out)
        if kinds > 1:
            kind = stream.below(kinds)
            may = tuple(one for one in may if one % kinds == kind)
        liked = tuple(one for one in may if one % 4 == 1) if number % 3 == 0 else ()
        files.append(File(f"33:案{number:05d}", 1 + stream.below(demand), may, liked))
    return files, pool


def digest_of(dealt: Deal) -> str:
    told = (dealt.readers, dealt.loads, dealt.even, dealt.level, [(u.key, u.missing) for u in dealt.unfilled])
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ({"cases": 600, "experts": 60, "firms": 9}, "593fe2b76f790a3f"),
        ({"cases": 400, "experts": 200, "firms": 12}, "33642a2718606bbc"),
        ({"cases": 120, "experts": 30, "firms": 4, "caps": True}, "d45aa16e1cd4814b"),
        ({"cases": 90, "experts": 40, "firms": 5, "kinds": 6}, "eabe6d7165029dd4"),
        ({"cases": 60, "experts": 9, "firms": 2, "kinds": 2, "demand": 3}, "52e8ff6780b768a9"),
        ({"cases": 9, "experts": 12, "firms": 3}, "eb57afa7e906c083"),
        ({"cases": 3, "experts": 2, "firms": 1, "demand": 3}, "34f9e957b0447eab"),
    ],
)
def test_the_deal_of_a_seed_is_what_it_always_was(made, expected) -> None:
    assert digest_of(deal(*world(**made), deal_seed=SEED)) == expected
