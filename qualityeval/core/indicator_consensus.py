"""Indicator sheets of one case to its result: agreed indicator by indicator, then combined.

Each indicator's grade is that of a strict majority of the sheets (both, of two). A dispute over an indicator
sends the case to an arbitrator where it can change the combined grade; where it can't, that indicator stays
without an agreed grade and the case has its result all the same. An expert's move of the combined grade is
agreed like an indicator. With fewer than two core indicators left nothing is combined and the sheets' own
overall grades are agreed instead. A veto needs two experts or the arbitrator, as everywhere.

Worked example (core: meeting, reading; other: archive): sheets 优秀 良好 良好 and 良好 良好 合格. Meeting may be
优秀 or 良好, archive 良好 or 合格: reading alone keeps the case from 优秀, nothing is 不合格, so that all four
combinations are 良好 and no arbitrator is needed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import TypeVar

from qualityeval.core.consensus_parts import (
    INDICATORS,
    NOT_AGREED,
    ConsensusRule,
    Outcome,
    Reading,
    held_by_two,
    met,
    open_for,
)
from qualityeval.core.grading import (
    CORE_NEEDED,
    NOT_APPLICABLE,
    combine_indicators,
    core_left,
    vetoed,
)
from qualityeval.core.rubric_parts import Grade, Rubric

T = TypeVar("T")
MOST_TRIED = 4096  # combinations of a dispute; beyond that it is taken to matter


def consensus(
    rubric: Rubric,
    readings: Sequence[Reading],
    *,
    rule: ConsensusRule,
    arbitration: Reading | None = None,
    agreed: Reading | None = None,
    conduct: frozenset[str] = frozenset(),
) -> Outcome:
    """As `core.consensus.consensus`; `reasons` holds `indicators` where a dispute can change the grade.

    The round's `rule` matters only where it asks for a discussion: mean and median have no meaning for grades.
    """
    if arbitration is not None:
        return arbitrated(rubric, readings, arbitration, rule=rule, conduct=conduct)
    if rule.rule == "agreed":
        return _discussed(rubric, readings, agreed, rule=rule, conduct=conduct)
    reasons = triggers_met(rubric, readings, rule)
    grade = settled_grade(rubric, readings)
    if grade is None or reasons:
        return open_for((*reasons, *((INDICATORS,) if grade is None else ())))
    vetoes = held_by_two(readings) | conduct
    marks = {code: mark for code, mark in agreed_marks(rubric, readings).items() if mark}
    return Outcome(None, None, vetoed(rubric, grade, vetoes), vetoes, (), INDICATORS, marks)


def triggers_met(rubric: Rubric, readings: Sequence[Reading], rule: ConsensusRule) -> tuple[str, ...]:
    """The triggers that indicator sheets meet, in the order of `TRIGGERS`.

    There is no total, so no gap. boundary: the overall grades differ. extremes: a sheet comes to the best or
    the worst grade. veto and ask: as with points.
    """
    reached = {reading.reached for reading in readings}
    of_marks = {
        "gap": False,
        "boundary": len(reached) > 1,
        "extremes": bool(reached & {rubric.grades[0].name, rubric.grades[-1].name}),
    }
    return met(readings, rule, of_marks)


def agreed_marks(rubric: Rubric, readings: Sequence[Reading]) -> dict[str, str | None]:
    """By indicator the mark of a strict majority of the sheets, None where there is none."""
    return {s.code: _majority([one.marks.get(s.code, "") for one in readings]) for s in rubric.sections}


def settled_grade(rubric: Rubric, readings: Sequence[Reading]) -> Grade | None:
    """The combined grade before vetoes, if whatever is in dispute can't change it; None otherwise."""
    agreed = agreed_marks(rubric, readings)
    options = [
        [mark] if (mark := agreed[s.code]) else sorted({one.marks.get(s.code, "") for one in readings})
        for s in rubric.sections
    ]
    steps = _majority([one.step for one in readings])
    if steps is None or any("" in one for one in options) or prod(map(len, options)) > MOST_TRIED:
        return None
    reached = {
        _combined(rubric, dict(zip(agreed, marks, strict=True)), readings, steps)
        for marks in product(*options)
    }
    return reached.pop() if len(reached) == 1 else None


