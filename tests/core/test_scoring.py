"""Totals worked by hand, refusals by name."""

from fractions import Fraction

import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.rubric import parse_rubric
from qualityeval.core.scoring import (
    Incomplete,
    Mark,
    TooLittleCovered,
    bonus_points,
    half_up,
    lost_points,
    sheet_vetoes,
    total,
)
from qualityeval.core.sheet import mark_of, read_points
from tests.core.rubric_samples import item, rubric_mapping, section

RUBRIC = parse_rubric(rubric_mapping())
NA = Mark(na=True, reason="本阶段不适用")


def marks(**given):
    full = {code: Mark(earned=item.points) for code, item in RUBRIC.by_item.items()}
    return full | {code: Mark(earned=mark) if isinstance(mark, int) else mark for code, mark in given.items()}


def test_nothing_left_out():
    # 5 + 6 + 7.5 + 12 + 8 + 51.5 = 90
    score = total(RUBRIC, marks(a1=500, a3=750, c1=5150))
    assert (score.total, score.covered, score.exact) == (9000, 10000, 9000)


def test_item_not_applicable_stays_in_its_section():
    # a: 20 · (5+6)/12 = 55/3 = 18.333…; b 20; c 60 → 98.33
    score = total(RUBRIC, marks(a1=500, a3=NA))
    assert score.exact == Fraction(550000, 300) + 8000
    assert score.total == 9833
    assert score.sections[0].points == Fraction(5500, 3)
    assert score.covered == 9200


def test_section_not_applicable_spreads_by_the_points_of_the_others():
    # b's 20 go to a and c by 20:60 → a is worth 25, c 75. a: 25·16/20 = 20; c: 75·45/60 = 56.25 → 76.25
    score = total(RUBRIC, marks(a1=200, b1=NA, b2=NA, c1=4500))
    assert score.total == 7625
    assert score.sections[1].points is None
    assert score.sections[2].points == 5625


def test_item_and_section_together():
    # a is worth 25, of it 25·(5+4)/12 = 18.75; c 75·60/60 = 75 → 93.75
    assert total(RUBRIC, marks(a1=500, a2=400, a3=NA, b1=NA, b2=NA)).total == 9375


def test_deductions_are_face_points_before_scaling():
    # b: b2 N/A, b1 loses 1 + 0.5 of 12 → 20·10.5/12 = 17.5 → 97.5
    score = total(RUBRIC, marks(b1=Mark(deductions=(100, 50)), b2=NA))
    assert score.total == 9750
    assert total(RUBRIC, marks(b1=Mark(deductions=()))).total == 10000


def test_missing_is_not_zero_and_zero_is_not_missing():
    given = marks(a1=0)
    assert total(RUBRIC, given).total == 9400
    del given["a1"]
    given["c1"] = Mark()
    with pytest.raises(Incomplete) as refusal:
        total(RUBRIC, given)
    assert refusal.value.missing == ("a1", "c1")
    assert (refusal.value.code, refusal.value.where) == ("sheet.incomplete", "a1")
    assert "项a1、项c1" in refusal.value.message


def test_under_seventy_percent_covered_is_refused_and_seventy_is_not():
    def of(na_points, rest):
        return parse_rubric(
            rubric_mapping(
                sections=[section("x", "100", item("x1", rest), item("x2", na_points, na=True), core=True)]
            )
        )

    assert total(of("30", "70"), {"x1": Mark(earned=3500), "x2": NA}).total == 5000
    with pytest.raises(TooLittleCovered) as refusal:
        total(of("30.01", "69.99"), {"x1": Mark(earned=3500), "x2": NA})
    assert "69.99" in refusal.value.message


def test_bonus_is_unscaled_and_the_cap_is_a_hundred():
    # 93.75 of the example above, + 3 = 96.75; + 7 is capped at 5 = 98.75; full sheet stays 100
    given = marks(a1=500, a2=400, a3=NA, b1=NA, b2=NA)
    assert total(RUBRIC, given, {"model": 300}).total == 9675
    score = total(RUBRIC, given, {"model": 300, "adopted": 400})
    assert (score.total, score.bonus) == (9875, 500)
    assert total(RUBRIC, marks(), {"model": 300}).total == 10000


