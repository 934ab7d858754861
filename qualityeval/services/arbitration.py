"""From the sheets of a case to its result, or to an arbitrator drawn by the round's own secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from qualityeval.core.consensus import NOT_AGREED, ConsensusRule, Outcome, Reading, consensus, objected
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.sheet import stored_reading
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import db
from qualityeval.models import ArbitrationNeed, Assignment, CaseResult, Expert, Objection, Round, Sheet
from qualityeval.queries import assignments as queries
from qualityeval.services import review_outcomes
from qualityeval.services.bench import ARBITRATION, OBJECTION, REVIEW, Bench, in_use, latest_sheets
from qualityeval.services.rounds import read_spec

FIRST, ARBITRATED, OBJECTED = "first", "arbitrated", "objected"


@dataclass(frozen=True)
class Settled:
    """What came of a case: a result, or the need for an arbitrator with its reasons; the caller records it."""

    step: str
    total: int | None = None
    grade: str | None = None
    reasons: tuple[str, ...] = ()


def settle(*, bench: Bench, sampled_id: int, rubric: Rubric, now: datetime) -> Settled | None:
    """After a submission: combine the case's sheets once all are there, or ask for an arbitrator.

    The case is one of those that the bench was given.

    None where sheets are still missing or the case is settled already.
    """
    spec, sheets = bench.spec, bench.sheets.get(sampled_id, [])
    if any(slot == REVIEW for slot, _sheet in sheets):
        return _after_review(bench, sampled_id, rubric, sheets, now=now)
    if any(slot == OBJECTION for slot, _sheet in sheets):
        return _after_objection(bench, sampled_id, rubric, sheets, now=now)
    first = [_reading(rubric, sheet) for slot, sheet in sheets if slot in queries.FIRST_ROUND]
    third = next((_reading(rubric, sheet) for slot, sheet in sheets if slot == ARBITRATION), None)
    if third is not None:
        outcome = consensus(rubric, first, rule=spec.consensus, arbitration=third)
        db.session.get_one(ArbitrationNeed, sampled_id).settled_at = now
        return _keep(bench.round_, sampled_id, outcome, step=ARBITRATED, now=now)
    if len(first) < spec.reviewers or sampled_id in bench.in_use:
        return None
    outcome = consensus(rubric, first, rule=spec.consensus, agreed=_alike(first))
    if outcome.reasons:
        return _ask(bench, sampled_id, outcome.reasons, now=now)
    return _keep(bench.round_, sampled_id, outcome, step=FIRST, now=now)


def _after_objection(
    bench: Bench, sampled_id: int, rubric: Rubric, sheets: list[tuple[str, Sheet]], *, now: datetime
) -> Settled:
    """The independent expert's sheet is in: a further result beside the notified one."""
    rescored = next(_reading(rubric, sheet) for slot, sheet in sheets if slot == OBJECTION)
    earlier = [_reading(rubric, sheet) for slot, sheet in sheets if slot != OBJECTION]
    outcome = objected(rubric, earlier, rescored, rule=bench.spec.consensus)
    raised = db.session.execute(select(Objection).where(Objection.sampled_case_id == sampled_id)).scalar_one()
    raised.state, raised.settled_at = "settled", now
    return _keep(bench.round_, sampled_id, outcome, step=OBJECTED, now=now)


def _after_review(
    bench: Bench, sampled_id: int, rubric: Rubric, sheets: list[tuple[str, Sheet]], *, now: datetime
) -> Settled:
    """A released case was read anew: what it comes to waits for a restatement; the published result stays."""
    rescored = next(_reading(rubric, sheet) for slot, sheet in sheets if slot == REVIEW)
    earlier = [_reading(rubric, sheet) for slot, sheet in sheets if slot != REVIEW]
    found = objected(rubric, earlier, rescored, rule=bench.spec.consensus)
    grade = review_outcomes.read_anew(sampled_id, found, now=now)
    return Settled(REVIEW, total=found.total, grade=grade)


def has_result(sampled_id: int) -> bool:
    """Whether the case has been combined or waits for an arbitrator: its sheets are in use."""
    return bool(in_use([sampled_id]))


def open_needs(round_: Round) -> int:
    """Cases of the round that wait for an arbitrator's sheet."""
    query = select(func.count()).select_from(ArbitrationNeed)
    return int(
        db.session.execute(
            query.where(ArbitrationNeed.round_id == round_.id, ArbitrationNeed.settled_at.is_(None))
        ).scalar_one()
    )


def open_sheets(round_: Round) -> int:
    """Assignments of the round without a submitted sheet."""
    query = select(func.count()).select_from(Assignment)
    return int(
        db.session.execute(
            query.where(Assignment.round_id == round_.id, Assignment.state != "submitted")
        ).scalar_one()
    )


