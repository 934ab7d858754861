"""Severity by crossed random effects: against lme4 and lm in R, by hand, by a slow dense likelihood, by planted truth."""

from itertools import pairwise

import numpy as np
import pytest

from qualityeval.core.crossed_effects import fit
from qualityeval.core.false_discovery import adjusted_p, severity_flags
from qualityeval.core.fixed_severity import fixed_severity
from qualityeval.core.severity import Mark, severity

SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)
READ_BY = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2), (1, 3)]
M2 = [
    Mark(f"c{case}", f"E{judge}", SHROUT_FLEISS[case, judge])
    for case, pair in enumerate(READ_BY)
    for judge in pair
]


def test_m2_fixed_part_exactly():
    # R's lm with sum contrasts; exact, and so by hand
    found = fixed_severity([(one.case, one.expert, one.points) for one in M2])
    assert [found.severity[f"E{j}"] for j in range(4)] == pytest.approx([3.0, -3.5, -1.0, 1.5], abs=1e-12)
    assert [found.case[f"c{i}"] for i in range(6)] == pytest.approx(
        [5.75, 4.25, 6.75, 4.25, 7.0, 5.5], abs=1e-12
    )
    assert (found.residual_sd, found.freedom) == (pytest.approx(0.40824829, abs=5e-9), 3)


def test_m2_random_effects():
    """lme4 prints 1.322788, 8.153958, .162519; its search stops in the fifth figure, ours has the higher likelihood."""
    found = severity(M2)
    assert (found.case, found.expert, found.error) == pytest.approx((1.322788, 8.153958, 0.162519), rel=3e-5)
    assert [one.adjusted for one in found.experts] == pytest.approx(
        [2.978186, -3.501244, -0.955590, 1.478648], abs=2e-6
    )
    ours, theirs = _dense(M2, found.case, found.expert, found.error), _dense(M2, 1.322788, 8.153958, 0.162519)
    assert ours < theirs < ours + 1e-7
    marks = np.array([one.points for one in M2])
    model = fit(marks, np.repeat(np.arange(6), 2), np.array(READ_BY).ravel())
    assert model.fixed[0] == pytest.approx(5.583333, abs=5e-7)
    assert model.deviance == pytest.approx(ours, abs=1e-9)


def _dense(sheets, case, expert, error):
    """−2 log restricted likelihood written out with the whole covariance matrix."""
    cases, experts = sorted({one.case for one in sheets}), sorted({one.expert for one in sheets})
    z = np.array([[float(one.case == name) for name in cases] for one in sheets])
    w = np.array([[float(one.expert == name) for name in experts] for one in sheets])
    y, x = np.array([one.points for one in sheets]), np.ones((len(sheets), 1))
    v = case * z @ z.T + expert * w @ w.T + error * np.eye(len(y))
    inner = x.T @ np.linalg.solve(v, x)
    left = y - x @ np.linalg.solve(inner, x.T @ np.linalg.solve(v, y))
    whole = np.linalg.slogdet(v)[1] + np.linalg.slogdet(inner)[1] + y @ np.linalg.solve(v, left)
    return float(whole + (len(y) - 1) * np.log(2 * np.pi))


def test_r1_is_shrout_and_fleiss_icc_2_1():
    # complete table: REML is the analysis of variance, case 23/9, judge 5.244444, error 1.019444; ICC(2,1) .289764
    found = severity([Mark(str(i), str(j), SHROUT_FLEISS[i, j]) for i in range(6) for j in range(4)])
    assert (found.case, found.expert, found.error) == pytest.approx((2.555556, 5.244444, 1.019444), abs=2e-6)
    assert found.icc == pytest.approx(0.289764, abs=5e-7)


def test_raw_is_the_mean_difference_from_co_readers():
    # E1 is 5 above E2 and 2 below the mean of E2 and E3: (5 − 2)/2; a lone reader has no difference
    sheets = [
        ("a", "E1", 90),
        ("a", "E2", 85),
        ("b", "E1", 70),
        ("b", "E2", 71),
        ("b", "E3", 73),
        ("c", "E4", 60),
    ]
    found = {one.expert: one for one in severity([Mark(*one) for one in sheets]).experts}
    assert (found["E1"].n, found["E1"].raw) == (2, 1.5)
    assert found["E2"].raw == pytest.approx((-5 - 0.5) / 2)
    assert (found["E4"].raw, found["E4"].adjusted, found["E4"].reason) == (None, None, "alone")


def test_components_are_told_apart_and_centred_alone():
    apart = [Mark(f"x{one.case}", f"x{one.expert}", one.points + 40) for one in M2]
    found = severity([*M2, *apart])
    assert (found.components, {one.component for one in found.experts}) == (2, {0, 1})
    by = {one.expert: one.adjusted for one in found.experts}
    # the two halves say the same of their own four, though one lies 40 points higher
    assert [by[f"E{j}"] for j in range(4)] == pytest.approx([by[f"xE{j}"] for j in range(4)], abs=1e-6)
    assert sum(by[f"E{j}"] for j in range(4)) == pytest.approx(0, abs=1e-9)


def test_case_type_and_region_are_fixed_and_dependent_columns_fall_away():
    sheets = _planted(200, 20, seed=4, gap=30.0)
    plain = severity([Mark(one.case, one.expert, one.points) for one in sheets])
    fixed = severity(
        [Mark(one.case, one.expert, one.points, (*one.factors, one.factors[0])) for one in sheets]
    )
    # rubrics 30 points apart: without the factor their gap is the cases' variance (15² more), with it it isn't
    assert plain.case > 200
    assert fixed.case == pytest.approx(16, rel=0.35)
    assert fixed.icc > 0.85  # but reliability over all cases counts it
    assert fixed.icc == pytest.approx(plain.icc, abs=0.02)


