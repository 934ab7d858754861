"""Which files are looked at beside the sample, whatever the draw: leads, never counted in a rate.

    rules_met(facts, limits=, today=) -> tuple[Rule, ...]       in the order of RULES

Worked example: closed on 1 March, handed in on 5 April, 35 days later with 30 allowed: `overdue`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Rule = Literal["complaint", "satisfaction", "opinion", "overdue", "mass"]
RULES: tuple[Rule, ...] = ("complaint", "satisfaction", "opinion", "overdue", "mass")
BY_FACTS: tuple[Rule, ...] = (
    "satisfaction",
    "opinion",
    "overdue",
    "mass",
)  # a complaint is entered by a person


@dataclass(frozen=True, slots=True)
class Limits:
    """Days from closing to handing in the file; cases of one series from which it counts as a mass case."""

    days: int = 30
    mass: int = 10


@dataclass(frozen=True, slots=True)
class Facts:
    """What the registers know of a case. `closed_on` is None where it isn't known or was only defaulted."""

    closed_on: date | None = None
    handed_in_on: date | None = None
    series_size: int = 0
    dissatisfied: bool = False
    bad_opinion: bool = False


def rules_met(facts: Facts, *, limits: Limits, today: date) -> tuple[Rule, ...]:
    """The rules that the case meets; a file not handed in yet is overdue once its days are over.

    >>> rules_met(Facts(date(2026, 3, 1), date(2026, 4, 5)), limits=Limits(), today=date(2026, 5, 1))
    ('overdue',)
    """
    met = {
        "satisfaction": facts.dissatisfied,
        "opinion": facts.bad_opinion,
        "overdue": facts.closed_on is not None
        and ((facts.handed_in_on or today) - facts.closed_on).days > limits.days,
        "mass": facts.series_size >= limits.mass,
    }
    return tuple(rule for rule in BY_FACTS if met[rule])