def first_round(rubric: Rubric, readings: Sequence[Reading]) -> Outcome:
    """What the first-round sheets alone come to, a dispute settled for the middle grade (of two the worse)."""
    return _voted(rubric, readings, decider=None, vetoes=held_by_two(readings), by=INDICATORS)


def arbitrated(
    rubric: Rubric,
    readings: Sequence[Reading],
    arbitration: Reading,
    *,
    rule: ConsensusRule,
    conduct: frozenset[str] = frozenset(),
) -> Outcome:
    """`decides`: the arbitrator's sheet alone. Otherwise every indicator is voted by all the sheets.

    Where no grade has a strict majority the middle one counts; of an even number of sheets, and where some say
    that it doesn't apply, the arbitrator's.
    """
    if rule.resolve == "decides":
        vetoes = arbitration.vetoes | conduct
        return _single(rubric, arbitration, vetoes, by="decides")
    vetoes = arbitration.vetoes | held_by_two(readings) | conduct
    return _voted(rubric, (*readings, arbitration), decider=arbitration, vetoes=vetoes, by=rule.resolve)


def _discussed(
    rubric: Rubric,
    readings: Sequence[Reading],
    agreed: Reading | None,
    *,
    rule: ConsensusRule,
    conduct: frozenset[str],
) -> Outcome:
    if agreed is None:
        asked = any(one.asks for one in readings) and "ask" in rule.triggers
        return open_for(("ask",) if asked else (NOT_AGREED,))
    if agreed.vetoes and len(readings) < 2:
        return open_for(("veto",))
    return _single(rubric, agreed, agreed.vetoes | conduct, by="agreed")


def _single(rubric: Rubric, reading: Reading, vetoes: frozenset[str], *, by: str) -> Outcome:
    grade = vetoed(rubric, rubric.grade_named(reading.reached), vetoes)
    return Outcome(None, None, grade, vetoes, (), by, dict(reading.marks))


def _voted(
    rubric: Rubric, readings: Sequence[Reading], *, decider: Reading | None, vetoes: frozenset[str], by: str
) -> Outcome:
    marks = {
        s.code: _settled(
            rubric, [one.marks[s.code] for one in readings], decider.marks[s.code] if decider else None
        )
        for s in rubric.sections
    }
    step = _majority([one.step for one in readings])
    if step is None:
        step = decider.step if decider else 0
    grade = _combined(rubric, marks, readings, step)
    if grade is None:
        own = [one.reached for one in readings]
        grade = rubric.grade_named(_settled(rubric, own, decider.reached if decider else None))
    return Outcome(None, None, vetoed(rubric, grade, vetoes), vetoes, (), by, marks)


def _settled(rubric: Rubric, given: Sequence[str], decider: str | None) -> str:
    """The majority's mark, else the middle grade, else the decider's; without one the worse of the middle two."""
    voted = _majority(given)
    if voted is not None:
        return voted
    names = [grade.name for grade in rubric.grades]
    graded = sorted((mark for mark in given if mark != NOT_APPLICABLE), key=names.index)
    if decider is not None and (len(graded) < len(given) or len(given) % 2 == 0):
        return decider
    return graded[len(graded) // 2]


def _combined(
    rubric: Rubric, marks: Mapping[str, str], readings: Sequence[Reading], step: int
) -> Grade | None:
    """The combined grade before vetoes; None where too little core is left and the sheets' own grades differ."""
    if core_left(rubric, marks) < CORE_NEEDED:
        voted = _majority([one.reached for one in readings])
        return rubric.grade_named(voted) if voted else None
    grade = combine_indicators(rubric, marks)
    moved = grade.order - step
    return rubric.grades[moved] if 0 <= moved < len(rubric.grades) else grade


def _majority(given: Sequence[T]) -> T | None:
    if not given:
        return None
    mark, count = Counter(given).most_common(1)[0]
    return mark if 2 * count > len(given) else None
