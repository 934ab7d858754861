"""k independent sheets of one case to its result, or to arbitration with the reasons as codes.

Totals are stored hundredths; a mean or median is rounded half up to hundredths once more, and every
comparison with a cut-off uses that stored figure. Indicator rubrics have their own rules
(`core.indicator_consensus`), found through the same doors.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from qualityeval.core import indicator_consensus
from qualityeval.core.consensus_parts import (
    DISCUSSED,
    INDICATORS,
    NO_MAJORITY,
    NOT_AGREED,
    RESOLVES,
    RULES,
    TRIGGERS,
    ConsensusRule,
    Outcome,
    Reading,
    Resolve,
    Rule,
    Trigger,
    held_by_two,
    met,
    open_for,
)
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.grading import grade_of, vetoed
from qualityeval.core.rubric_parts import Grade, Rubric
from qualityeval.core.scoring import half_up

__all__ = [
    "DISCUSSED",
    "INDICATORS", "NOT_AGREED", "NO_MAJORITY", "RESOLVES", "RULES", "TRIGGERS", "ConsensusRule", "Outcome", "Reading",
    "Resolve", "Rule", "Trigger", "consensus", "first_round", "mean", "median", "objected", "triggers_met",
]  # fmt: skip


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
    if rubric.method == "indicator":
        return indicator_consensus.consensus(
            rubric, readings, rule=rule, arbitration=arbitration, agreed=agreed, conduct=conduct
        )
    if arbitration is not None:
        return _arbitrated(rubric, readings, arbitration, rule=rule, conduct=conduct)
    if rule.rule == "agreed":
        return _agreed(rubric, readings, agreed, rule=rule, conduct=conduct)
    reasons = triggers_met(rubric, readings, rule)
    if rule.rule == "majority" and _majority(_grades(rubric, readings)) is None:
        reasons = (*reasons, NO_MAJORITY)
    if reasons:
        return open_for(reasons)
    return _first_round(rubric, readings, rule=rule, conduct=conduct)


def first_round(rubric: Rubric, readings: Sequence[Reading], *, rule: ConsensusRule) -> Outcome:
    """What the first-round sheets alone come to, whatever calls for an arbitrator; for figures before arbitration.

    A veto that one expert alone holds doesn't stand; grades without a majority give that of the mean.
    """
    if not readings:
        raise InvalidInput("consensus.no_sheets", msg("还没有提交的评分表，不能合议。"))
    if rubric.method == "indicator":
        return indicator_consensus.first_round(rubric, readings)
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
    if rubric.method == "indicator":
        return indicator_consensus.arbitrated(rubric, readings, rescored, rule=rule, conduct=conduct)
    return _arbitrated(rubric, readings, rescored, rule=rule, conduct=conduct)


def triggers_met(rubric: Rubric, readings: Sequence[Reading], rule: ConsensusRule) -> tuple[str, ...]:
    """The triggers of arbitration that the sheets meet, in the order of `TRIGGERS`.

    gap: highest less lowest total is more than `gap` (a gap of exactly g isn't). boundary: the totals' grades
    differ. extremes: a total within `rescore_band` of the best grade's or the lowest passing grade's cut-off,
    either side. veto and ask: `consensus_parts.met`.
    """
    totals = [reading.points for reading in readings]
    of_marks = {
        "gap": max(totals) - min(totals) > rule.gap,
        "boundary": len({grade_of(rubric, total) for total in totals}) > 1,
        "extremes": any(
            abs(total - cut) <= rule.rescore_band for total in totals for cut in _extreme_cuts(rubric)
        ),
    }
    return met(readings, rule, of_marks)


def _extreme_cuts(rubric: Rubric) -> tuple[int, int]:
    return rubric.grades[0].minimum, rubric.grades[-2].minimum


def _grades(rubric: Rubric, readings: Sequence[Reading]) -> list[Grade]:
    return [grade_of(rubric, reading.points) for reading in readings]


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
    totals = [reading.points for reading in readings]
    vetoes = held_by_two(readings) | conduct
    if rule.rule == "majority":
        return _result(
            rubric, mean(totals), vetoes, by="majority", grade=_majority(_grades(rubric, readings))
        )
    exact = median(totals) if rule.rule == "median" else mean(totals)
    return _result(rubric, exact, vetoes, by=rule.rule)


def _agreed(
    rubric: Rubric,
    readings: Sequence[Reading],
    agreed: Reading | None,
    *,
    rule: ConsensusRule,
    conduct: frozenset[str],
) -> Outcome:
    if agreed is None:
        return open_for(
            ("ask",) if any(r.asks for r in readings) and "ask" in rule.triggers else (NOT_AGREED,)
        )
    if agreed.vetoes and len(readings) < 2:
        return open_for(("veto",))
    return _result(rubric, Fraction(agreed.points), agreed.vetoes | conduct, by="agreed")


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
        return _result(rubric, Fraction(arbitration.points), arbitration.vetoes | conduct, by="decides")
    everyone = (*readings, arbitration)
    totals = [reading.points for reading in everyone]
    vetoes = arbitration.vetoes | held_by_two(readings) | conduct
    exact = median(totals) if rule.resolve == "median" else mean(totals)
    grade = None
    if rule.rule == "majority":
        grades = sorted(_grades(rubric, everyone), key=lambda g: g.order)
        voted = _majority(grades) if rule.resolve == "mean_of_three" else None
        grade = voted or grades[len(grades) // 2]
    return _result(rubric, exact, vetoes, by=rule.resolve, grade=grade)
