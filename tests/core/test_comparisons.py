"""Funnel, change between periods, case-mix, the index of five parts: published figures and hand calculations."""

import doctest
from importlib import import_module

import numpy as np
import pytest

from qualityeval.core.change import Period, change
from qualityeval.core.composite import PARTS, Part, Weights, composite
from qualityeval.core.errors import InvalidInput
from qualityeval.core.funnel import binomial_limits, funnel, overdispersion
from qualityeval.core.standardise import Cell, standardised
from qualityeval.core.stratified import Stratum, collapsed, share_interval, stratified_mean


@pytest.mark.parametrize(
    "name",
    ["agreement", "severity", "fixed_severity", "rank_sets", "ranking", "shrinkage", "funnel", "change", "standardise",
     "false_discovery", "suppression", "composite", "stratified"],
)  # fmt: skip
def test_worked_examples(name):
    found = doctest.testmod(import_module(f"qualityeval.core.{name}"))
    assert (found.failed, found.attempted > 0) == (0, True)


def test_s2_intervals_of_a_stratified_share():
    # R survey svyciprop on apistrat, sch.wide = Yes: "beta" and "logit"
    estimate = stratified_mean(
        [Stratum.of_share(4421, 100, 91), Stratum.of_share(755, 50, 26), Stratum.of_share(1018, 50, 35)]
    )
    for method, expected in (("korn_graubard", (0.7741713, 0.8734316)), ("logit", (0.7745397, 0.8708149))):
        found = share_interval(estimate, 3, method=method)
        assert (found.lo, found.hi) == pytest.approx(expected, abs=5e-8)
        assert found.method == method


def test_a_share_of_one_falls_back_to_the_exact_interval():
    # I2: 30 of 30 out of 90 are 82–90
    found = share_interval(stratified_mean([Stratum.of_share(90, 30, 30)]), 1)
    assert (found.lo, found.hi, found.method) == (82 / 90, 1, "hypergeometric_unweighted")


def test_single_case_strata_collapse_into_the_next():
    strata = {
        "a": Stratum(10, 1, 1.0, 0.0),
        "b": Stratum(20, 3, 0.0, 0.0),
        "z": Stratum(5, 1, 1.0, 0.0),
        "one": Stratum(1, 1, 1.0, 0.0),
    }
    found, into = collapsed(strata)
    assert into == {"a": "b", "z": "one"}
    assert (found["b"], found["one"]) == (Stratum(30, 4, 0.25, 0.25), Stratum(6, 2, 1.0, 0.0))
    assert stratified_mean(list(found.values())).reason == ""
    alone = {"a": Stratum(10, 1, 1.0, 0.0)}
    assert collapsed(alone) == (alone, {})


def test_change_is_newcombes_method_10():
    # Newcombe 1998, table II, 56/70 and 48/80, 9/10 and 3/10, 6/7 and 2/7, 5/56 and 0/29, 10/10 and 0/10
    for (a, m), (b, n), expected in (
        ((56, 70), (48, 80), (0.0524, 0.3339)), ((9, 10), (3, 10), (0.1705, 0.8090)), ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)), ((10, 10), (0, 10), (0.6075, 1.0)),
    ):  # fmt: skip
        found = change(Period(b / n, n, "set"), Period(a / m, m, "set"))
        assert (found.lo, found.hi) == pytest.approx(expected, abs=5.1e-5)
        assert found.is_clear == (expected[0] > 0)


def test_change_needs_one_rubric_set_and_two_rates():
    assert change(Period(0.5, 20, "a"), Period(0.6, 20, "b")).reason == "rubric_sets_differ"
    assert change(Period(None, None, "a"), Period(0.6, 20, "a")).reason == "no_rate"