def fill_open_needs(round_: Round, *, now: datetime) -> int:
    """Draw an arbitrator for every case that still lacks one (nobody was free when it arose); how many."""
    needs = db.session.execute(
        select(ArbitrationNeed.sampled_case_id, ArbitrationNeed.reasons).where(
            ArbitrationNeed.round_id == round_.id,
            ArbitrationNeed.settled_at.is_(None),
            ~exists().where(
                Assignment.sampled_case_id == ArbitrationNeed.sampled_case_id, Assignment.slot == ARBITRATION
            ),
        )
    )
    bench = None
    filled = 0
    for sampled_id in sorted(sampled_id for sampled_id, reasons in needs if reasons != [NOT_AGREED]):
        bench = bench or Bench(round_, now=now)
        filled += _deal_arbitrator(bench, sampled_id, now) is not None
    return filled


def _ask(bench: Bench, sampled_id: int, reasons: tuple[str, ...], *, now: datetime) -> Settled:
    need = ArbitrationNeed(
        sampled_case_id=sampled_id, round_id=bench.round_.id, reasons=list(reasons), arisen_at=now
    )
    db.session.add(need)
    if reasons == (NOT_AGREED,):  # the experts talk first
        db.session.flush()
        return Settled(ARBITRATION, reasons=reasons)
    _deal_arbitrator(bench, sampled_id, now)
    return Settled(ARBITRATION, reasons=reasons)


def _deal_arbitrator(bench: Bench, sampled_id: int, now: datetime) -> Expert | None:
    arbitrator = bench.draw(sampled_id)
    if arbitrator is not None:
        line = Assignment(
            round_id=bench.round_.id, sampled_case_id=sampled_id, expert_id=arbitrator.id, slot=ARBITRATION,
            dealt_at=now,
        )  # fmt: skip
        db.session.add(line)
    db.session.flush()
    return arbitrator


def _keep(round_: Round, sampled_id: int, outcome: Outcome, *, step: str, now: datetime) -> Settled:
    if outcome.grade is None:
        raise WrongState("case.unsettled", msg("这件案件的评分表还合不出结果。"), where="case")
    result = CaseResult(
        round_id=round_.id, sampled_case_id=sampled_id, step=step, total=outcome.total,
        grade=outcome.grade.name, vetoes=sorted(outcome.vetoes), marks=dict(outcome.marks) or None, by=outcome.by,
        made_at=now,
    )  # fmt: skip
    db.session.add(result)
    return Settled(step, total=outcome.total, grade=outcome.grade.name)


def _reading(rubric: Rubric, sheet: Sheet) -> Reading:
    return stored_reading(rubric, total=sheet.total, vetoes=sheet.vetoes, content=sheet.content)


def _alike(first: Sequence[Reading]) -> Reading | None:
    """What all sheets say, where they say the same and nobody asks for a third: then there is nothing to discuss."""
    same = all(one == first[0] for one in first) and not first[0].asks
    return first[0] if same else None


def first_readings(sampled_id: int, rubric: Rubric) -> list[Reading]:
    """The first-round sheets of a case as consensus takes them."""
    sheets = latest_sheets([sampled_id]).get(sampled_id, [])
    return [_reading(rubric, sheet) for slot, sheet in sheets if slot in queries.FIRST_ROUND]


def rule_of(round_: Round) -> ConsensusRule:
    """The round's rule of consensus."""
    return read_spec(round_.spec).consensus


def keep_first(round_: Round, *, sampled_id: int, outcome: Outcome, now: datetime) -> CaseResult:
    """The first result of a case, from an outcome that has a grade."""
    _keep(round_, sampled_id, outcome, step=FIRST, now=now)
    db.session.flush()
    query = select(CaseResult).where(CaseResult.sampled_case_id == sampled_id, CaseResult.step == FIRST)
    return db.session.execute(query).scalar_one()


def deal_arbitrator(round_: Round, sampled_id: int, *, now: datetime) -> str | None:
    """Draw an arbitrator for one case; the code, None where nobody is free (the need waits)."""
    arbitrator = _deal_arbitrator(Bench(round_, now=now), sampled_id, now)
    return arbitrator.code if arbitrator else None


def move_on(round_: Round) -> None:
    """Only arbitration is left to wait for: the round says so."""
    if open_needs(round_) and not _first_round_open(round_):
        round_.state = round_after(round_.state, RoundAct.ARBITRATE)


def _first_round_open(round_: Round) -> bool:
    return (
        db.session.execute(
            select(Assignment.id)
            .where(
                Assignment.round_id == round_.id,
                Assignment.state != "submitted",
                Assignment.slot.in_(queries.FIRST_ROUND),
            )
            .limit(1)
        ).first()
        is not None
    )
