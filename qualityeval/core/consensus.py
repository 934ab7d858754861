"""k independent sheets of one case to its result, or to arbitration with the reasons as codes.

Totals are stored hundredths; a mean or median is rounded half up to hundredths once more, and every
comparison with a cut-off uses that stored figure.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.grading import Step, combine_indicators, grade_of, vetoed
from qualityeval.core.rubric_parts import Grade, Rubric
from qualityeval.core.scoring import half_up

Rule = Literal["mean", "median", "majority", "agreed"]
Trigger = Literal["gap", "veto", "ask", "boundary", "extremes"]
Resolve = Literal["mean_of_three", "decides", "median"]

RULES: tuple[Rule, ...] = ("mean", "median", "majority", "agreed")
TRIGGERS: tuple[Trigger, ...] = ("gap", "veto", "ask", "boundary", "extremes")
RESOLVES: tuple[Resolve, ...] = ("mean_of_three", "decides", "median")
NO_MAJORITY = "no_majority"
NOT_AGREED = "not_agreed"


@dataclass(frozen=True, slots=True)
class Reading:
    """What consensus needs of one submitted sheet: stored total, file vetoes, a request for a third."""

    total: int
    vetoes: frozenset[str] = frozenset()
    asks: bool = False


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
    `exact` is the figure before its rounding; `by` says which rule made the result.
    """

    total: int | None
    exact: Fraction | None
    grade: Grade | None
    vetoes: frozenset[str]
    reasons: tuple[str, ...]
    by: str


def consensus(
    rubric: Rubric,
    readings: Sequence[Reading],
    *,
    rule: ConsensusRule,
    arbitration: Reading | None = None,
    agreed: Reading | None = None,
    conduct: frozenset[str] = frozenset(),
) -> Outcome:
    """The outcome of a case from its first-round sheets and, where there was one, the arbitrator's.

    `conduct` are the conduct vetoes standing on the case; they beat every total and need no expert.
    Without arbitration a trigger leaves the case open. `agreed` is what the experts recorded after
    their discussion (rule `agreed`). No sheet at all is `InvalidInput`: missing isn't zero.
    """
    if not readings:
        raise InvalidInput("consensus.no_sheets", msg("还没有提交的评分表，不能合议。"))
    if arbitration is not None:
        return _arbitrated(rubric, readings, arbitration, rule=rule, conduct=conduct)
    if rule.rule == "agreed":
        return _agreed(rubric, readings, agreed, rule=rule, conduct=conduct)
    reasons = triggers_met(rubric, readings, rule)
    if rule.rule == "majority" and _majority(_grades(rubric, readings)) is None:
        reasons = (*reasons, NO_MAJORITY)
    if reasons:
        return _open(reasons)
    return _first_round(rubric, readings, rule=rule, conduct=conduct)


def first_round(rubric: Rubric, readings: Sequence[Reading], *, rule: ConsensusRule) -> Outcome:
    """What the first-round sheets alone come to, whatever calls for an arbitrator; for figures before arbitration.

    A veto that one expert alone holds doesn't stand; grades without a majority give that of the mean.
    """
    if not readings:
        raise InvalidInput("consensus.no_sheets", msg("还没有提交的评分表，不能合议。"))
    return _first_round(rubric, readings, rule=rule, conduct=frozenset())


def objected(
    rubric: Rubric,
    readings: Sequence[Reading],
    rescored: Reading,
    *,
    rule: ConsensusRule,
    conduct: frozenset[str] = frozenset(),
) -> Outcome:
    """The outcome after an accepted objection, by the round's `resolve`.

    `readings` are all earlier sheets, the arbitrator's among them; `rescored` is the independent expert's.
    `decides`: that sheet alone; `mean_of_three`: the mean of all sheets; `median`: their median. A veto
    stands when the independent expert or two of the earlier ones hold it.
    """
    if not readings:
        raise InvalidInput("consensus.no_sheets", msg("还没有提交的评分表，不能合议。"))
    return _arbitrated(rubric, readings, rescored, rule=rule, conduct=conduct)


def _open(reasons: tuple[str, ...]) -> Outcome:
    return Outcome(None, None, None, frozenset(), reasons, "")


def triggers_met(rubric: Rubric, readings: Sequence[Reading], rule: ConsensusRule) -> tuple[str, ...]:
    """The triggers of arbitration that the sheets meet, in the order of `TRIGGERS`.

    gap: highest less lowest total is more than `gap` (a gap of exactly g isn't). veto: a file veto on
    some sheets but not all; a veto on one sheet only is always met, since two experts or an
    arbitrator must hold it. ask: an expert asks. boundary: the totals' grades differ. extremes: a
    total within `rescore_band` of the best grade's or the lowest passing grade's cut-off, either side.
    """
    totals = [reading.total for reading in readings]
    votes = Counter(code for reading in readings for code in reading.vetoes)
    met = {
        "gap": max(totals) - min(totals) > rule.gap,
        "veto": any(count < len(readings) for count in votes.values()),
        "ask": any(reading.asks for reading in readings),
        "boundary": len({grade_of(rubric, total) for total in totals}) > 1,
        "extremes": any(
            abs(total - cut) <= rule.rescore_band for total in totals for cut in _extreme_cuts(rubric)
        ),
    }
    lone = 1 in votes.values()
    return tuple(t for t in TRIGGERS if (met[t] and t in rule.triggers) or (t == "veto" and lone))