def test_funnel_limits_and_overdispersion():
    # by hand for 20 at ½: P(X≤5) .020695, P(X≤6) .057659; P(X≤13) .942341, P(X≤14) .979305
    found = binomial_limits(0.5, 20)
    assert found.lo == pytest.approx((6 - (0.057659 - 0.025) / 0.036964) / 20, abs=1e-5)
    assert found.hi == pytest.approx((14 - (0.979305 - 0.975) / 0.036964) / 20, abs=1e-5)
    wide = binomial_limits(0.5, 20, 0.998)
    assert 0 <= wide.lo < found.lo < 0.5 < found.hi < wide.hi <= 1
    assert binomial_limits(0.9, 1).hi <= 1
    # twenty z of ±3: nothing to winsorise, φ = 9; of ±0.5 it is under 1 and says chance
    assert overdispersion([3.0, -3.0] * 10) == pytest.approx(9)
    assert overdispersion([0.5, -0.5] * 10) == overdispersion([4.0]) == 1
    groups = [*((f"I{n}", 0.8 + 0.02 * (n % 2), 400) for n in range(30)), ("low", 0.7, 400), ("tiny", 0.5, 4)]
    standing = {one.code: one.standing for one in funnel(groups, 0.81).points}
    assert (standing["low"], standing["tiny"], standing["I0"]) == ("very_low", "inside", "inside")
    for bad in (
        lambda: binomial_limits(1.0, 5),
        lambda: binomial_limits(0.5, 0),
        lambda: funnel([("a", 0.5, 0)], 0.5),
    ):
        with pytest.raises(InvalidInput):
            bad()


def test_the_false_alarms_of_a_funnel_are_few():
    rng = np.random.default_rng(1)
    groups = [(str(n), rng.binomial(200, 0.8) / 200, 200) for n in range(400)]
    outside = [one for one in funnel(groups, 0.8).points if one.standing != "inside"]
    assert len(outside) <= 0.075 * 400
    assert sum(one.standing.startswith("very") for one in outside) <= 4


EVERYBODY = {"easy": Cell(1000, 900), "hard": Cell(1000, 500)}


def test_case_mix_moves_whoever_reads_the_hard_ones():
    same = standardised({"easy": Cell(10, 9), "hard": Cell(10, 4)}, EVERYBODY)
    assert same.value == pytest.approx(same.raw)  # the mix is everybody's
    hard = standardised({"hard": Cell(20, 10)}, EVERYBODY)
    # half of the hard ones are good, as everywhere: shift 0, so the rate is everybody's 0.7
    assert (hard.raw, hard.value, hard.expected) == pytest.approx((0.5, 0.7, 10), abs=1e-3)
    assert hard.lo < hard.value < hard.hi
    assert standardised({"hard": Cell(5, 5)}, EVERYBODY).value == 1
    assert standardised({}, EVERYBODY).reason == "no_results"
    assert standardised({"other": Cell(3, 1)}, EVERYBODY).reason == "unknown_cell"
    with pytest.raises(InvalidInput):
        standardised({"hard": Cell(3, 4)}, EVERYBODY)


WEIGHTS = Weights("2026", dict(zip(PARTS, (15, 20, 20, 15, 30), strict=True)))


def test_index_of_five_parts_by_hand():
    parts = dict(
        zip(
            PARTS,
            (Part(90.0, 1.0), Part(80.0, 2.0), Part(70.0, 3.0), Part(100.0), Part(85.0, 2.0)),
            strict=True,
        )
    )
    found = composite(parts, WEIGHTS)
    # (15·90 + 20·80 + 20·70 + 15·100 + 30·85)/100 = 84; se = √(15² + 40² + 60² + 60²)/100 = 0.95
    assert (found.value, found.covered, found.version) == (84, 1, "2026")
    assert (found.hi - found.value) == pytest.approx(1.959964 * 0.95, abs=1e-6)


def test_what_does_not_apply_or_is_missing():
    full = dict.fromkeys(PARTS, Part(80.0))
    away = composite({**full, "hearing": Part(None, applies=False)}, WEIGHTS)
    assert (away.value, away.covered) == (80, 1)
    lacking = composite({name: part for name, part in full.items() if name != "hearing"}, WEIGHTS)
    assert (lacking.value, lacking.covered) == (80, 0.8)  # missing, not 0
    thin = composite({"peer": Part(80.0), "satisfaction": Part(80.0)}, WEIGHTS)
    assert (thin.value, thin.reason, thin.covered) == (None, "covered_too_little", 0.5)
    assert composite(dict.fromkeys(PARTS, Part(None, applies=False)), WEIGHTS).reason == "nothing_applies"
    for bad in (lambda: Weights("x", {"peer": 100}), lambda: composite({"luck": Part(1.0)}, WEIGHTS)):
        with pytest.raises(InvalidInput):
            bad()
