"""What a hearing observation comes to: points as exact rationals, one rounding, a reason where there is none.

    score(form, answers) -> Score       total in hundredths, or None with the code of the reason
    Mode, ClosedReason, ObservationState     codes; their words are in `words.channels`

Points of questions answered `na` leave the whole: total = 100 · earned / available. Under the form's covered
share (70 %) there is no total, as on a scoring sheet.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from fractions import Fraction

from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.questionnaire import NOT_APPLICABLE, Answers, Questionnaire
from qualityeval.core.rubric_parts import FULL
from qualityeval.core.scoring import half_up


class Mode(StrEnum):
    """How the hearing was observed."""

    ON_SITE = "on_site"
    LIVE = "live"
    RECORDING = "recording"


class ClosedReason(StrEnum):
    """Why a hearing isn't public; such a case is outside the open-hearing rate."""

    STATE_SECRET = "state_secret"  # noqa: S105 -- a reason
    PRIVACY = "privacy"
    MINOR = "minor"
    TRADE_SECRET = "trade_secret"  # noqa: S105 -- a reason


class ObservationState(StrEnum):
    """Where a record stands."""

    PLANNED = "planned"
    SUBMITTED = "submitted"
    CLOSED_HEARING = "closed_hearing"


@dataclass(frozen=True, slots=True)
class Score:
    """The total in hundredths of a point (None with `reason`), the points it rests on, how often each answer."""

    total: int | None
    available: int
    counts: Mapping[str, int]
    not_applicable: int
    reason: str = ""


def score(form: Questionnaire, answers: Answers) -> Score:
    """The score of checked answers.

    Half up to hundredths, once. None with `absent` where the lawyer's absence skipped every scored question,
    with `covered` where under the form's covered share of 100 points could be judged, with `incomplete` where
    a scored question waits for its answer.
    """
    asked = [one for one in form.asked(answers) if one.points]
    counts: Counter[str] = Counter()
    earned, available, not_applicable = Fraction(0), 0, 0
    for question in asked:
        option = question.option(answers.get(question.code, ""))
        if option is not None:
            earned += question.points * (option.share or 0)
            available += question.points
            counts[option.code] += 1
        elif answers.get(question.code) == NOT_APPLICABLE:
            not_applicable += 1
    reason = ""
    if not asked:
        reason = "absent"
    elif sum(counts.values()) + not_applicable < len(asked):
        reason = "incomplete"
    elif Fraction(available, FULL) < form.covered:
        reason = "covered"
    total = None if reason else half_up(FULL * earned / available)
    return Score(total, available, dict(counts), not_applicable, reason)


def hour(text: str, *, where: str) -> time | None:
    """`9:05` or `14：30` as a time of the office's day, None for empty; `InvalidInput` otherwise."""
    typed = text.strip().replace("：", ":")
    if not typed:
        return None
    parts = typed.split(":")
    if len(parts) >= 2 and all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts[:2]):
        hours, minutes = int(parts[0]), int(parts[1])
        if hours < 24 and minutes < 60:
            return time(hours, minutes)
    raise InvalidInput("observation.time", msg("时间请写成 14:30。"), where=where)


def check_times(arrived: time | None, left: time | None) -> None:
    """Refuse a departure before the arrival: a hearing over midnight isn't held."""
    if arrived is not None and left is not None and left < arrived:
        raise InvalidInput("observation.left_first", msg("离开时间早于到达时间，请核对。"), where="left_at")


def require_open(state: str) -> None:
    """Refuse a change of a record that has been handed in."""
    if state != ObservationState.PLANNED:
        raise WrongState("observation.submitted", msg("这份旁听记录已经提交，不能再改。"), where="state")
