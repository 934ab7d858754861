"""What of a round is open to everybody, and from when.

    frame_access(call_in=, hand_in=, state=, today=) -> FrameAccess

Digests are public from the freeze and the certificate from the draw. The frame file would tell an institution
which files will be called in, so it waits for the hand-in deadline; where nothing is called in it is public
from the draw.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from qualityeval.core.workflow import RoundState

_BEFORE_DRAW = frozenset({RoundState.DRAFT, RoundState.FROZEN})
_BEFORE_DEALING = frozenset({RoundState.DRAWN, RoundState.CALLED_IN})


@dataclass(frozen=True, slots=True)
class FrameAccess:
    """Whether the frame file is public; else the first day on which it will be, None where no day is set."""

    is_open: bool
    opens_on: date | None = None


def frame_access(
    *, drawn: bool, call_in: str, hand_in: date | None, state: RoundState | str, today: date
) -> FrameAccess:
    """When the frame file of a round is for everybody.

    Never before the draw. Then at once with `call_in: none`, and for a withdrawn round, whose files nobody
    calls in any more; else on the day after the hand-in deadline, or without one as soon as files are dealt.
    """
    if not drawn or RoundState(state) in _BEFORE_DRAW:
        return FrameAccess(is_open=False)
    if call_in == "none" or state == RoundState.WITHDRAWN:
        return FrameAccess(is_open=True)
    if hand_in is None:
        return FrameAccess(is_open=RoundState(state) not in _BEFORE_DEALING)
    opens_on = hand_in + timedelta(days=1)
    return FrameAccess(is_open=today >= opens_on, opens_on=opens_on)
