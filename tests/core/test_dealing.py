"""The deal: even loads, nobody twice, nobody of the same provider twice, nothing left that could be filled.

Whether a slot could be filled is decided by an independent oracle: augmenting paths written out below.
"""

import hashlib
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from qualityeval.core.deal_stream import Stream, candidates, deal_seed_from
from qualityeval.core.dealing import Expert, File, deal
from qualityeval.core.judging_graph import components

SEED = "5" * 64


def pool(*specs: tuple) -> list[Expert]:
    return [Expert(f"E{index:03d}", *spec) for index, spec in enumerate(specs)]


def files(count: int, eligible: tuple[int, ...], demand: int = 2) -> list[File]:
    return [File(f"33:{index:04d}", demand, eligible) for index in range(count)]


def test_the_stream_is_the_published_hash_in_words_of_32_bits() -> None:
    block = hashlib.sha256("\x1f".join([SEED, "33:1", "0"]).encode()).hexdigest()
    stream = Stream(SEED, "33:1")
    assert [stream.below(2**32) for _ in range(8)] == [int(block[i : i + 8], 16) for i in range(0, 64, 8)]
    second = hashlib.sha256("\x1f".join([SEED, "33:1", "1"]).encode()).hexdigest()
    assert stream.below(2**32) == int(second[:8], 16)


def test_the_deal_seed_depends_on_the_secret() -> None:
    expected = hashlib.sha256("\x1f".join(["s", "deal", "t"]).encode()).hexdigest()
    assert deal_seed_from(seed="s", deal_secret="t") == expected
    assert deal_seed_from(seed="s", deal_secret="u") != expected


@given(st.lists(st.integers(0, 10_000), unique=True, max_size=40), st.integers(0, 50))
def test_candidates_are_eligible_and_different(eligible: list[int], count: int) -> None:
    chosen = candidates(SEED, "33:1", sorted(eligible), count)
    assert len(set(chosen)) == len(chosen) == min(count, len(eligible))
    assert set(chosen) <= set(eligible)


def test_every_candidate_is_as_likely() -> None:
    # 6,000 streams choose 3 of 10: 1,800 each, sd sqrt(6000·0.3·0.7) = 35.5; five sd is 177
    counts = Counter(one for number in range(6_000) for one in candidates(SEED, f"k{number}", range(10), 3))
    assert all(abs(count - 1_800) < 178 for count in counts.values())


def test_loads_are_floor_or_ceil_of_the_average() -> None:
    dealt = deal(files(50, tuple(range(7))), pool(*[()] * 7), deal_seed=SEED)
    assert Counter(dealt.loads) == {14: 5, 15: 2}  # 100 slots over 7: 14.29
    assert (dealt.even, dealt.level, dealt.unfilled) == (True, 15, ())


def test_who_is_capped_leaves_the_rest_to_the_others() -> None:
    dealt = deal(files(12, (0, 1, 2)), pool(("", 4), (), ()), deal_seed=SEED)
    assert dealt.loads == (4, 10, 10)


def test_a_quota_is_a_target() -> None:
    dealt = deal(files(12, (0, 1, 2, 3)), pool(("", None, 3), (), (), ()), deal_seed=SEED)
    assert dealt.loads == (3, 7, 7, 7)


def test_two_of_one_provider_never_share_a_file() -> None:
    experts = pool(("A",), ("A",), ("B",), ("B",), ("",), ("",))
    dealt = deal(files(60, tuple(range(6))), experts, deal_seed=SEED)
    assert dealt.unfilled == ()
    for one in dealt.readers:
        named = [experts[index].provider for index in one if experts[index].provider]
        assert len(named) == len(set(named))


def test_a_slot_that_nobody_may_fill_is_named() -> None:
    dealt = deal([File("33:1", 2, (0,)), File("33:2", 2, ())], pool((), ()), deal_seed=SEED)
    assert [(one.key, one.missing) for one in dealt.unfilled] == [("33:1", 1), ("33:2", 2)]


