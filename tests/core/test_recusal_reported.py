"""Conflicts that other systems missed, by the public reports that tell of them (owner/repository#number)."""

import pytest

from qualityeval.core.recusal import Judge, Matter, RecusalRules, Tie, eligible, reasons

CASE = Matter(
    "33:1",
    "33",
    provider="甲所",
    licence="L1",
    case="11",
    practitioner="7",
    path="/1/5/",
    court_case="刑初1号",
)


@pytest.mark.parametrize(
    ("judge", "expected"),
    [
        (Judge("firm", provider="甲所"), ("provider",)),  # whose lawyer handled the case
        (
            Judge("left", provider="乙所", ties=(Tie("past_provider", "provider", "甲所"),)),
            ("past_provider",),
        ),
        (Judge("other side", ties=(Tie("opposite", "case", "11"),)), ("opposite",)),
        (Judge("same trial", ties=(Tie("same_case", "court_case", "刑初1号"),)), ("same_case",)),
        (Judge("worked together", ties=(Tie("co_counsel", "practitioner", "7"),)), ("co_counsel",)),
        (Judge("stranger", provider="乙所"), ()),
    ],
)
def test_indirect_conflicts_are_conflicts(judge, expected) -> None:
    """kohler/hotcrp#316: a shared past wasn't flagged (BL-035)."""
    assert reasons(judge, CASE, RecusalRules()) == expected


def test_only_who_has_no_interest_is_dealt_to() -> None:
    """CCSDForge/episciences#103: who had answered that there is a conflict was picked (BL-039)."""
    pool = [
        Judge("declared", ties=(Tie("declared", "case", "11"),)),
        Judge("none"),
        Judge("L1", licence="L1"),
    ]
    assert eligible(pool, CASE, RecusalRules()) == (1,)