def _planted(cases, experts, *, seed, gap=0.0, sd=4.0):
    """Two sheets a case by experts in turn: case sd 4, error sd 3, severities of the given sd; rubrics `gap` apart."""
    rng = np.random.default_rng(seed)
    level, planted = rng.normal(80, 4, cases), rng.normal(0, sd, experts)
    rubric = rng.integers(0, 2, cases)
    seats = np.concatenate([rng.permutation(experts) for _ in range(-(-2 * cases // experts))])
    sheets = []
    for case, pair in enumerate(zip(seats[0 : 2 * cases : 2], seats[1 : 2 * cases : 2], strict=True)):
        if pair[0] != pair[1]:
            sheets += [
                Mark(f"c{case}", f"E{j:04d}", level[case] + gap * rubric[case] + planted[j] + rng.normal(0, 3), (f"r{rubric[case]}",))
                for j in pair
            ]  # fmt: skip
    return _Planted(sheets, planted)


class _Planted(list):
    def __init__(self, sheets, planted):
        super().__init__(sheets)
        self.planted = planted


@pytest.mark.proof("severity")
def test_planted_severities_come_back(proof_count, record_property):
    """27,000 cases, 2 readers each, 1,000 experts in full: r > 0.95, and the stated errors are the real ones."""
    experts = proof_count(1000)
    sheets = _planted(27 * experts, experts, seed=11)
    found = severity(sheets)
    adjusted = np.array([one.adjusted for one in found.experts])
    planted = sheets.planted - sheets.planted.mean()
    r = float(np.corrcoef(adjusted, planted)[0, 1])
    stated = float(np.sqrt(np.mean([one.se**2 for one in found.experts])))
    real = float(np.sqrt(np.mean((adjusted - planted) ** 2)))
    record_property("r", f"r {r:.4f}, stated SE {stated:.3f}, real {real:.3f}")
    assert r > 0.95
    assert real == pytest.approx(stated, rel=0.1 if experts > 200 else 0.35)
    assert (found.case, found.error) == pytest.approx((16, 9), rel=0.05 if experts > 200 else 0.25)
    fixed = fixed_severity([(one.case, one.expert, one.points) for one in sheets]).severity
    assert float(np.corrcoef([fixed[one.expert] for one in found.experts], planted)[0, 1]) > 0.95


def test_no_spread_of_experts_is_said_by_zeros():
    sheets = [
        Mark(f"c{n}", f"E{j}", 50.0 + 5 * n + (j + n) % 2) for n in range(6) for j in (0, 1)
    ]  # whoever reads: first one, then the other is a point higher
    found = severity(sheets)
    assert (found.expert, [one.adjusted for one in found.experts]) == (0.0, [0.0, 0.0])
    assert severity_flags(found) == []


@pytest.mark.parametrize("shift", [(0, 0, 0), (4, 0, -4), (1e-9, 0, 0)])
def test_sheets_that_fit_without_a_rest_give_their_differences(shift):
    levels = (90.0, 70.0, 60.0, 85.0, 75.0, 66.0)
    sheets = [
        Mark(f"c{n}", f"E{j}", level + shift[j])
        for n, level in enumerate(levels)
        for j in (n % 3, (n + 1) % 3)
    ]
    found = severity(sheets)
    assert [one.adjusted for one in found.experts] == pytest.approx(
        np.array(shift) - np.mean(shift), abs=0.01
    )
    assert found.error == pytest.approx(0, abs=1e-3)
    assert found.icc > (0.99 if shift[0] < 1 else 0.75)


def test_what_cannot_be_computed_says_why():
    assert severity([Mark("a", "E1", 1.0), Mark("b", "E2", 2.0)]).reason == "no_pairs"
    assert severity([]).reason == "no_pairs"
    two = severity([Mark("a", "E1", 90.0), Mark("a", "E2", 84.0)])
    assert (two.reason, two.icc, two.experts[0].raw, two.experts[0].adjusted) == (
        "too_few_sheets",
        None,
        6.0,
        None,
    )
    same = severity([Mark(f"c{n}", f"E{j}", 70.0) for n in range(9) for j in (0, 1)])
    assert (same.reason, same.experts[0].raw, same.experts[0].reason) == ("no_variance", 0.0, "no_variance")


def test_benjamini_hochberg_as_r_does():
    # R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "BH") -> 0.05 five times; p.adjust(c(.001,.008,.039,.041,.6), "BH")
    assert adjusted_p([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05] * 5)
    assert adjusted_p([0.001, 0.008, 0.039, 0.041, 0.6]) == pytest.approx(
        [0.005, 0.02, 0.05125, 0.05125, 0.6]
    )
    assert all(a <= b for a, b in pairwise(adjusted_p(sorted(np.random.default_rng(2).uniform(size=50)))))


def test_an_outlier_among_experts_is_flagged_and_hardly_anybody_else():
    sheets = _planted(1500, 40, seed=8, sd=1.0)
    odd = [Mark(one.case, one.expert, one.points - 12 * (one.expert == "E0007")) for one in sheets]
    flagged = [one.expert for one in severity_flags(severity(odd)) if one.flagged]
    assert flagged == ["E0007"]