def _extreme_cuts(rubric: Rubric) -> tuple[int, int]:
    return rubric.grades[0].minimum, rubric.grades[-2].minimum


def _grades(rubric: Rubric, readings: Sequence[Reading]) -> list[Grade]:
    return [grade_of(rubric, reading.total) for reading in readings]


def _majority(grades: Sequence[Grade]) -> Grade | None:
    grade, count = Counter(grades).most_common(1)[0]
    return grade if 2 * count > len(grades) else None


def mean(totals: Sequence[int]) -> Fraction:
    """The exact mean of stored totals."""
    return Fraction(sum(totals), len(totals))


def median(totals: Sequence[int]) -> Fraction:
    """The exact median; of an even number, the mean of the middle two."""
    ordered, middle = sorted(totals), len(totals) // 2
    return mean(ordered[middle : middle + 1] if len(totals) % 2 else ordered[middle - 1 : middle + 1])


def _result(
    rubric: Rubric, exact: Fraction, vetoes: frozenset[str], *, by: str, grade: Grade | None = None
) -> Outcome:
    total = half_up(exact)
    reached = grade_of(rubric, total) if grade is None else grade
    return Outcome(total, exact, vetoed(rubric, reached, vetoes), vetoes, (), by)


def _first_round(
    rubric: Rubric, readings: Sequence[Reading], *, rule: ConsensusRule, conduct: frozenset[str]
) -> Outcome:
    totals = [reading.total for reading in readings]
    vetoes = _held_by_two(readings) | conduct
    if rule.rule == "majority":
        return _result(
            rubric, mean(totals), vetoes, by="majority", grade=_majority(_grades(rubric, readings))
        )
    exact = median(totals) if rule.rule == "median" else mean(totals)
    return _result(rubric, exact, vetoes, by=rule.rule)


def _held_by_two(readings: Sequence[Reading]) -> frozenset[str]:
    votes = Counter(code for reading in readings for code in reading.vetoes)
    return frozenset(code for code, count in votes.items() if count >= 2)


def _agreed(
    rubric: Rubric,
    readings: Sequence[Reading],
    agreed: Reading | None,
    *,
    rule: ConsensusRule,
    conduct: frozenset[str],
) -> Outcome:
    if agreed is None:
        return _open(("ask",) if any(r.asks for r in readings) and "ask" in rule.triggers else (NOT_AGREED,))
    if agreed.vetoes and len(readings) < 2:
        return _open(("veto",))
    return _result(rubric, Fraction(agreed.total), agreed.vetoes | conduct, by="agreed")


def _arbitrated(
    rubric: Rubric,
    readings: Sequence[Reading],
    arbitration: Reading,
    *,
    rule: ConsensusRule,
    conduct: frozenset[str],
) -> Outcome:
    """`decides`: the arbitrator's sheet alone. Otherwise all sheets; a veto stands when the arbitrator
    or two experts hold it. Under `majority` the grade is voted by all sheets, the middle one on a tie.
    """
    if rule.resolve == "decides":
        return _result(rubric, Fraction(arbitration.total), arbitration.vetoes | conduct, by="decides")
    everyone = (*readings, arbitration)
    totals = [reading.total for reading in everyone]
    vetoes = arbitration.vetoes | _held_by_two(readings) | conduct
    exact = median(totals) if rule.resolve == "median" else mean(totals)
    grade = None
    if rule.rule == "majority":
        grades = sorted(_grades(rubric, everyone), key=lambda g: g.order)
        voted = _majority(grades) if rule.resolve == "mean_of_three" else None
        grade = voted or grades[len(grades) // 2]
    return _result(rubric, exact, vetoes, by=rule.resolve, grade=grade)


def indicator_consensus(
    rubric: Rubric,
    sheets: Sequence[Mapping[str, str]],
    *,
    vetoes: frozenset[str] = frozenset(),
    step: Step | None = None,
) -> tuple[Grade | None, tuple[str, ...]]:
    """Indicator grades are agreed one by one, then combined: the grade, or the indicators in dispute.

    An indicator is agreed by a strict majority of the sheets (both, of two). Where one isn't, the
    second value names the indicators and the case goes to arbitration: give the third sheet with the
    others; if three still differ, the middle grade counts. N/A is agreed only by majority.
    """
    agreed: dict[str, str] = {}
    disputed: list[str] = []
    for section in rubric.sections:
        given = [sheet[section.code] for sheet in sheets if section.code in sheet]
        mark = _agreed_mark(rubric, given)
        if mark is None:
            disputed.append(section.code)
        else:
            agreed[section.code] = mark
    if disputed:
        return None, tuple(disputed)
    return combine_indicators(rubric, agreed, vetoes=vetoes, step=step), ()


def _agreed_mark(rubric: Rubric, given: Sequence[str]) -> str | None:
    if not given:
        return None
    mark, count = Counter(given).most_common(1)[0]
    if 2 * count > len(given):
        return mark
    names = [grade.name for grade in rubric.grades]
    if len(given) < 3 or any(mark not in names for mark in given):
        return None
    return sorted(given, key=names.index)[len(given) // 2]
