"""Cut-offs ± 0.01, vetoes, indicator grades, and random sheets against a slow oracle."""

import os
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext

import numpy as np
import pytest

from qualityeval.adapters.rubric_files import shipped
from qualityeval.core.errors import InvalidInput
from qualityeval.core.grading import IndicatorsMissing, OwnGrade, Step, combine_indicators, grade_of
from qualityeval.core.rubric import parse_rubric
from qualityeval.core.scoring import Mark, TooLittleCovered, total
from tests.core.rubric_samples import cut_off_mapping, indicator_mapping, rubric_mapping

RUBRIC = parse_rubric(rubric_mapping())
INDICATORS = parse_rubric(indicator_mapping())
FULL = 100_000
SHEETS = FULL if float(os.environ.get("QUALITYEVAL_PROOF_SCALE", "0")) >= 1 else 300


@pytest.mark.parametrize("rubric", [RUBRIC, *shipped()], ids=lambda r: r.key)
@pytest.mark.parametrize(
    ("stored", "name"),
    [
        (10000, "优秀"), (9001, "优秀"), (9000, "优秀"), (8999, "良好"),
        (8001, "良好"), (8000, "良好"), (7999, "合格"),
        (6001, "合格"), (6000, "合格"), (5999, "不合格"), (1, "不合格"), (0, "不合格"),
    ],
)  # fmt: skip
def test_cut_offs_to_the_hundredth(rubric, stored, name):
    assert grade_of(rubric, stored).name == name


