"""Agreement and ICC against figures of other programs."""

import csv
from math import sqrt

import numpy as np
import pytest

from qualityeval.core.agreement import (
    agreement,
    brennan_prediger,
    cohen,
    counts,
    fleiss,
    gwet,
    krippendorff,
    observed,
)
from qualityeval.core.errors import InvalidInput

# Krippendorff's and Gwet's 12 units by 4 readers, a dot where nobody read
UNITS = """1 1 . 1 / 2 2 3 2 / 3 3 3 3 / 3 3 3 3 / 2 2 2 2 / 1 2 3 4 / 4 4 4 4 / 1 1 2 1 / 2 2 2 2 / . 5 5 5 /
. . 1 1 / . . 3 ."""
READINGS = [[mark for mark in unit.split() if mark != "."] for unit in UNITS.split("/")]
TABLE = counts(READINGS, list("12345"))
DIAGNOSES = np.array([[40, 6, 4, 15], [4, 25, 1, 5], [4, 2, 21, 9], [17, 13, 12, 45]], dtype=float)


@pytest.mark.parametrize(
    ("metric", "alpha"),
    [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)],
)
def test_r2_krippendorff(metric, alpha):
    # the package krippendorff; nominal and interval also irrCAC in R and Python
    assert krippendorff(TABLE, metric) == pytest.approx(alpha, abs=5e-7)


def test_r3_gwet_with_gaps():
    # Gwet's R code and irrCAC
    ac1, ac2 = gwet(TABLE), gwet(TABLE, "quadratic")
    assert (ac1.value, ac1.se) == pytest.approx((0.77544, 0.14295), abs=5e-6)
    assert (ac2.value, ac2.se) == pytest.approx((0.91400, 0.10396), abs=5e-6)
    assert gwet(TABLE, "linear").value == pytest.approx(0.85874, abs=5e-6)
    assert (fleiss(TABLE), brennan_prediger(TABLE)) == pytest.approx((0.76117, 0.77273), abs=5e-6)
    assert observed(TABLE) == pytest.approx(0.8181818, abs=5e-8)


def test_r4_two_fixed_readers():
    # Gwet's R code on the 4 × 4 table of diagnoses
    kappa = cohen(DIAGNOSES)
    assert (kappa.value, kappa.se) == pytest.approx((0.4315008, 0.0459692), abs=5e-8)
    assert cohen(DIAGNOSES, "quadratic").value == pytest.approx(0.3831859, abs=5e-8)
    assert cohen(DIAGNOSES, "linear").value == pytest.approx(0.4068109, abs=5e-8)
    pairs = [(i, j) for i in range(4) for j in range(4) for _ in range(int(DIAGNOSES[i, j]))]
    table = counts(pairs, range(4))
    assert gwet(table).value == pytest.approx(0.4561576, abs=5e-8)
    assert fleiss(table) == pytest.approx(0.4303406, abs=5e-8)  # Scott's pi


def test_every_coefficient_of_irrcac_that_we_have(realdata):
    """cac.raw4raters and cac.raw5obser in the three weightings, as R's irrCAC gives them."""
    folder = realdata / "ratings" / "irrCAC"
    with (folder / "expected_values_computed_with_irrCAC.csv").open(encoding="utf-8") as handle:
        expected = list(csv.DictReader(handle))
    ours = {
        "AC1": lambda table, kind: gwet(table, kind).value, "AC2": lambda table, kind: gwet(table, kind).value,
        "Fleiss' Kappa": fleiss, "Brennan-Prediger": brennan_prediger,
    }  # fmt: skip
    kinds = {"unweighted": "nominal", "linear": "linear", "quadratic": "quadratic"}
    seen = 0
    for line in expected:
        if line["dataset"] not in {"cac.raw4raters", "cac.raw5obser"}:
            continue
        if line["weights"] not in kinds or line["coef"] not in ours:
            continue
        table = _raw(folder / f"{line['dataset']}.csv")
        found = ours[line["coef"]](table, kinds[line["weights"]])
        assert found == pytest.approx(float(line["value"]), abs=5e-6), line
        if line["coef"].startswith("AC"):
            assert gwet(table, kinds[line["weights"]]).se == pytest.approx(float(line["se"]), abs=5e-6), line
        seen += 1
    assert seen == 11


def _raw(path):
    with path.open(encoding="utf-8") as handle:
        rows = [[cell for cell in row[1:] if cell not in {"", "NA"}] for row in list(csv.reader(handle))[1:]]
    return counts(rows, sorted({cell for row in rows for cell in row}))


def test_what_results_show_by_hand():
    # three cases, two readers, four grades: pairs equal, one step apart, equal
    found = agreement([["B", "B"], ["B", "C"], ["C", "C"]], ["A", "B", "C", "D"])
    # AC2: p_a = 1 − (1/9)/3 = 26/27; ΣW = 16 − 2(3/9 + 2·4/9 + 1) = 104/9; π = ½, ½: p_e = (104/9)(½)/12 = 13/27
    assert found.ac2 == pytest.approx((26 / 27 - 13 / 27) / (1 - 13 / 27))
    # alpha: o_BC = o_CB = 1, n_B = n_C = 3, δ² = 3² for both: 1 − 5·(2·9)/(2·9·9)
    assert found.alpha == pytest.approx(1 - 5 / 9)
    assert (found.pairs, found.cases, found.raw) == (3, 3, pytest.approx(2 / 3))


def test_what_cannot_be_computed_says_why():
    lone = agreement([["A"], ["B"]], ["A", "B"])
    assert (lone.pairs, lone.raw, lone.alpha, lone.ac2, lone.reason) == (0, None, None, None, "no_pairs")
    same = agreement([["A", "A"], ["A", "A"]], ["A", "B"])
    assert (same.raw, same.alpha, same.ac2, same.reason) == (1, None, 1, "no_variance")
    assert gwet(counts([["A", "B"]], ["A", "B"])).se is None
    assert agreement([], ["A", "B"]).reason == "no_pairs"
    assert cohen(np.zeros((2, 2))).value is None
    assert cohen(np.array([[5.0, 0], [0, 0]])).value is None
    with pytest.raises(InvalidInput, match="等次"):
        counts([["Z"]], ["A"])


def test_skewed_grades_lower_kappa_but_not_ac1():
    # Feinstein & Cicchetti's paradox: 80 both good, 10 + 10 split, none both bad
    pairs = [("g", "g")] * 80 + [("g", "b")] * 10 + [("b", "g")] * 10
    table = counts(pairs, ["g", "b"])
    # p_a = 0.8; pi's p_e = 0.9² + 0.1² = 0.82; AC1's = 2·0.9·0.1 = 0.18
    assert fleiss(table) == pytest.approx((0.8 - 0.82) / 0.18)
    assert gwet(table).value == pytest.approx((0.8 - 0.18) / 0.82)
    assert gwet(table).se == pytest.approx(_jackknifed(table), rel=0.03)


def _jackknifed(table):
    """The standard error again, by leaving out one case at a time."""
    n = len(table)
    left = np.array([gwet(np.delete(table, row, axis=0)).value for row in range(n)])
    return sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum())
