"""Staff items in a sheet's total, against an independent slow total; who answers what."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

import pytest

from qualityeval.core.errors import InvalidInput
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


def test_a_rubric_needs_something_for_the_experts():
    with pytest.raises(InvalidInput, match="专家"):
        parse_rubric(rubric_mapping(sections=[section("a", 100, [item("a1", 100, role="staff")])]))