@pytest.mark.parametrize("method", ["points", "five_mark"])
@pytest.mark.parametrize("cut", [9650, 8525, 7000, 6001])
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_sheet_on_a_cut_off_of_its_own_rubric_and_a_hundredth_beside_it(method, cut, off):
    """Five grades with cut-offs of their own; the sheet's total is made of items, not typed."""
    rubric, wanted = parse_rubric(cut_off_mapping(method)), cut + off
    marks = {}
    # the largest items first, each as far as it goes; the smallest step is a hundredth, so nothing is left over
    for item in sorted(rubric.by_item.values(), key=lambda one: -one.points):
        step = item.points // 5 if method == "five_mark" else 1
        earned = min(wanted // step, item.points // step)
        wanted -= earned * step
        marks[item.code] = Mark(earned=earned)
    score = total(rubric, marks)
    assert score.total == cut + off
    order = [9650, 8525, 7000, 6001, 0]
    assert grade_of(rubric, score.total).name == "一二三四五"[order.index(cut) + (off < 0)]


def test_a_veto_beats_the_total_and_never_lifts_a_grade():
    assert grade_of(RUBRIC, 9900, ["absent"]).name == "不合格"
    assert grade_of(RUBRIC, 9900, ["late"]).name == "合格"
    assert grade_of(RUBRIC, 9900, ["late", "absent"]).name == "不合格"
    assert grade_of(RUBRIC, 1000, ["late"]).name == "不合格"
    with pytest.raises(InvalidInput, match="nothing"):
        grade_of(RUBRIC, 9900, ["nothing"])
    for stored in (-1, 10001):
        with pytest.raises(InvalidInput):
            grade_of(RUBRIC, stored)


LETTERS = {"a": "优秀", "b": "良好", "c": "合格", "d": "不合格", "n": "na"}


def combined(letters, **options):
    codes = [s.code for s in INDICATORS.sections]
    return combine_indicators(
        INDICATORS, {c: LETTERS[x] for c, x in zip(codes, letters, strict=True)}, **options
    ).name


@pytest.mark.parametrize(
    ("letters", "name"),
    [
        ("aaaaaaa", "优秀"), ("aaaabbb", "优秀"), ("aaanbnb", "优秀"),
        ("aaaabbc", "良好"), ("aaabaaa", "良好"), ("bbbbccc", "良好"),
        ("aaaaaad", "合格"), ("aaacaaa", "合格"), ("ccccccd", "合格"),
        ("aaaaadd", "不合格"), ("aaadaaa", "不合格"), ("ddddddd", "不合格"),
    ],
)  # fmt: skip
def test_indicator_rule_by_hand(letters, name):
    # the rule in words: domain page 7.0 (our proposal)
    assert combined(letters) == name


def test_one_step_with_a_reason():
    assert combined("aaacaaa", step=Step(1, "疑难案件")) == "良好"
    assert combined("aaaaaaa", step=Step(-1, "理由")) == "良好"
    assert combined("aaaaaaa", step=Step(-1, "理由"), vetoes=["late"]) == "合格"
    for step in (Step(2, "x"), Step(1, " "), Step(0, "x")):
        with pytest.raises(InvalidInput):
            combined("bbbbbbb", step=step)
    for letters, by in (("aaaaaaa", 1), ("ddddddd", -1)):
        with pytest.raises(InvalidInput) as refusal:
            combined(letters, step=Step(by, "x"))
        assert refusal.value.code == "sheet.step_range"


def test_indicators_refused():
    with pytest.raises(IndicatorsMissing) as refusal:
        combine_indicators(INDICATORS, {"meeting": "优秀"})
    assert refusal.value.missing[0] == "reading"
    with pytest.raises(InvalidInput) as not_allowed:
        combined("naaaaaa")
    assert not_allowed.value.code == "sheet.na_not_allowed"


@pytest.mark.parametrize("core_left", [0, 1])
def test_with_fewer_than_two_core_indicators_the_expert_gives_the_grade_with_a_reason(core_left):
    mapping = indicator_mapping()
    for node in mapping["sections"]:
        node["na"] = True
    rubric = parse_rubric(mapping)
    marks = {s.code: "na" if s.core else "优秀" for s in rubric.sections}
    marks |= dict.fromkeys(rubric.core[:core_left], "合格")
    own = OwnGrade("良好", "只有一项核心指标适用")
    assert combine_indicators(rubric, marks, own=own).name == "良好"
    assert combine_indicators(rubric, marks, own=own, vetoes=["late"]).name == "合格"
    for wrong in ({}, {"own": OwnGrade("良好", " ")}, {"own": own, "step": Step(1, "x")}):
        with pytest.raises(InvalidInput) as refusal:
            combine_indicators(rubric, marks, **wrong)
        assert refusal.value.code == "sheet.own_grade"
    with pytest.raises(InvalidInput) as not_due:
        combine_indicators(rubric, marks | dict.fromkeys(rubric.core[:2], "合格"), own=own)
    assert not_due.value.code == "sheet.own_grade_not_due"


def oracle(rubric, sheet, vetoed, extra):
    """Another road to the total: 60-digit decimals, item weights first, then one sum and one rounding."""
    with localcontext() as context:
        context.prec = 60
        share = {}
        for part in rubric.sections:
            left = [i for i in part.items if sheet[i.code] is not None]
            if left:
                share[part.code] = (Decimal(part.points), left)
        covered = sum(i.points for _m, left in share.values() for i in left)
        if covered * 10 < 7 * 10000:
            return None
        whole = sum(m for m, _left in share.values())
        figure = Decimal(extra)
        for m, left in share.values():
            available = sum(i.points for i in left)
            for i in left:
                full = m * 10000 / whole * i.points / available
                figure += full * sheet[i.code] / (5 if rubric.method == "five_mark" else i.points)
        # 60 digits carry no tie wrongly: real ties are multiples of 1/2 and survive quantising to 40
        stored = int(
            min(figure, Decimal(10000)).quantize(Decimal(10) ** -40).quantize(Decimal(1), ROUND_HALF_UP)
        )
    if vetoed:
        return stored, "不合格"
    return (
        stored,
        "优秀" if stored >= 9000 else "良好" if stored >= 8000 else "合格" if stored >= 6000 else "不合格",
    )


def points_sheet(rng, rubric):
    """Half steps around a level of its own, as deductions or as points earned."""
    level, sheet, marks = rng.choice([0.55, 0.78, 0.88, 0.97]), {}, {}
    for code, item in rubric.by_item.items():
        if item.na and rng.random() < 0.4:
            sheet[code], marks[code] = None, Mark(na=True, reason="不适用")
            continue
        earned = min(item.points, int(item.points * rng.uniform(level - 0.1, level + 0.1)) // 50 * 50)
        sheet[code], taken = earned, item.points - earned
        as_deduction = rng.random() < 0.5
        marks[code] = Mark(deductions=(taken,) if taken else ()) if as_deduction else Mark(earned=earned)
    return sheet, marks


def five_mark_sheet(rng, rubric):
    """Marks 0 to 5 that lean to one of four levels."""
    weights = ([4, 4, 8, 8, 4, 2], [1, 1, 3, 10, 10, 5], [0, 0, 1, 5, 14, 10], [0, 0, 0, 1, 4, 25])
    weights, sheet, marks = np.array(weights[rng.integers(4)]) / 30, {}, {}
    for code, item in rubric.by_item.items():
        if item.na and rng.random() < 0.4:
            sheet[code], marks[code] = None, Mark(na=True, reason="不适用")
            continue
        sheet[code] = int(rng.choice(6, p=weights))
        marks[code] = Mark(earned=sheet[code])
    return sheet, marks


FIVE_MARK = tuple(replace(rubric, method="five_mark") for rubric in (RUBRIC, *shipped()))


@pytest.mark.proof("grades")
@pytest.mark.parametrize(
    ("rubrics", "made"), [((RUBRIC, *shipped()), points_sheet), (FIVE_MARK, five_mark_sheet)], ids=["points", "five-mark"]
)  # fmt: skip
def test_random_sheets_equal_a_slow_independent_oracle(rubrics, made, record_property):
    record_property("count", f"{SHEETS} of {FULL} {made.__name__}s")
    rng = np.random.default_rng(20261125)
    seen, refused, near = set(), 0, 0
    for number in range(SHEETS):
        rubric = rubrics[number % len(rubrics)]
        sheet, marks = made(rng, rubric)
        extra = int(rng.integers(0, 4)) * 100 if rng.random() < 0.2 else 0
        code = next(b.code for b in rubric.bonus if b.points == 300)
        vetoed = rng.random() < 0.05
        expected = oracle(rubric, sheet, vetoed, extra)
        if expected is None:
            refused += 1
            with pytest.raises(TooLittleCovered):
                total(rubric, marks, {code: extra})
            continue
        score = total(rubric, marks, {code: extra})
        grounds = [v.code for v in rubric.vetoes if v.grade == "不合格"][:1] if vetoed else []
        assert (score.total, grade_of(rubric, score.total, grounds).name) == expected, (number, rubric.key)
        seen.add(expected[1])
        near += min(abs(expected[0] - cut) for cut in (9000, 8000, 6000)) <= 100
    assert seen == {"优秀", "良好", "合格", "不合格"}
    assert SHEETS < FULL or refused > 0 < near


def indicator_oracle(core, other, move, vetoed):
    """The rule in the words of domain page 7.0, by counting letters in texts; a: best, d: worst."""
    core, everything = core.replace("n", ""), (core + other).replace("n", "")
    if core.strip("a") == "" and everything.strip("ab") == "":
        grade = "a"
    elif core.strip("ab") == "" and everything.count("d") == 0:
        grade = "b"
    elif core.count("d") == 0 and other.count("d") < 2:
        grade = "c"
    else:
        grade = "d"
    moved = "abcd".find(grade) - move
    if not 0 <= moved < 4:
        return None
    return "d" if vetoed == "absent" else max("abcd"[moved], "c") if vetoed else "abcd"[moved]


@pytest.mark.proof("grades")
def test_random_indicator_sheets_equal_a_slow_independent_oracle(record_property):
    record_property("count", f"{SHEETS} of {FULL} indicator_sheets")
    rng, seen, refused = np.random.default_rng(20261126), set(), 0
    rubric = INDICATORS
    for _number in range(SHEETS):
        start = rng.integers(3)
        drawn = [
            "n" if s.na and rng.random() < 0.3 else "abcd"[min(3, start + rng.choice(3, p=[0.8, 0.15, 0.05]))]
            for s in rubric.sections
        ]
        mine = "".join(x for x, s in zip(drawn, rubric.sections, strict=True) if s.core)
        others = "".join(x for x, s in zip(drawn, rubric.sections, strict=True) if not s.core)
        move = int(rng.choice([0, 0, 0, 1, -1]))
        vetoed = str(rng.choice(["", "", "", "", "late", "absent"]))
        expected = indicator_oracle(mine, others, move, vetoed)
        letters, options = mine + others, {"vetoes": [vetoed] if vetoed else []}
        if move:
            options["step"] = Step(move, "理由")
        if expected is None:
            refused += 1
            with pytest.raises(InvalidInput):
                combined(letters, **options)
            continue
        assert combined(letters, **options) == LETTERS[expected], (mine, others, move, vetoed)
        seen.add(expected)
    assert seen == set("abcd")
    assert refused > 0
