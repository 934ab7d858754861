"""What the four channels say of one case, and where they contradict each other.

    apart(heard) -> tuple[str, ...]      codes of KINDS, the gravest first; empty where nobody contradicts

Satisfaction is nearly always full marks, so a bad file with a content recipient tells more than either figure
alone (沉默案件). A contradiction is a reason to look at the case again, never a finding by itself.
"""

from dataclasses import dataclass

ALARM, SILENT, UNHEARD, ORGAN, HEARING = "alarm", "silent", "unheard", "organ", "hearing"
KINDS = (ALARM, SILENT, UNHEARD, ORGAN, HEARING)
GOOD_HEARING, POOR_HEARING = 80_00, 60_00  # hundredths of a point; our proposal, as the scale of the form


@dataclass(frozen=True, slots=True)
class Heard:
    """Each channel's word on a case; None where it said nothing that can be set against the others.

    `peer`: whether the grade counts as good. `satisfied`, `organ`: likewise, an organ by the greater part of its
    judged answers. `hearing` in hundredths of a point. `alarms`: facts told in the callback that must be followed.
    """

    peer: bool | None = None
    satisfied: bool | None = None
    organ: bool | None = None
    hearing: int | None = None
    alarms: bool = False


def apart(heard: Heard) -> tuple[str, ...]:
    """Where peers and another channel contradict each other; nothing without the peers' word."""
    if heard.peer is None:
        return ()
    in_court = None if heard.hearing is None else _in_court(heard.hearing)
    met = {
        ALARM: heard.peer and heard.alarms,
        SILENT: not heard.peer and heard.satisfied is True and not heard.alarms,
        UNHEARD: heard.peer and heard.satisfied is False,
        ORGAN: heard.organ is not None and heard.organ != heard.peer,
        HEARING: in_court is not None and in_court != heard.peer,
    }
    return tuple(kind for kind in KINDS if met[kind])


def majority(good: int, judged: int) -> bool | None:
    """Whether more than half of the judged answers are good; None for none or a draw."""
    return None if 2 * good == judged else 2 * good > judged


def _in_court(points: int) -> bool | None:
    if points >= GOOD_HEARING:
        return True
    return False if points < POOR_HEARING else None