def test_where_even_loads_cannot_be_had_the_ceiling_is_the_least() -> None:
    # ten files that only the first two may read, and two that anyone may: 24 slots over 6, average 4
    dealt = deal(
        [*files(10, (0, 1)), File("34:1", 2, (2, 3)), File("34:2", 2, (2, 3))],
        pool(*[()] * 6),
        deal_seed=SEED,
    )
    assert not dealt.even
    assert (dealt.level, max(dealt.loads), dealt.unfilled) == (10, 10, ())


def test_the_same_inputs_give_the_same_deal_and_another_seed_another() -> None:
    experts, wanted = pool(*[()] * 20), files(40, tuple(range(20)))
    first = deal(wanted, experts, deal_seed=SEED)
    assert deal(wanted, experts, deal_seed=SEED) == first
    assert deal(wanted, experts, deal_seed="6" * 64).readers != first.readers


def test_random_candidates_mix_the_pairs() -> None:
    dealt = deal(files(600, tuple(range(30))), pool(*[()] * 30), deal_seed=SEED)
    pairs = Counter(dealt.readers)
    assert len(pairs) > 300  # of 435; an optimal flow over classes would repeat 30 or so
    assert max(pairs.values()) <= 8


def test_islands_are_joined_where_eligibility_permits() -> None:
    # two pairs of files that the flow may split; anyone may read anything, so one island is possible
    for seed in range(40):
        dealt = deal(files(4, tuple(range(4))), pool(*[()] * 4), deal_seed=f"{seed:064x}")
        assert components(dealt.readers) == 1
        assert dealt.loads == (2, 2, 2, 2)


def test_what_eligibility_splits_stays_split_and_whole() -> None:
    wanted = [*files(5, (0, 1)), *(File(f"34:{n}", 2, (2, 3)) for n in range(5))]
    dealt = deal(wanted, pool(*[()] * 4), deal_seed=SEED)
    assert components(dealt.readers) == 2
    assert dealt.loads == (5, 5, 5, 5)


EXPERTS = st.lists(
    st.tuples(st.sampled_from(["", "A", "B"]), st.one_of(st.none(), st.integers(0, 4))),
    min_size=1,
    max_size=6,
)


@given(EXPERTS, st.data())
@settings(max_examples=150, deadline=None)
def test_as_many_slots_are_filled_as_can_be(specs: list[tuple], data: st.DataObject) -> None:
    experts = pool(*specs)
    eligible = st.sets(st.integers(0, len(experts) - 1)).map(lambda one: tuple(sorted(one)))
    wanted = [
        File(f"33:{index}", data.draw(st.integers(1, 3)), data.draw(eligible))
        for index in range(data.draw(st.integers(1, 5)))
    ]
    dealt = deal(wanted, experts, deal_seed=SEED, width=2)
    _obeys_the_rules(wanted, experts, dealt.readers)
    assert sum(map(len, dealt.readers)) == oracle(wanted, experts)


def _obeys_the_rules(wanted: list[File], experts: list[Expert], readers: tuple[tuple[int, ...], ...]) -> None:
    loads = Counter(index for one in readers for index in one)
    assert all(experts[index].cap is None or load <= experts[index].cap for index, load in loads.items())
    for file, got in zip(wanted, readers, strict=True):
        providers = [experts[index].provider for index in got if experts[index].provider]
        assert set(got) <= set(file.eligible)
        assert len(set(got)) == len(got) <= file.demand
        assert len(set(providers)) == len(providers)


def oracle(wanted: list[File], experts: list[Expert]) -> int:
    """Ford-Fulkerson by depth-first search on unit paths, with dictionaries."""
    room: dict[tuple, int] = Counter()
    for file in wanted:
        room["s", file.key] = file.demand
        for index in file.eligible:
            middle = (file.key, experts[index].provider or index)
            room[file.key, middle] = 1
            room[middle, index] = 1
    for index, expert in enumerate(experts):
        room[index, "t"] = 99 if expert.cap is None else expert.cap
    nodes = {node for arc in room for node in arc}
    size = 0
    while _augment(room, nodes, "s", set()):
        size += 1
    return size


def _augment(room: dict[tuple, int], nodes: set, node: object, seen: set) -> bool:
    if node == "t":
        return True
    seen.add(node)
    for other in nodes - seen:
        if room[node, other] > 0 and _augment(room, nodes, other, seen):
            room[node, other] -= 1
            room[other, node] += 1
            return True
    return False
