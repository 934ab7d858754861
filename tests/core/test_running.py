"""A sheet while it is being written, reckoned by hand; complete, it agrees with the total."""

import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.rubric import parse_rubric
from qualityeval.core.running import Part, running
from qualityeval.core.scoring import Mark, total
from tests.core.rubric_samples import item, rubric_mapping, section

NA = Mark(na=True, reason="没有")


def halves(method="points"):
    """40 of two twenties, 60 of two thirties, one of them may be N/A."""
    return parse_rubric(rubric_mapping(method=method, sections=[
        section("a", "40", item("a1", "20"), item("a2", "20"), core=True),
        section("b", "60", item("b1", "30"), item("b2", "30", na=True)),
    ]))  # fmt: skip


@pytest.mark.parametrize(
    ("marks", "sum_", "missing"),
    [
        ({}, None, 4),
        ({"b2": NA}, None, 3),
        ({"a1": Mark(earned=1500)}, 7500, 3),
        ({"a1": Mark(earned=1500), "b1": Mark(earned=2400)}, 7800, 2),  # 40 x 15/20 + 60 x 24/30
        ({"a1": Mark(deductions=(500,)), "b1": Mark(earned=2400), "b2": NA}, 7800, 1),
        ({"a1": Mark(reason="先写下")}, None, 4),
    ],
)
def test_the_provisional_total_is_of_what_is_marked(marks, sum_, missing):
    found = running(halves(), marks)
    assert (found.total, found.missing) == (sum_, missing)


def test_sections_say_what_is_earned_of_what_applies():
    found = running(halves(), {"a1": Mark(earned=1500), "b2": NA})
    assert found.parts == (Part("a", 1500, 4000, 1, 1), Part("b", 0, 3000, 1, 1))
    five = running(halves("five_mark"), {"a1": Mark(earned=4)})  # 4/5 of 20
    assert five.parts[0].earned == 1600


def test_a_complete_sheet_comes_to_its_total():
    marks = {"a1": Mark(earned=1501), "a2": Mark(earned=2000), "b1": Mark(earned=2999), "b2": NA}
    assert running(halves(), marks, {"model": 300}).total == total(halves(), marks, {"model": 300}).total


def test_a_mark_out_of_range_is_refused_at_its_item():
    with pytest.raises(InvalidInput) as refused:
        running(halves(), {"a1": Mark(earned=2001)})
    assert refused.value.where == "a1"
