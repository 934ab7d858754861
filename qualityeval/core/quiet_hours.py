"""Hours in which nobody's telephone rings: `22:00` to `07:00` unless the office says otherwise."""

from dataclasses import dataclass
from datetime import time

from qualityeval.core.errors import InvalidInput, msg


@dataclass(frozen=True)
class QuietHours:
    """From `start` (in) until `end` (out), office time; over midnight where start is the later; equal: none."""

    start: time = time(22)
    end: time = time(7)

    def holds_at(self, moment: time) -> bool:
        """True where `moment` lies inside."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


def read_quiet_hours(start: str, end: str) -> QuietHours:
    """From two texts `HH:MM`; InvalidInput `quiet.time` for anything else."""
    return QuietHours(_time(start), _time(end))


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(
            "quiet.time", msg("“%(given)s”不是时刻。请写成22:00这样。"), where="quiet", given=text
        ) from None
