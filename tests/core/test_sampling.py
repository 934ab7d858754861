"""Tickets, draws, supplements and weights: the published examples and what must hold for any frame."""

import hashlib
from collections import Counter
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, chisquare

from qualityeval.core.errors import InvalidInput
from qualityeval.core.frame import build_frame
from qualityeval.core.frame_file import read_frame
from qualityeval.core.plan import read_plan
from qualityeval.core.sampling import draw, final_weight, first_tickets, seed_from, ticket
from tests.core.draw_vectors import VECTORS, drawn, frames

SEED = "19c0b25bb082e34063e7c808f607af81e1d08e615174634aa7396dd1c0c4d1cd"


@pytest.mark.proof("vectors")
@pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)
def test_the_published_draws(vector):
    plan, frame = read_plan(vector["plan"]), read_frame(vector["frame_csv"].encode())
    seed = seed_from(plan_digest=vector["plan_digest"], secret=vector["secret"], public=vector["public"])
    assert seed == vector["seed"]
    made = draw(frame, plan.sizes, seed=seed)
    assert {s.label: [t.key for t in s.drawn] for s in made.strata} == vector["drawn"]
    assert {s.label: [t.key for t in s.reserve] for s in made.strata} == vector["reserve"]
    assert {t.key: t.ticket for s in made.strata for t in s.order} == vector["tickets"]
    assert {key: ticket(seed, key) for key in frame.keys} == vector["tickets"]


def test_the_small_example_by_its_values():
    """Values of the published example `small`."""
    assert (
        seed_from(
            plan_digest="ffa31f407c3a910b3d316bcedfb38f4d376e9b0f4c2ad09b061ce9a270ef89df",
            secret="00112233445566778899aabbccddeeff" * 2,
            public=" 31415926535897932384\n",
        )
        == SEED
    )
    assert (
        ticket(SEED, "3302:2025-0007") == "c01024526830e823ddd755ca1b61ec016c92dad415958c8b903b5c3489bb5bca"
    )
    by_hand = hashlib.sha256(f"{SEED}\x1fdraw\x1f3302:2025-0007".encode()).hexdigest()
    assert by_hand == ticket(SEED, "3302:2025-0007")


@settings(max_examples=80, deadline=None)
@given(frames(), st.integers(0, 5))
def test_what_holds_for_any_draw(frame, minimum):
    _, _, made = drawn(frame, minimum=minimum)
    assert sorted(t.key for s in made.strata for t in s.order) == sorted(frame.keys)
    of = dict(zip(frame.keys, frame.strata, strict=True))
    for stratum in made.strata:
        tickets = [t.ticket for t in stratum.order]
        assert tickets == sorted(tickets)
        assert [t.place for t in stratum.order] == list(range(1, stratum.N + 1))
        assert {of[t.key] for t in stratum.order} == {stratum.label}
        assert stratum.last_ticket == max(t.ticket for t in stratum.drawn)
        assert stratum.weight * len(stratum.drawn) == stratum.N
        assert stratum.drawn + stratum.reserve == stratum.order
    assert sum(stratum.weight * stratum.n for stratum in made.strata) == len(frame)
    assert made.n == sum(1 for _ in made.drawn())


def test_another_row_changes_no_other_ticket():
    rows = [(f"1:{number}", "s") for number in range(20)]
    before = draw(build_frame(rows), {"s": 5}, seed=SEED)
    after = draw(build_frame([*rows, ("1:late", "s")]), {"s": 5}, seed=SEED)
    old = {t.key: t.ticket for t in before.stratum("s").order}
    assert {t.key: t.ticket for t in after.stratum("s").order if t.key != "1:late"} == old


def test_a_supplement_adds_the_next_tickets():
    stratum = draw(build_frame((f"1:{n}", "s") for n in range(20)), {"s": 5}, seed=SEED).stratum("s")
    opened = first_tickets((f"1:{n}" for n in range(20)), 8, seed=SEED)
    assert opened[:5] == stratum.drawn
    assert opened[5:] == stratum.reserve[:3]


def test_nothing_drawn_from_a_stratum():
    stratum = draw(build_frame([("1:1", "s")]), {"s": 0}, seed=SEED).stratum("s")
    assert (stratum.drawn, stratum.last_ticket, stratum.weight) == ((), None, None)


@pytest.mark.parametrize(
    ("sizes", "seed", "code"),
    [
        ({"s": 2}, SEED, "draw.size_range"),
        ({"s": -1}, SEED, "draw.size_range"),
        ({}, SEED, "draw.no_stratum"),
        ({"s": 1, "t": 1}, SEED, "draw.no_stratum"),
        ({"s": 1}, SEED.upper(), "draw.seed_form"),
        ({"s": 1}, "1", "draw.seed_form"),
    ],
)
def test_refused_draws(sizes, seed, code):
    with pytest.raises(InvalidInput, match=code):
        draw(build_frame([("1:1", "s")]), sizes, seed=seed)
    with pytest.raises(InvalidInput, match=r"draw\.no_stratum"):
        draw(build_frame([("1:1", "s")]), {"s": 1}, seed=SEED).stratum("t")


def test_final_weights_share_the_estimated_stratum():
    # by hand: 40 cases, 12 tickets opened, 10 in scope, 8 with a result: N̂ = 40·10/12, each stands for N̂/8
    assert final_weight(40, opened=12, eligible=10, respondents=8) == Fraction(400, 96)
    assert final_weight(40, opened=10, eligible=10, respondents=10) == 4
    assert final_weight(40, opened=10, eligible=10, respondents=0) is None
    for counts in ((12, 13, 8), (12, 10, 11), (41, 10, 8), (12, 10, -1)):
        with pytest.raises(InvalidInput, match=r"draw\.disposition_counts"):
            final_weight(40, opened=counts[0], eligible=counts[1], respondents=counts[2])


UNIFORM = {"s": (5, 2), "t": (6, 2), "u": (7, 3)}  # label: (N, n)


@pytest.mark.proof("draw-uniform")
def test_every_case_and_every_pair_has_its_chance(proof_count):
    """TE3: 20,000 seeds over three strata; sizes exact, inclusion counts and pairs by chi-square p > 0.001.

    Where n of N are drawn without replacement, R times, Σ(c − R·n/N)² / (R·n/N·(1 − n/N)) · (N − 1)/N has N − 1
    degrees of freedom; with n = 2 the pairs are one multinomial of N(N − 1)/2 equal cells.
    """
    frame = build_frame((f"{label}:{n}", label) for label, (size, _) in UNIFORM.items() for n in range(size))
    sizes, seeds = {label: n for label, (_, n) in UNIFORM.items()}, proof_count(20_000)
    cases, pairs = Counter(), Counter()
    for number in range(seeds):
        made = draw(frame, sizes, seed=hashlib.sha256(b"%d" % number).hexdigest())
        for stratum in made.strata:
            keys = sorted(one.key for one in stratum.drawn)
            assert len(set(keys)) == sizes[stratum.label]
            cases.update(keys)
            pairs.update((stratum.label, pair) for pair in combinations(keys, 2))
    for label, (size, n) in UNIFORM.items():
        share = n / size
        spread = sum((count - seeds * share) ** 2 for key, count in cases.items() if key[0] == label)
        statistic = spread / (seeds * share * (1 - share)) * (size - 1) / size
        assert chi2.sf(statistic, size - 1) > 0.001, label
        if n == 2:
            found = [count for (at, _), count in pairs.items() if at == label]
            assert len(found) == size * (size - 1) // 2
            assert chisquare(found).pvalue > 0.001, label
