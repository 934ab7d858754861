"""A rubric with a staff part of 20 points (12, and 8 that may be N/A) beside 80 of the experts."""

from typing import Any

from tests.core.rubric_samples import item, rubric_mapping, section


def divided_rubric() -> dict[str, Any]:
    """Whether the case was assigned in time is on paper; how it was conducted is for the experts."""
    staff = {"role": "staff"}
    return rubric_mapping(code="divided", sections=[
        section("a", "20", {**item("a1", "12"), **staff, "check": "hand_in", "late": "half any"}, {**item("a2", "8", na=True), **staff}, core=True),
        section("b", "80", item("b1", "80"), core=True),
    ])  # fmt: skip
