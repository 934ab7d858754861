"""Confidence sets for ranks: a slow independent implementation, tables of Dunnett's value, simulated coverage."""

import numpy as np
import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.rank_sets import RankSet, critical_value, rank_sets
from qualityeval.core.ranking import Ranked, bands


def test_critical_values_are_dunnetts():
    # two-sided, α = 0.05, infinite degrees of freedom (Dunnett 1964, table II): 1.96, 2.21, 2.35, 2.44, 2.51 … 2.79
    found = [critical_value(1.0, np.ones(k)) for k in (1, 2, 3, 4, 5)]
    assert found == pytest.approx([1.96, 2.21, 2.35, 2.44, 2.51], abs=0.006)
    assert critical_value(1.0, np.ones(15)) == pytest.approx(2.82, abs=0.02)


def test_critical_value_of_unequal_errors_by_simulation():
    rng = np.random.default_rng(5)
    own, others = 0.4, rng.uniform(0.1, 1.6, 12)
    z = rng.normal(size=(200_000, 13))
    worst = (np.abs(own * z[:, :1] - others * z[:, 1:]) / np.sqrt(own**2 + others**2)).max(axis=1)
    assert critical_value(own, others) == pytest.approx(np.quantile(worst, 0.95), abs=0.02)


def slow_sets(means, errors, draws, rng):
    """Marginal sets with loops and simulation, from the paper's text: one group at a time, stepping down."""
    size, found = len(means), []
    for j in range(size):
        others = [k for k in range(size) if k != j]
        noise = {}
        mine = rng.normal(size=draws) * errors[j]
        for k in others:
            noise[k] = np.abs(mine - rng.normal(size=draws) * errors[k]) / np.hypot(errors[j], errors[k])
        rejected = set()
        while True:
            left = [k for k in others if k not in rejected]
            if not left:
                break
            c = np.sort(np.max([noise[k] for k in left], axis=0))[int(np.ceil(0.95 * draws)) - 1]
            new = {k for k in left if abs(means[j] - means[k]) / np.hypot(errors[j], errors[k]) > c}
            if not new:
                break
            rejected |= new
        better = sum(means[k] > means[j] for k in rejected)
        found.append(RankSet(1 + better, size - sum(means[k] < means[j] for k in rejected), size))
    return found


def test_marginal_sets_equal_a_slow_simulation():
    rng = np.random.default_rng(9)
    differences = 0
    for _round in range(4):
        means, errors = rng.normal(0, 1, 9), rng.uniform(0.1, 0.5, 9)
        fast, slow = rank_sets(means, errors), slow_sets(means, errors, 20_000, rng)
        differences += sum(
            abs(a.best - b.best) + abs(a.worst - b.worst) for a, b in zip(fast, slow, strict=True)
        )
    assert differences <= 1  # a comparison within the simulation's noise may fall either way


def test_simultaneous_sets_hold_the_marginal_ones():
    rng = np.random.default_rng(6)
    means, errors = rng.normal(0, 1, 12), rng.uniform(0.1, 0.4, 12)
    wide = rank_sets(means, errors, kind="simultaneous", rng=np.random.default_rng(1), draws=4000)
    for inner, outer in zip(rank_sets(means, errors), wide, strict=True):
        assert outer.best <= inner.best <= inner.worst <= outer.worst


@pytest.mark.proof("rank-sets")
def test_rank_sets_cover_true_ranks(proof_count, record_property):
    """Marginal sets hold the true rank (all ranks of tied ones) in 95 %, each by itself; simultaneous all at once."""
    rounds, size = proof_count(1000), 20
    rng = np.random.default_rng(17)
    # twenty true means; of each set the least that must be in it is the group's own rank, or all of tied ones
    truth = np.sort(rng.normal(0, 1, size))[::-1].copy()
    truth[5:8] = truth[5]  # three tied ones
    best = np.array([1 + (truth > one).sum() for one in truth])
    worst = np.array([size - (truth < one).sum() for one in truth])
    errors = rng.uniform(0.15, 0.6, size)
    held, all_held = np.zeros(size), 0
    for _round in range(rounds):
        means = truth + errors * rng.normal(size=size)
        found = rank_sets(means, errors)
        held += [a.best <= b and a.worst >= w for a, b, w in zip(found, best, worst, strict=True)]
        if _round % 2 == 0:
            joint = rank_sets(means, errors, kind="simultaneous", rng=rng, draws=400)
            all_held += all(a.best <= b and a.worst >= w for a, b, w in zip(joint, best, worst, strict=True))
    coverage, joint = held / rounds, all_held / -(-rounds // 2)
    record_property(
        "coverage",
        f"marginal least {coverage.min():.3f}, mean {coverage.mean():.3f}; simultaneous {joint:.3f}",
    )
    allowed = 3 * (0.05 * 0.95 / rounds) ** 0.5
    assert coverage.min() > 0.95 - 1.3 * allowed
    assert coverage.mean() > 0.95 - allowed / 3
    assert joint > 0.95 - 2 * allowed - 0.01


def test_ties_and_single_groups():
    assert rank_sets([0.5, 0.5, 0.5], [0.01] * 3) == [RankSet(1, 3, 3)] * 3
    assert rank_sets([0.5], [0.1]) == [RankSet(1, 1, 1)]
    assert rank_sets([], []) == []
    for bad in (([0.5, 0.6], [0.1]), ([0.5, 0.6], [0.1, 0.0]), ([0.5, float("nan")], [0.1, 0.1])):
        with pytest.raises(InvalidInput):
            rank_sets(*bad)


def test_bands_say_what_can_be_told_apart():
    groups = [Ranked(f"I{n}", rate, 400, 400.0) for n, rate in enumerate((0.99, 0.97, 0.8, 0.78, 0.4, 0.3))]
    assert [one.band for one in bands(groups)] == ["top", "top", "middle", "middle", "bottom", "bottom"]
    close = [Ranked(f"I{n}", 0.8 + n / 1000, 30, 30.0) for n in range(6)]
    assert {(one.band, one.best, one.worst) for one in bands(close)} == {("open", 1, 6)}


def test_who_is_not_ranked_says_why():
    groups = [
        Ranked("few", 0.9, 9, 9.0),
        Ranked("none", None, 30, 30.0),
        *(Ranked(f"I{n}", 0.5, 50, 50.0) for n in range(3)),
    ]
    few, none, *rest = bands(groups)
    assert (few.reason, none.reason, {one.band for one in rest}) == ("too_few_cases", "no_rate", {"open"})
    assert [one.of for one in rest] == [3, 3, 3]
    assert {one.reason for one in bands(groups[2:4])} == {"too_few_groups"}
    # a rate of 1 has its error too: 12 of 12 isn't surely better than 45 of 50
    assert (
        bands([Ranked("A", 1.0, 12, 12.0), Ranked("B", 0.9, 50, 50.0), Ranked("C", 0.88, 50, 50.0)])[0].band
        == "open"
    )
