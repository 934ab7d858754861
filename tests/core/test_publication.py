"""When the frame file is for everybody: after the hand-in deadline, or from the draw where nothing is called in."""

from datetime import date

import pytest

from qualityeval.core.publication import FrameAccess, frame_access

DEADLINE, NEXT = date(2027, 1, 10), date(2027, 1, 11)
OPEN, SHUT = FrameAccess(is_open=True), FrameAccess(is_open=False)


@pytest.mark.parametrize(
    ("call_in", "hand_in", "state", "today", "expected"),
    [
        ("none", None, "called_in", DEADLINE, OPEN),
        ("none", DEADLINE, "called_in", date(2026, 1, 1), OPEN),
        ("required", DEADLINE, "drawn", date(2026, 12, 1), FrameAccess(is_open=False, opens_on=NEXT)),
        ("required", DEADLINE, "called_in", DEADLINE, FrameAccess(is_open=False, opens_on=NEXT)),
        ("required", DEADLINE, "called_in", NEXT, FrameAccess(is_open=True, opens_on=NEXT)),
        ("required", DEADLINE, "scoring", date(2026, 12, 1), FrameAccess(is_open=False, opens_on=NEXT)),
        ("required", None, "drawn", NEXT, SHUT),
        ("required", None, "called_in", NEXT, SHUT),
        ("required", None, "assigned", NEXT, OPEN),
        ("required", None, "released", NEXT, OPEN),
        ("required", DEADLINE, "withdrawn", date(2026, 12, 1), OPEN),
    ],
)
def test_after_the_draw(call_in, hand_in, state, today, expected) -> None:
    assert frame_access(drawn=True, call_in=call_in, hand_in=hand_in, state=state, today=today) == expected


@pytest.mark.parametrize("state", ["frozen", "withdrawn"])
def test_never_before_the_draw(state) -> None:
    assert frame_access(drawn=False, call_in="none", hand_in=None, state=state, today=NEXT) == SHUT
