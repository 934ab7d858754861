"""Distributions, intervals and estimates against values computed elsewhere."""

import os
from math import comb
from pathlib import Path

import numpy as np
import pytest

from qualityeval.core.distribution import MISSING, Graded, distribution
from qualityeval.core.errors import InvalidInput
from qualityeval.core.expert_share import expert_share
from qualityeval.core.intervals import (
    clopper_pearson,
    effective_n,
    hypergeometric,
    hypergeometric_count,
    wilson,
)
from qualityeval.core.rubric import parse_rubric
from qualityeval.core.stratified import Stratum, stratified_mean
from tests.core.rubric_samples import GRADES, rubric_mapping

GRADE = parse_rubric(rubric_mapping()).grades
REALDATA = Path(
    os.environ.get("QUALITYEVAL_REALDATA", Path(__file__).parents[2].parent / "shared" / "realdata")
)


@pytest.mark.parametrize(
    ("x", "n", "score", "exact"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0, 0.1611), (0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_i1_newcombe(x, n, score, exact):
    # Newcombe 1998, methods 3 and 5; statsmodels and scipy give the same
    for interval, expected in ((wilson(x, n), score), (clopper_pearson(x, n), exact)):
        assert (interval.lo, interval.hi) == pytest.approx(expected, abs=5.1e-5)
    for bound in (wilson, clopper_pearson):
        mirrored, plain = bound(n - x, n), bound(x, n)
        assert (1 - mirrored.hi, 1 - mirrored.lo) == pytest.approx((plain.lo, plain.hi), abs=1e-12)


@pytest.mark.parametrize(
    ("population", "n", "x", "expected"),
    [
        (100, 20, 3, (5, 35)), (500, 100, 10, (27, 84)), (200, 50, 0, (0, 12)), (98, 27, 0, (0, 10)),
        (1000, 278, 6, (10, 42)), (10000, 400, 20, (312, 756)), (90, 30, 30, (82, 90)),
    ],
)  # fmt: skip
def test_i2_hypergeometric(population, n, x, expected):
    # reference values of the numerics page, I2
    assert hypergeometric_count(population, n, x) == expected


def test_hypergeometric_equals_exact_integers_and_collapses_at_a_full_count():
    for population, n in ((12, 5), (30, 30), (41, 17)):
        for x in range(n + 1):
            held = [m for m in range(x, population - n + x + 1) if _both_tails(population, n, m, x)]
            assert hypergeometric_count(population, n, x) == (held[0], held[-1])
    assert hypergeometric(40, 40, 31).lo == hypergeometric(40, 40, 31).hi == 31 / 40


def _both_tails(population, n, m, x):
    def mass(k):
        return comb(m, k) * comb(population - m, n - k)

    whole = comb(population, n)
    upper, lower = sum(map(mass, range(x, n + 1))), sum(map(mass, range(x + 1)))
    return 40 * upper > whole and 40 * lower > whole


def test_intervals_refuse_impossible_counts():
    for x, n in ((1, 0), (-1, 5), (6, 5)):
        for bound in (wilson, clopper_pearson):
            with pytest.raises(InvalidInput):
                bound(x, n)
    for population, n, x in ((5, 6, 1), (5, 0, 0), (5, 3, 4)):
        with pytest.raises(InvalidInput):
            hypergeometric_count(population, n, x)


def test_effective_n_by_hand():
    # 10 cases, two experts a case from four with 5 sheets each: Σw² = 1/4; 10/(1 + 0.2·1.5) = 7.6923
    assert effective_n(10, [5, 5, 5, 5], 0.2) == pytest.approx(10 / 1.3)
    assert effective_n(10, [20], 1) == 1
    assert effective_n(10, [5, 5, 5, 5], 0) == 10
    assert effective_n(10, [1] * 20, 0.5) == 10  # never above n
    for bad in ((0, [1], 0.1), (5, [], 0.1), (5, [1], 1.1), (5, [-1, 3], 0.1)):
        with pytest.raises(InvalidInput):
            effective_n(*bad)


S1 = [
    Stratum(4421, 100, 674.43, 15687.4192929),
    Stratum(755, 50, 625.82, 11947.0893878),
    Stratum(1018, 50, 636.60, 13824.8571429),
]
S6 = [
    Stratum(220, 21, 97629.8095, 7.64747270816e9), Stratum(1054, 103, 300504.1553, 2.961818354329e10),
    Stratum(1382, 135, 211315.0444, 5.35874878562e10), Stratum(422, 41, 662295.5122, 3.96185950266e11),
]  # fmt: skip


def test_s1_stratified_mean():
    # R survey 4.1 on apistrat (api00)
    estimate = stratified_mean(S1)
    assert (estimate.mean, estimate.se) == pytest.approx((662.2873636, 9.4089409), abs=1e-6)
    assert estimate.interval == pytest.approx((643.732, 680.843), abs=1e-3)
    assert (estimate.n, estimate.population) == (200, 6194)


def test_s2_stratified_share():
    # R survey, sch.wide = Yes
    estimate = stratified_mean(
        [Stratum.of_share(4421, 100, 91), Stratum.of_share(755, 50, 26), Stratum.of_share(1018, 50, 35)]
    )
    assert (estimate.mean, estimate.se) == pytest.approx((0.8279480, 0.0243448), abs=1e-7)
    # the page's Wald interval takes z; ours takes t(197), a little wider
    assert (estimate.mean - 1.959964 * estimate.se, estimate.mean + 1.959964 * estimate.se) == pytest.approx(
        (0.7802329, 0.8756631), abs=1e-6
    )
    assert estimate.interval == pytest.approx((0.7799382, 0.8759578), abs=1e-6)


def test_s5_simple_random_sample():
    # Lohr's agsrs by R: mean 297,897.0467, SE 18,898; share below 200,000 .51, SE .0275
    estimate = stratified_mean([Stratum(3078, 300, 297897.0467, 344551.8948**2)])
    assert (estimate.se, estimate.total, estimate.total_se) == pytest.approx(
        (18898, 916927110, 58169381), rel=3e-5
    )
    assert estimate.interval == pytest.approx((260706, 335088), abs=1)
    share = stratified_mean([Stratum.of_share(3078, 300, 153)])
    assert (share.mean, share.se) == pytest.approx((0.51, 0.0275), abs=5e-5)


def test_s6_stratified_by_lohr():
    # Lohr's agstrat by R
    estimate = stratified_mean(S6)
    assert (estimate.mean, estimate.se) == pytest.approx((295561, 16380), abs=0.6)
    assert estimate.interval == pytest.approx((263325, 327796.5), abs=1)
    assert (estimate.total, estimate.total_se) == pytest.approx((909736035, 50417248), rel=1e-6)


def test_strata_without_freedom():
    single = stratified_mean([Stratum.of_share(10, 1, 1), Stratum.of_share(20, 4, 2)])
    assert (single.interval, single.reason) == (None, "single_case_stratum")
    everything = stratified_mean([Stratum.of_share(4, 4, 1), Stratum.of_share(1, 1, 1)])
    assert (everything.se, everything.interval) == (0, (everything.mean, everything.mean))
    for bad in ([], [Stratum(3, 4, 1.0, 1.0)], [Stratum(3, 0, 1.0, 1.0)]):
        with pytest.raises(InvalidInput):
            stratified_mean(bad)


@pytest.mark.skipif(
    not (REALDATA / "sampling_frames").is_dir(), reason="realdata is not beside the repository"
)
def test_s4_and_s1_totals_from_the_data():
    import csv

    folder = REALDATA / "sampling_frames"

    def column(name, field):
        path = next(folder.rglob(f"*{name}.csv"))
        with path.open(encoding="utf-8") as handle:
            return [(row.get("stype"), float(row[field])) for row in csv.DictReader(handle)]

    def stratum(population, values):
        return Stratum(population, len(values), float(np.mean(values)), float(np.var(values, ddof=1)))

    simple = stratified_mean([stratum(6194, [y for _s, y in column("apisrs", "api00")])])
    assert (simple.mean, simple.se) == pytest.approx((656.585, 9.2497), abs=5e-5)
    enrolled = stratified_mean([stratum(6194, [y for _s, y in column("apisrs", "enroll")])])
    assert (enrolled.total, enrolled.total_se) == pytest.approx((3621074, 169520), abs=1)
    rows = column("apistrat", "enroll")
    strata = [
        stratum(size, [y for s, y in rows if s == kind])
        for kind, size in (("E", 4421), ("H", 755), ("M", 1018))
    ]
    total = stratified_mean(strata)
    assert (total.total, total.total_se) == pytest.approx((3687177.52, 114641.715), abs=0.01)


@pytest.mark.skipif(
    not (REALDATA / "sampling_frames").is_dir(), reason="realdata is not beside the repository"
)
@pytest.mark.parametrize(
    ("answer", "mean", "se"), [("Yes", 676.4022861, 11.7146788), ("No", 635.412356, 15.7891932)]
)
def test_s3_domain_means_by_linearisation(answer, mean, se):
    """R survey on apistrat (api00 by comp.imp): a ratio's residuals, 0 outside the domain, all cases kept."""
    import csv

    path = next((REALDATA / "sampling_frames").rglob("*apistrat.csv"))
    with path.open(encoding="utf-8") as handle:
        rows = [
            (one["stype"], one["comp.imp"] == answer, float(one["api00"])) for one in csv.DictReader(handle)
        ]

    def total(value):
        strata = []
        for kind, size in (("E", 4421), ("H", 755), ("M", 1018)):
            values = [value(y) if inside else 0.0 for of, inside, y in rows if of == kind]
            strata.append(Stratum(size, len(values), float(np.mean(values)), float(np.var(values, ddof=1))))
        return stratified_mean(strata)

    size = total(lambda _y: 1.0).total
    found = total(lambda y: y).total / size
    assert found == pytest.approx(mean, abs=1e-6)
    assert total(lambda y: y - found).total_se / size == pytest.approx(se, abs=1e-6)


def cases(good=0, fine=0, passed=0, failed=0, missing=0, pending=0, weight=1.0):
    names = [
        ("优秀", good),
        ("良好", fine),
        ("合格", passed),
        ("不合格", failed),
        (MISSING, missing),
        (None, pending),
    ]
    return [Graded(name, weight) for name, count in names for _ in range(count)]


def test_counts_rate_and_both_intervals():
    result = distribution(cases(4, 6, 7, 3), GRADE, population=100)
    assert result.counts == {"优秀": 4, "良好": 6, "合格": 7, "不合格": 3, MISSING: 0}
    assert result.weighted["合格"] == pytest.approx(0.35)
    assert (result.good.value, result.good.n, result.good.population, result.good.n_eff) == (0.5, 20, 100, 20)
    assert result.good.interval == wilson(10, 20)
    assert result.good.sampling == hypergeometric(100, 20, 10)
    assert (result.suppressed, result.may_rank, result.bounds) == (False, True, (0.5, 0.5))
    exact = distribution(cases(4, 6, 7, 3), GRADE, population=100, method="clopper_pearson")
    assert exact.good.interval == clopper_pearson(10, 20)


def test_missing_files_by_rule():
    failed = distribution(cases(3, 3, 2, 0, missing=2, pending=1), GRADE, population=50)
    assert (failed.n, failed.missing, failed.pending, failed.counts[MISSING]) == (10, 2, 1, 2)
    assert failed.good.value == pytest.approx(0.6)
    assert failed.bounds == pytest.approx((0.6, 0.8))
    left_out = distribution(cases(3, 3, 2, 0, missing=2), GRADE, population=50, missing_file="nonresponse")
    assert (left_out.n, MISSING in left_out.counts, left_out.good.value) == (8, False, 0.75)
    assert left_out.bounds == pytest.approx((0.6, 0.8))


def test_weights():
    # two strata of weight 4 and 1: good 1·4 + 3·1 of 2·4 + 6·1 = 7/14
    graded = [Graded("优秀", 4), Graded("合格", 4), *cases(3, 0, 3)]
    result = distribution(graded, GRADE, population=14)
    assert result.good.value == pytest.approx(0.5)
    assert result.good.sampling is None
    assert result.good.n_eff == pytest.approx(14**2 / 38)  # Kish: (Σw)²/Σw² with Σw² = 2·16 + 6
    assert sum(result.weighted.values()) == pytest.approx(1)


def test_shared_experts_widen_the_interval():
    plain = distribution(cases(5, 0, 5), GRADE, population=40)
    shared = distribution(cases(5, 0, 5), GRADE, population=40, sheets_by_expert=[10, 10], rho=0.25)
    assert shared.good.n_eff == pytest.approx(10 / (1 + 0.25 * 4))
    assert shared.good.interval == wilson(2.5, 5)
    assert shared.good.interval.lo < plain.good.interval.lo
    unknown = distribution(cases(5, 0, 5), GRADE, population=40, sheets_by_expert=[10, 10])
    assert (unknown.good.rho, unknown.good.n_eff) == (None, 10)


def test_small_groups_and_what_cant_be_computed():
    assert [distribution(cases(n), GRADE, population=50).suppressed for n in (4, 5)] == [True, False]
    assert [distribution(cases(n), GRADE, population=50).may_rank for n in (9, 10)] == [False, True]
    empty = distribution(cases(pending=3), GRADE, population=3)
    assert (empty.good.value, empty.good.reason, empty.bounds, empty.weighted["优秀"]) == (
        None,
        "no_results",
        None,
        None,
    )
    none_good = parse_rubric(
        rubric_mapping(grades=[dict(grade) | {"good": False} for grade in GRADES])
    ).grades
    result = distribution(cases(5), none_good, population=9)
    assert (result.good.value, result.good.reason, result.bounds) == (None, "no_good_grade", None)
    assert distribution(cases(5), GRADE, population=4).good.sampling is None
    with pytest.raises(InvalidInput):
        distribution([Graded("差")], GRADE, population=1)


def test_expert_share_by_hand():
    # A reads both cases, with B and with C; A's differences are 1 and 1: ((1+1)² − 2)/2 = 1 = σ_r².
    # y = 5 4 1 0: s² = 17/3, so ρ = 3/17
    found = expert_share([(1, "A", 5), (1, "B", 4), (2, "A", 1), (2, "C", 0)])
    assert (found.rho, found.pairs) == (pytest.approx(3 / 17), 2)
    # A and B read both: (2 + 2)/(2 + 2 + 2·2) = 1/2, so ρ = 3/34
    assert expert_share([(1, "A", 5), (1, "B", 4), (2, "A", 1), (2, "B", 0)]).rho == pytest.approx(3 / 34)
    assert expert_share([(1, "A", 1), (1, "B", 0), (2, "A", 1), (2, "C", 0)]).rho == 1
    opposite = expert_share([(1, "A", 1), (1, "B", 0), (2, "A", 0), (2, "C", 1)])
    assert opposite.rho == 0
    assert expert_share([(1, "A", 1)]).reason == "no_pairs"
    assert expert_share([(1, "A", 1), (1, "B", 0)]).reason == "no_shared_experts"
    assert expert_share([(1, "A", 1), (1, "B", 1), (2, "A", 1), (2, "B", 1)]).reason == "no_variance"


def test_expert_share_recovers_the_truth_of_a_simulation():
    # y = case + expert + noise with variances 0.5, V, 0.2, where V is what the drawn experts really have;
    # a third of the cases have three sheets. The mean over 20 rounds must hit the truth closely.
    rng = np.random.default_rng(7)
    misses = []
    for _round in range(20):
        severity = rng.normal(0, 0.3**0.5, 60)
        sheets = []
        for case in range(600):
            level = rng.normal(0, 0.5**0.5)
            readers = rng.choice(60, size=2 + (case % 3 == 0), replace=False)
            noise = rng.normal(0, 0.2**0.5, len(readers))
            sheets += [(case, int(j), level + severity[j] + e) for j, e in zip(readers, noise, strict=True)]
        truth = float(np.var(severity, ddof=1))
        misses.append(expert_share(sheets).rho - truth / (truth + 0.7))
    assert abs(np.mean(misses)) < 0.01
    assert max(map(abs, misses)) < 0.1
