"""Small random pools against every plan there is: a full plan is found where one exists, with the least maximum load.

Otherwise the answer names the rule, and its figures add up when they are counted again from the raw lists.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest

from qualityeval.core.deal_cut import FEW, FULL, MEETINGS, SAME_FIRM, Shortage
from qualityeval.core.deal_meetings import Meetings
from qualityeval.core.dealing import Expert, File, deal

SEED = "5" * 64
COUNT = 2_000


def instance(chance: random.Random) -> tuple[list[File], list[Expert], Meetings | None]:
    """Uneven on purpose: few may read some files, caps are tight, firms are large, practitioners come again."""
    pool = [
        Expert(f"E{n}", chance.choice(["", "", "A", "A", "B"]),
               cap=chance.choice([None, None, 0, 1, 2]), quota=chance.choice([None, None, None, None, 1]))
        for n in range(chance.randint(1, 4))
    ]  # fmt: skip
    files = [
        File(f"33:{n}", chance.randint(1, 2), tuple(sorted(chance.sample(range(len(pool)), chance.randint(0, len(pool))))))
        for n in range(chance.randint(1, 4))
    ]  # fmt: skip
    if chance.random() < 0.4:
        return files, pool, None
    limits = {"practitioner": chance.randint(1, 2), "institution": chance.randint(1, 3)}
    homes = [chance.choice("xy") for _ in range(2)]
    crosses = chance.random() < 0.5  # a practitioner with two institutions
    groups = []
    for _ in files:
        who = chance.randrange(2)
        home = chance.choice("xy") if crosses else homes[who]
        people = [who, 1 - who] if chance.random() < 0.2 else [who]  # some have a second practitioner
        groups.append((*(("practitioner", str(one)) for one in people), ("institution", home)))
    return files, pool, Meetings(limits, groups, {(0, groups[0][0]): chance.randint(0, 2)})


def plans(
    files: Sequence[File], pool: Sequence[Expert], meetings: Meetings | None
) -> Iterator[tuple[int, int]]:
    """(slots filled, greatest load) of every plan that the rules allow, file by file."""

    def go(index: int, loads: Counter[int], met: Counter[tuple]) -> Iterator[tuple[int, int]]:
        if index == len(files):
            yield sum(loads.values()), max(loads.values(), default=0)
            return
        groups = meetings.groups[index] if meetings else ()
        for size in range(min(files[index].demand, len(files[index].eligible)) + 1):
            for chosen in combinations(files[index].eligible, size):
                firms = [pool[one].provider for one in chosen if pool[one].provider]
                now, seen = loads + Counter(chosen), met + Counter((o, g) for o in chosen for g in groups)
                if (
                    len(firms) == len(set(firms))
                    and all(now[o] <= min(_of(pool[o].cap), _of(pool[o].quota)) for o in chosen)
                    and (not meetings or all(n <= meetings.room(*pair) for pair, n in seen.items()))
                ):
                    yield from go(index + 1, now, seen)

    return go(0, Counter(), Counter())


def _of(limit: int | None) -> int:
    return 99 if limit is None else limit


@pytest.mark.proof("deal-brute-force")
def test_no_plan_of_all_is_better(proof_count) -> None:
    chance, rules = random.Random(20260601), Counter()
    for _ in range(proof_count(COUNT)):
        files, pool, meetings = instance(chance)
        dealt = deal(files, pool, deal_seed=SEED, width=2, meetings=meetings)
        slots = sum(one.demand for one in files)
        filled, least = max(((n, -load) for n, load in plans(files, pool, meetings)), default=(0, 0))
        assert sum(dealt.loads) == filled, (files, pool, meetings)
        if filled == slots:
            assert (max(dealt.loads), dealt.shortages) == (-least, ()), (files, pool, meetings)
            continue
        assert sum(one.missing for one in dealt.shortages) == slots - filled
        for one in dealt.shortages:
            rules[one.rule] += 1
            adds_up(one, files, pool)
    assert set(rules) == {FULL, MEETINGS, SAME_FIRM, FEW}, rules


def adds_up(found: Shortage, files: list[File], pool: list[Expert]) -> None:
    """No plan can do better: whoever is neither full nor met too often has one place a file and firm."""
    mine = [index for index, one in enumerate(files) if one.key in found.keys]
    assert found.demand == sum(files[index].demand for index in mine)
    assert found.room == sum(min(_of(pool[one].cap), _of(pool[one].quota)) for one in found.full)
    places = sum(
        len({
            pool[one].provider or one
            for one in files[index].eligible
            if one not in found.full
        })
        for index in mine
    )  # fmt: skip
    # whoever met somebody of these files too often has a place less than the lists say
    assert found.places <= places if found.rule == MEETINGS or found.met else found.places == places


def test_the_figures_of_a_shortage() -> None:
    # E0 alone may read the first file and comes once; the second asks for two, E1 may come too: 4 slots, 2 open
    dealt = deal(
        [File("33:1", 2, (0,)), File("33:2", 2, (0, 1))],
        [Expert("E0", cap=1), Expert("E1")],
        deal_seed=SEED,
    )
    (one,) = dealt.shortages
    assert (one.keys, one.demand, one.full, one.room, one.places) == (("33:1", "33:2"), 4, (0,), 1, 1)
    assert (one.missing, one.rule) == (2, FULL)


def test_shortages_that_have_nothing_in_common_stand_apart() -> None:
    wanted = [File("33:1", 2, (0,)), File("33:2", 1, ()), File("33:3", 2, (1, 2)), File("33:4", 1, (3,))]
    experts = [Expert("E0"), Expert("E1", "A"), Expert("E2", "A"), Expert("E3")]
    told = {one.keys: (one.rule, one.missing) for one in deal(wanted, experts, deal_seed=SEED).shortages}
    assert told == {("33:1",): (FEW, 1), ("33:2",): (FEW, 1), ("33:3",): (SAME_FIRM, 1)}


def test_nobody_meets_a_practitioner_more_often_than_allowed() -> None:
    # eight files of one practitioner, six readers, each meets them twice at most and E0 has met them once: 11 of 16
    who = ("practitioner", "7")
    wanted = [File(f"33:{n}", 2, tuple(range(6))) for n in range(8)]
    limits = Meetings({"practitioner": 2}, [(who,)] * 8, {(0, who): 1})
    dealt = deal(wanted, [Expert(f"E{n}") for n in range(6)], deal_seed=SEED, meetings=limits)
    assert dealt.loads == (1, 2, 2, 2, 2, 2)
    (one,) = dealt.shortages
    assert (one.rule, one.met, one.met_room, one.missing) == (MEETINGS, (0, 1, 2, 3, 4, 5), 11, 5)


def test_above_the_exact_size_crossing_limits_hold_and_what_is_open_is_named() -> None:
    chance = random.Random(7)
    groups = [
        (("practitioner", str(chance.randrange(20))), ("institution", chance.choice("xyz")))
        for _ in range(150)
    ]
    wanted = [File(f"33:{n:03d}", 2, tuple(range(20))) for n in range(150)]
    limits = Meetings({"practitioner": 1, "institution": 6}, groups)
    dealt = deal(wanted, [Expert(f"E{n}") for n in range(20)], deal_seed=SEED, meetings=limits)
    met = Counter(
        (one, group) for got, row in zip(dealt.readers, groups, strict=True) for one in got for group in row
    )
    assert all(count <= limits.limits[group[0]] for (_one, group), count in met.items())
    assert sum(one.missing for one in dealt.shortages) == 300 - sum(dealt.loads) > 0
