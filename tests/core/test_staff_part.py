"""Staff items in a sheet's total, against an independent slow total; who answers what."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.grading import IndicatorsMissing, OwnGrade
from qualityeval.core.rubric import parse_rubric
from qualityeval.core.scoring import Incomplete, Mark, TooLittleCovered
from qualityeval.core.sheet import Content, judge
from qualityeval.core.staff_part import (
    check_experts,
    check_staff,
    experts_content,
    experts_part,
    joined,
    staff_items,
)
from tests.core import rubric_samples
from tests.core.rubric_samples import rubric_mapping

NA = Mark(na=True, reason="本阶段不适用")


def item(code, points, *, na=False, role=""):
    return {**rubric_samples.item(code, str(points), na=na), **({"role": role} if role else {})}


def section(code, points, items):
    return rubric_samples.section(code, str(points), *items, core=True)


def rubric(method="points"):
    """20 all of staff, 20 of both, 60 of the experts."""
    return parse_rubric(rubric_mapping(method=method, sections=[
        section("a", 20, [item("a1", 12, role="staff"), item("a2", 8, na=True, role="staff")]),
        section("b", 20, [item("b1", 15), item("b2", 5, na=True, role="staff")]),
        section("c", 60, [item("c1", 41), item("c2", 19, na=True)]),
    ]))  # fmt: skip


def slow_total(marks):
    """By the book: points a section, N/A out of it, an empty section spread; decimal rounding of an exact fraction."""
    parts = {"a": (20, {"a1": 12, "a2": 8}), "b": (20, {"b1": 15, "b2": 5}), "c": (60, {"c1": 41, "c2": 19})}
    live = {
        name: (whole, {c: p for c, p in items.items() if not marks[c].na})
        for name, (whole, items) in parts.items()
    }
    weights = sum(whole for whole, items in live.values() if items)
    found = Fraction(0)
    for whole, items in live.values():
        if items:
            got = sum(Fraction(marks[code].earned, 100) for code in items)
            found += Fraction(100 * whole, weights) * got / sum(items.values())
    exact = Decimal(found.numerator * 100) / Decimal(found.denominator)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_staff_items_count_like_an_own_answer():
    made = rubric()
    for a1, a2, b2, c2, b1 in product(
        (0, 777), (NA, Mark(earned=333)), (NA, Mark(earned=1)), (NA, Mark(earned=1900)), (0, 901)
    ):
        staff = {"a1": Mark(earned=a1), "a2": a2, "b2": b2}
        own = Content(marks={"b1": Mark(earned=b1), "c1": Mark(earned=4000), "c2": c2})
        if sum(p for m, p in ((a2, 8), (b2, 5), (c2, 19)) if m.na) > 30:
            with pytest.raises(TooLittleCovered):
                judge(made, joined(made, own, staff))
            continue
        whole = joined(made, own, staff)
        assert judge(made, whole).total == slow_total(whole.marks)


def test_the_worked_example():
    made = parse_rubric(rubric_mapping(sections=[
        section("a", 20, [item("a1", 20, role="staff")]), section("b", 80, [item("b1", 80)]),
    ]))  # fmt: skip
    own = Content(marks={"b1": Mark(earned=6000)})
    assert judge(made, joined(made, own, {"a1": Mark(earned=1500)})).total == 7500
    assert [one.code for one in experts_part(made).sections] == ["b"]


def test_an_expert_is_asked_the_rest_alone():
    made = rubric()
    assert list(staff_items(made)) == ["a1", "a2", "b2"]
    part = experts_part(made)
    assert list(part.by_item) == ["b1", "c1", "c2"]
    assert [[one.code for one in s.items] for s in part.sections] == [["b1"], ["c1", "c2"]]
    with pytest.raises(InvalidInput, match="由工作人员填写"):
        joined(made, Content(marks={"a1": Mark(earned=0)}), {})
    plain = parse_rubric(rubric_mapping())
    assert experts_part(plain) is plain
    stored = {"marks": {"a1": {"earned": 0}, "b1": {"earned": 1}}, "overall": "好"}
    assert experts_content(made, stored) == {"marks": {"b1": {"earned": 1}}, "overall": "好"}
    assert experts_content(plain, stored) == stored


def test_a_staff_part_is_whole_and_sound():
    made = rubric()
    sound = {"a1": Mark(earned=1200), "a2": NA, "b2": Mark(deductions=(100,))}
    check_staff(made, sound)
    with pytest.raises(Incomplete) as refusal:
        check_staff(made, {"a1": Mark(earned=0)})
    assert refusal.value.missing == ("a2", "b2")
    for bad in ({"a1": Mark(earned=1201)}, {"a1": NA}, {"c1": Mark(earned=0)}):
        with pytest.raises(InvalidInput):
            check_staff(made, {**sound, **bad})


@pytest.mark.parametrize("method", ["points", "five_mark"])
def test_the_experts_part_is_checked_before_staff_have_answered(method):
    made = rubric(method)
    marks = {code: Mark(earned=5) for code in ("b1", "c1", "c2")}
    check_experts(made, Content(marks=marks))
    with pytest.raises(Incomplete) as refusal:
        check_experts(made, Content(marks={"b1": Mark(earned=5)}))
    assert refusal.value.missing == ("c1", "c2")


def indicators(**roles):
    """Three core indicators and two others; archive may be N/A. `roles` says whose they are."""
    names = [(code, True) for code in ("meeting", "reading", "opinion")] + [
        ("notices", False),
        ("archive", False),
    ]
    sections = [
        {
            "code": code,
            "title": code,
            "title_en": code,
            "core": core,
            "na": code in ("archive", "opinion", "reading"),
        }
        for code, core in names
    ]
    for one in sections:
        if one["code"] in roles:
            one |= {"role": roles[one["code"]], "na": one["code"] == "archive"}
    return parse_rubric(rubric_mapping(method="indicator", sections=sections))


def graded(**grades):
    return {code: NA if grade == "-" else Mark(grade=grade) for code, grade in grades.items()}


NAMES = ("优秀", "良好", "合格", "不合格")


def slow_grade(core, other):
    """The rule of the rubric read out aloud, over the grades that apply."""
    if all(one == "优秀" for one in core) and not {"合格", "不合格"} & {*other}:
        return "优秀"
    if not {"合格", "不合格"} & {*core} and "不合格" not in other:
        return "良好"
    if "不合格" not in core and other.count("不合格") <= 1:
        return "合格"
    return "不合格"


def test_staff_indicators_combine_with_the_experts():
    made = indicators(archive="staff", meeting="staff")
    assert list(experts_part(made).by_item) == ["reading", "opinion", "notices"]
    assert [one.code for one in experts_part(made).sections] == ["reading", "opinion", "notices"]
    for meeting, reading, opinion, notices, archive in product(NAMES, NAMES, NAMES, NAMES, (*NAMES, "-")):
        own = Content(marks=graded(reading=reading, opinion=opinion, notices=notices))
        staff = graded(archive=archive, meeting=meeting)
        check_staff(made, staff)
        check_experts(made, own)
        found = judge(made, joined(made, own, staff))
        others = [one for one in (notices, archive) if one != "-"]
        assert (found.total, found.grade.name) == (None, slow_grade([meeting, reading, opinion], others))


def test_the_worked_example_of_indicators():
    made = indicators(archive="staff")
    best = Content(marks=graded(meeting="优秀", reading="优秀", opinion="优秀", notices="优秀"))
    came = {
        one: judge(made, joined(made, best, graded(archive=one))).grade.name
        for one in ("合格", "不合格", "-")
    }
    assert came == {"合格": "良好", "不合格": "合格", "-": "优秀"}


def test_no_grade_is_moved_before_staff_have_answered():
    made = indicators(archive="staff")
    marks = graded(meeting="优秀", reading="优秀", opinion="优秀", notices="优秀")
    moved = Content(marks=marks, own=OwnGrade("良好", "卷面混乱"))
    with pytest.raises(InvalidInput, match="请等填写后再交"):
        check_experts(made, moved)
    assert judge(made, joined(made, moved, graded(archive="-"))).grade.name == "良好"
    few = {**marks, **graded(reading="-", opinion="-")}  # one core indicator left: the expert's own grade
    alone = Content(marks=few, own=OwnGrade("合格", "只有会见可评"))
    check_experts(made, alone)
    assert judge(made, joined(made, alone, graded(archive="优秀"))).grade.name == "合格"
    with pytest.raises(InvalidInput, match="直接给出总的等次"):
        check_experts(made, Content(marks=few))
    with pytest.raises(IndicatorsMissing):
        check_experts(made, Content(marks=graded(meeting="优秀"), own=OwnGrade("良好", "卷面混乱")))


def test_staff_indicators_are_whole_and_sound():
    made = indicators(archive="staff", meeting="staff")
    sound = graded(archive="-", meeting="良好")
    with pytest.raises(IndicatorsMissing) as refusal:
        check_staff(made, graded(archive="优秀"))
    assert refusal.value.missing == ("meeting",)
    for bad in (
        graded(meeting="-"),
        {"meeting": Mark(grade="良好", earned=5)},
        {"archive": Mark(na=True)},
        graded(notices="优秀"),
    ):
        with pytest.raises(InvalidInput):
            check_staff(made, {**sound, **bad})


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"core": True, "na": True}, "rubric.staff_core"),
        ({"items": []}, "rubric.indicator_items"),
    ],
)
def test_what_a_staff_indicator_may_not_be(changed, code):
    mapping = rubric_samples.indicator_mapping()
    mapping["sections"][-1] |= {"role": "staff", **changed}
    with pytest.raises(InvalidInput) as refusal:
        parse_rubric(mapping)
    assert refusal.value.code == code


def test_roles_stand_where_marks_are_given_and_leave_something():
    with pytest.raises(InvalidInput, match="写在评分项上"):
        parse_rubric(rubric_mapping(sections=[{**section("a", 100, [item("a1", 100)]), "role": "staff"}]))
    with pytest.raises(InvalidInput, match="专家"):
        indicators(**dict.fromkeys(("meeting", "reading", "opinion", "notices", "archive"), "staff"))


def test_a_rubric_needs_something_for_the_experts():
    with pytest.raises(InvalidInput, match="专家"):
        parse_rubric(rubric_mapping(sections=[section("a", 100, [item("a1", 100, role="staff")])]))
