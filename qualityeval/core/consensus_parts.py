"""What the rules of consensus speak of: one sheet's reading, the round's rule, what comes of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.rubric_parts import Grade

Rule = Literal["mean", "median", "majority", "agreed"]
Trigger = Literal["gap", "veto", "ask", "boundary", "extremes"]
Resolve = Literal["mean_of_three", "decides", "median"]

RULES: tuple[Rule, ...] = ("mean", "median", "majority", "agreed")
TRIGGERS: tuple[Trigger, ...] = ("gap", "veto", "ask", "boundary", "extremes")
RESOLVES: tuple[Resolve, ...] = ("mean_of_three", "decides", "median")
NO_MAJORITY = "no_majority"
NOT_AGREED = "not_agreed"
INDICATORS = "indicators"
DISCUSSED = "discussed"  # the experts talked and still differ


@dataclass(frozen=True, slots=True)
class Reading:
    """What consensus needs of one submitted sheet: stored total, file vetoes, a request for a third.

    Of an indicator sheet there is no total: `marks` are its grades by indicator (`na` where one doesn't
    apply), `step` the expert's move of the combined grade, `reached` what it came to before any veto.
    """

    total: int | None
    vetoes: frozenset[str] = frozenset()
    asks: bool = False
    marks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    step: int = 0
    reached: str = ""

    @property
    def points(self) -> int:
        """The stored total of a sheet whose rubric adds points."""
        if self.total is None:
            raise InvalidInput("consensus.no_total", msg("按指标定等的评分表没有总分。"))
        return self.total


@dataclass(frozen=True, slots=True)
class ConsensusRule:
    """The round's rule; `gap` and `rescore_band` in hundredths of a point.

    `sees`: whether the arbitrator is shown the earlier sheets, without names; usually not.
    """

    rule: Rule = "mean"
    gap: int = 1000
    triggers: frozenset[Trigger] = frozenset({"gap", "veto", "ask"})
    resolve: Resolve = "mean_of_three"
    rescore_band: int = 300
    sees: bool = False

    def __post_init__(self) -> None:
        for name, value, options in (("rule", self.rule, RULES), ("resolve", self.resolve, RESOLVES)):
            if value not in options:
                raise _unknown(name, value, options)
        for trigger in sorted(self.triggers):
            if trigger not in TRIGGERS:
                raise _unknown("triggers", trigger, TRIGGERS)
        if self.gap < 0 or self.rescore_band < 0:
            raise InvalidInput("consensus.negative", msg("分差和复评区间不能是负数。"), where="consensus.gap")


def _unknown(name: str, value: str, options: Sequence[str]) -> InvalidInput:
    return InvalidInput(
        "consensus.unknown",
        msg("合议规则里不认识“%(value)s”，可选：%(options)s。"),
        where=f"consensus.{name}",
        value=value,
        options="、".join(options),
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result (`grade` set), or None with `reasons` why it is still open.

    `reasons` of triggers mean arbitration; `not_agreed` means that the experts have yet to agree.
    `exact` is the figure before its rounding; `by` says which rule made the result. Indicator rubrics
    have no total; `marks` are then the grades that were agreed, by indicator.
    """

    total: int | None
    exact: Fraction | None
    grade: Grade | None
    vetoes: frozenset[str]
    reasons: tuple[str, ...]
    by: str
    marks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def open_for(reasons: tuple[str, ...]) -> Outcome:
    """No result yet, and why."""
    return Outcome(None, None, None, frozenset(), reasons, "")


def held_by_two(readings: Sequence[Reading]) -> frozenset[str]:
    """The vetoes that two experts hold."""
    votes = Counter(code for reading in readings for code in reading.vetoes)
    return frozenset(code for code, count in votes.items() if count >= 2)


def met(readings: Sequence[Reading], rule: ConsensusRule, of_marks: Mapping[str, bool]) -> tuple[str, ...]:
    """The triggers that are met, in the order of `TRIGGERS`: those that marks decide are given.

    veto: a file veto on some sheets but not all; on one sheet only it is always met, since two experts or an
    arbitrator must hold it. ask: an expert asks.
    """
    votes = Counter(code for reading in readings for code in reading.vetoes)
    found = {
        **of_marks,
        "veto": any(count < len(readings) for count in votes.values()),
        "ask": any(reading.asks for reading in readings),
    }
    lone = 1 in votes.values()
    return tuple(t for t in TRIGGERS if (found[t] and t in rule.triggers) or (t == "veto" and lone))
