"""What stands beside a raw rate: hand calculations on plain lines, and no figure where the raw one is withheld."""

import pytest

from qualityeval.core.reviewer_part import Readings
from qualityeval.core.standardise import Cell
from qualityeval.queries import result_beside as beside
from qualityeval.queries.result_rows import Found


def line(code, good, n, **more):
    shown = {
        "code": code,
        "good": good,
        "n": n,
        "N": 4 * n,
        "good_rate": good / n if n else None,
        "n_eff": float(n),
    }
    return {**shown, "suppressed": False, "reason": None, **more}


def case(number, rubric, grade):
    return Found(number, f"A:{number}", (1, "A"), {"institution": "A"}, rubric, 4.0, 4.0, "fail", grade, 8000)


def test_groups_are_drawn_towards_their_mean_by_their_own_weight():
    small = {
        **line("C", 0, 1),
        "good": None,
        "n": 3,
        "good_rate": None,
        "suppressed": True,
        "reason": "suppressed",
    }
    found = beside.shrunken([line("A", 50, 100), line("B", 90, 100), line("D", 9, 10), small])
    a, b, d, c = found
    assert 0.5 < a["rate"] < b["rate"] < 0.9
    assert d["rate"] < b["rate"]  # nine of ten says less than ninety of a hundred
    # (x + α)/(n + α + β) is own·x/n + (1 − own)·mean, own = n/(n + α + β)
    mean = (a["rate"] - a["own"] * 0.5) / (1 - a["own"])
    assert d["rate"] == pytest.approx(d["own"] * 0.9 + (1 - d["own"]) * mean)
    assert a["interval"][0] < a["rate"] < a["interval"][1]
    assert c == {"rate": None, "interval": None, "own": None, "reason": "suppressed"}


def test_where_nothing_but_chance_differs_all_are_the_pooled_rate():
    found = beside.shrunken([line("A", 8, 10), line("B", 16, 20)])
    assert [one["rate"] for one in found] == [0.8, 0.8]
    assert {one["reason"] for one in found} == {"no_spread"}
    assert beside.shrunken([line("A", 8, 10)])[0]["reason"] == "one_group"


def test_rare_kinds_of_case_are_taken_as_one_of_five_at_least():
    cases = [case(number, "common@1", "良好") for number in range(9)]
    cases += [case(10 + number, "rare@1", "良好") for number in range(2)] + [case(20, "rarer@1", "合格")]
    assert set(beside.kinds_of(cases).values()) == {
        beside.REST
    }  # two rare kinds are three cases: the next joins
    cases += [case(30 + number, "other@1", "合格") for number in range(6)]
    kinds = beside.kinds_of(cases)
    assert kinds == {"common@1": "common@1", "rare@1": "-", "rarer@1": "-", "other@1": "-"}
    assert beside.cells_of(cases, frozenset({"良好"}), kinds) == {"common@1": Cell(9, 9), "-": Cell(9, 2)}


def test_a_hard_mix_is_put_right_and_one_kind_needs_nothing():
    whole = {"easy": Cell(100, 90), "hard": Cell(100, 50)}
    found = beside.at_common_mix(line("A", 10, 20), {"hard": Cell(20, 10)}, whole)
    assert (round(found["rate"], 3), found["reason"]) == (0.698, None)  # core's worked example
    assert found["interval"][0] < 0.698 < found["interval"][1]
    assert (
        beside.at_common_mix(line("A", 10, 20), {"hard": Cell(20, 10)}, {"hard": Cell(20, 10)})["reason"]
        == "one_kind"
    )


def test_the_drawn_fraction_comes_off_the_cases_part_alone():
    readings = Readings(case=36.0, expert=16.0, error=20.0, sheets=2.0)
    part = line("A", 80, 100)
    quarter, all_ = beside.corrected(part, readings), beside.corrected({**part, "N": 100}, readings)
    assert 0.3 < quarter["reviewer_part"] < 0.6
    assert quarter["model_interval"][0] < all_["model_interval"][0] < 0.8 < all_["model_interval"][1]
    assert beside.corrected(part, None) == {"reviewer_part": None, "model_interval": None}
    assert beside.readings_of({"case": None}) is None
    found = beside.readings_of({"case": 1.0, "expert": 2.0, "error": 3.0, "sheets": 10, "cases": 5})
    assert found == Readings(1.0, 2.0, 3.0, 2.0)