@pytest.mark.parametrize("bonus", [{"model": 301}, {"model": -1}, {"other": 1}])
def test_bonus_out_of_range_is_refused(bonus):
    with pytest.raises(InvalidInput):
        bonus_points(RUBRIC, bonus)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"a1": 601}, "mark_range"),
        ({"a1": -1}, "mark_range"),
        ({"a1": NA}, "na_not_allowed"),
        ({"a3": Mark(na=True, reason=" ")}, "na_reason"),
        ({"a3": Mark(na=True, reason="x", earned=1)}, "na_with_mark"),
        ({"a3": Mark(na=True, reason="x", deductions=())}, "na_with_mark"),
        ({"a1": Mark(earned=1, deductions=(1,))}, "mark_and_deduct"),
        ({"a1": Mark(deductions=(601,))}, "deduct_range"),
        ({"a1": Mark(deductions=(0,))}, "deduct_range"),
        ({"zz": 1}, "unknown_item"),
    ],
)
def test_refusals_by_name(given, code):
    with pytest.raises(InvalidInput) as refusal:
        total(RUBRIC, marks(**given))
    assert refusal.value.code == f"sheet.{code}"
    assert refusal.value.where == next(iter(given))
    assert "%(" not in refusal.value.message


def test_points_lost_of_a_five_mark_are_parts_of_the_items_points():
    """4 of 5 on an item of 3 points costs 3·1/5 = 0.6 points, by hand; 5 costs nothing, a deduction what it says."""
    item = parse_rubric(rubric_mapping(method="five_mark")).by_item["a1"]
    whole = item.points
    assert lost_points(item, Mark(earned=5), five=True) == 0
    assert lost_points(item, Mark(earned=0), five=True) == whole
    assert lost_points(item, Mark(earned=4), five=True) == whole // 5
    assert lost_points(item, Mark(earned=whole - 50), five=False) == 50
    assert lost_points(item, Mark(deductions=(30, 20)), five=False) == 50
    assert lost_points(item, Mark(na=True, reason="x"), five=True) == 0
    assert lost_points(item, Mark(), five=True) == 0


def test_five_mark_method():
    # Σ w·mark·20: a 6·4/5 + 6·3/5 + 8·5/5 = 4.8+3.6+8 = 16.4; b 20; c 60·2/5 = 24 → 60.4
    five = parse_rubric(rubric_mapping(method="five_mark"))
    given = {code: Mark(earned=5) for code in five.by_item} | {
        "a1": Mark(earned=4),
        "a2": Mark(earned=3),
        "c1": Mark(earned=2),
    }
    assert total(five, given).total == 6040
    for bad in (Mark(earned=6), Mark(earned=-1), Mark(deductions=(1,))):
        with pytest.raises(InvalidInput):
            total(five, given | {"a1": bad})


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.4999", 2), ("7", 7), ("8999.5", 9000), ("8999.4999999", 8999)],
)
def test_half_up(value, expected):
    assert half_up(Fraction(value)) == expected


def test_only_file_vetoes_stand_on_a_sheet():
    assert sheet_vetoes(RUBRIC, ["absent", "absent"]) == {"absent"}
    assert sheet_vetoes(RUBRIC, []) == frozenset()
    with pytest.raises(InvalidInput) as refusal:
        sheet_vetoes(RUBRIC, ["money"])
    assert refusal.value.code == "sheet.conduct_veto"
    with pytest.raises(InvalidInput) as refusal:
        sheet_vetoes(RUBRIC, ["none"])
    assert refusal.value.code == "sheet.unknown_veto"


@pytest.mark.parametrize(
    ("text", "mark"), [("5", 5), ("0", 0), ("3.0", 3), ("4.5", None), ("6", None), ("-1", None)]
)
def test_a_five_mark_is_whole_or_refused_never_cut(text, mark):
    five = parse_rubric(rubric_mapping(method="five_mark"))
    points = read_points(text, where="a1")
    assert mark_of(points, RUBRIC, where="a1") == points
    if mark is None:
        with pytest.raises(InvalidInput, match=r"sheet\.five_marks"):
            mark_of(points, five, where="a1")
    else:
        assert mark_of(points, five, where="a1") == mark
