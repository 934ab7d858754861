"""What a case's experts agreed on after their discussion (rule `agreed`), put on record by a manager.

The first-round sheets stay as they were written. Nothing is agreed by default: sheets that say the same are, others
wait here until the agreement is recorded with its minutes, or an arbitrator is drawn because there was none.
"""

from dataclasses import dataclass
from datetime import datetime

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.consensus import DISCUSSED, NOT_AGREED, Reading, consensus
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.rubric_parts import FULL, Rubric
from qualityeval.core.scoring import sheet_vetoes
from qualityeval.database import db
from qualityeval.models import ArbitrationNeed, CaseResult, Round, SampledCase
from qualityeval.services import arbitration, audit
from qualityeval.services.interests import refuse_conflicted
from qualityeval.services.seeds import lock


@dataclass(frozen=True)
class Agreed:
    """What was agreed: a total in hundredths, or under an indicator rubric a grade; file vetoes; the minutes."""

    total: int | None
    grade: str
    vetoes: tuple[str, ...]
    minutes: str


def waits(sampled_id: int) -> ArbitrationNeed | None:
    """The need of a case whose experts have yet to agree; None for every other case."""
    need = db.session.get(ArbitrationNeed, sampled_id)
    return need if need is not None and need.settled_at is None and need.reasons == [NOT_AGREED] else None


def record_agreement(
    *, actor: Actor, round_: Round, sampled: SampledCase, rubric: Rubric, agreed: Agreed, now: datetime
) -> CaseResult:
    """The case's first result, as agreed. Entered for the experts: the log says by whom, with the minutes.

    Refuses a case that doesn't wait for it, a total outside 0 to 100, no minutes, and a veto that fewer than two
    readers could hold.
    """
    need = _need(actor, round_, sampled)
    if not agreed.minutes.strip():
        raise InvalidInput("agreement.minutes", msg("请写明谁参加了商议、依据什么。"), where="minutes")
    first = arbitration.first_readings(sampled.id, rubric)
    outcome = consensus(
        rubric,
        first,
        rule=arbitration.rule_of(round_),
        agreed=_reading(rubric, agreed, first),
    )
    if outcome.reasons:
        raise InvalidInput("agreement.veto", msg("一票否决要有两位专家认定。"), where="veto")
    result = arbitration.keep_first(round_, sampled_id=sampled.id, outcome=outcome, now=now)
    need.settled_at = now
    db.session.flush()
    _record(actor, sampled, "case.agreed", now, total=result.total, grade=result.grade, reason=agreed.minutes)
    arbitration.move_on(round_)
    return result


def ask_arbitrator(
    *, actor: Actor, round_: Round, sampled: SampledCase, reason: str, now: datetime
) -> str | None:
    """There was no agreement: an arbitrator is drawn, and decides as the round says; the expert's code, if any."""
    need = _need(actor, round_, sampled)
    if not reason.strip():
        raise InvalidInput("agreement.minutes", msg("请写明谁参加了商议、依据什么。"), where="minutes")
    need.reasons = [DISCUSSED]
    code = arbitration.deal_arbitrator(round_, sampled.id, now=now)
    _record(actor, sampled, "case.not_agreed", now, reason=reason)
    arbitration.move_on(round_)
    return code


def _need(actor: Actor, round_: Round, sampled: SampledCase) -> ArbitrationNeed:
    require(actor, Permission.ROUND_PROXY, round_)
    refuse_conflicted(actor, sampled.id)
    lock(round_)
    need = waits(sampled.id)
    if need is None:
        raise WrongState("agreement.not_due", msg("这件案件不在等待商议。"), where="state")
    return need


def _reading(rubric: Rubric, agreed: Agreed, first: list[Reading]) -> Reading:
    vetoes = sheet_vetoes(rubric, agreed.vetoes)
    if rubric.method == "indicator":
        if not agreed.grade:
            raise InvalidInput("agreement.grade", msg("请选择商议的等次。"), where="grade")
        marks = {
            code: mark
            for code, mark in first[0].marks.items()
            if all(one.marks.get(code) == mark for one in first)
        }
        return Reading(None, vetoes, marks=marks, reached=rubric.grade_named(agreed.grade).name)
    if agreed.total is None or not 0 <= agreed.total <= FULL:
        raise InvalidInput("grade.total_range", msg("总分须在 0 到 100 之间。"), where="total")
    return Reading(agreed.total, vetoes)


def _record(actor: Actor, sampled: SampledCase, action: str, now: datetime, **facts: object) -> None:
    audit.record(
        actor, action, now=now, object_type="drawn_file", object_id=sampled.public_id, proxy=True, **facts
    )
