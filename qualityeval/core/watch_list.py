"""Whom to look at, from rules on the index: proposals for people to decide on, never a decision.

A rule looks at the end of the interval that speaks against it, so that chance alone seldom puts anybody on a list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from qualityeval.core.composite import Composite, Part

Proposal = Literal["commend", "warn", "withdraw"]


@dataclass(frozen=True, slots=True)
class Rules:
    """Our proposals of the limits: commended from the lower end on, warned and withdrawn below by the upper end."""

    commend: float = 85.0
    warn: float = 75.0
    withdraw: float = 60.0
    weak_part: float = 60.0


DEFAULT = Rules()


def proposal(
    index: Composite, parts: Mapping[str, Part], rules: Rules = DEFAULT
) -> tuple[Proposal | None, tuple[str, ...]]:
    """What to propose for an institution, and the parts that are surely weak (error counted twice).

    An index that can't be computed proposes nothing; a surely weak part is a warning by itself and bars a commendation.

    >>> proposal(Composite(90.0, 86.0, 94.0, 1.0, "2026"), {"peer": Part(50.0, 2.0)})
    ('warn', ('peer',))
    """
    weak = tuple(
        name
        for name, part in parts.items()
        if part.score is not None and part.score + 2 * part.se < rules.weak_part
    )
    if index.lo is None or index.hi is None:
        return ("warn" if weak else None), weak
    if index.hi < rules.withdraw:
        return "withdraw", weak
    if index.hi < rules.warn or weak:
        return "warn", weak
    return ("commend" if index.lo >= rules.commend else None), weak
