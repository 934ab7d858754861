"""Rubrics with a staff part: 20 points (12, and 8 that may be N/A) beside 80 of the experts; an indicator of seven."""

from typing import Any

from tests.core.rubric_samples import indicator_mapping, item, rubric_mapping, section


def divided_rubric() -> dict[str, Any]:
    """Whether the case was assigned in time is on paper; how it was conducted is for the experts."""
    staff = {"role": "staff"}
    return rubric_mapping(code="divided", sections=[
        section("a", "20", {**item("a1", "12"), **staff, "check": "hand_in", "late": "half any"}, {**item("a2", "8", na=True), **staff}, core=True),
        section("b", "80", item("b1", "80"), core=True),
    ])  # fmt: skip


def divided_indicators() -> dict[str, Any]:
    """Four core indicators and two others for the experts; the reports, which may be N/A, are staff's."""
    made = {**indicator_mapping(), "code": "divided"}
    (reports,) = (one for one in made["sections"] if one["code"] == "reports")
    reports["role"] = "staff"
    return made
