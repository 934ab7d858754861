"""Answers to a dealt file: accepted, declined, an interest declared; the slot goes to an alternate at once.

Everything holds the round's row, so that of two at once the second sees what the first did. Nothing here is a gate:
a sheet that is saved or imported needs no answer before it.
"""

from collections import Counter
from datetime import datetime

from sqlalchemy import delete, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.recusal import TIES
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    CalibrationSheet,
    Case,
    Expert,
    FileAnswer,
    FrameCase,
    Round,
    SampledCase,
    Sheet,
    SheetDraft,
)
from qualityeval.queries import assignments as queries
from qualityeval.queries import file_answers
from qualityeval.queries.interests import is_conflicted
from qualityeval.queries.sheets import OnDesk
from qualityeval.services import audit, calibration_sheets, interests
from qualityeval.services.bench import OBJECTION, REVIEW, Bench
from qualityeval.services.dealing import MARKING
from qualityeval.services.seeds import lock

WIDTH = 12  # so many are drawn, of whom the one with the fewest files reads
PURPOSE = "alternate"
LONGEST = 400


class Gone(WrongState):
    """The file isn't with this expert any more, or its sheet has been handed in."""

    code = "answer.closed"
    text = msg("这件案件已经改派，或者评分表已经提交，不能再作答复。")


def accept(*, actor: Actor, assignment: OnDesk, now: datetime) -> None:
    """The expert takes the file on; it isn't moved for being idle any more."""
    require(actor, Permission.SHEET_WRITE, assignment)
    if isinstance(assignment, CalibrationSheet):
        calibration_sheets.accept(actor=actor, sheet=assignment, now=now)
        return
    round_, line = _held(assignment)
    _answer(round_, line, file_answers.ACCEPTED, "", actor=actor, now=now)
    audit.record(actor, "file.accepted", now=now, object_type="assignment", object_id=line.public_id)


def decline(*, actor: Actor, assignment: OnDesk, reason: str, now: datetime) -> Expert | None:
    """The expert gives the file up, with a reason, and never gets it again; who reads it now, None for nobody yet."""
    require(actor, Permission.SHEET_WRITE, assignment)
    return _give_up(actor, assignment, "declined", reason, now=now)


def declare(*, actor: Actor, assignment: OnDesk, kind: str, reason: str, now: datetime) -> Expert | None:
    """The expert declares an interest in the case: recorded for every round to come, and the file goes."""
    require(actor, Permission.SHEET_WRITE, assignment)
    if kind not in TIES:
        raise InvalidInput("interest.kind", msg("没有这种回避类型。"), where="kind")
    if isinstance(assignment, CalibrationSheet):
        return _give_up(actor, assignment, "interest", reason, kind=kind, now=now)
    expert, case = assignment.expert, _case_of(assignment)
    alternate = _give_up(actor, assignment, "interest", reason, now=now)
    interests.declare_for_case(actor=actor, expert=expert, case=case, kind=kind, reason=reason, now=now)
    return alternate


def move(*, actor: Actor, assignment: Assignment, reason: str, now: datetime) -> Expert | None:
    """A manager takes a file from its reader (who is recused by now, or doesn't begin); an alternate reads it.

    Refused once a sheet was handed in, and to a manager with an interest in the case.
    """
    round_ = db.session.get_one(Round, assignment.round_id)
    require(actor, Permission.ROUND_ASSIGN, round_)
    interests.refuse_conflicted(actor, assignment.sampled_case_id)
    return _give_up(actor, assignment, "recused", reason, now=now)


def rebalance(*, actor: Actor, round_: Round, now: datetime) -> int:
    """Move idle files from the fullest experts to the emptiest; how many moved. Begun and accepted ones stay.

    A file goes where it makes the loads more even by at least two, so that a second run moves nothing.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    _refuse_over(round_)
    lock(round_)
    loads, moved = Counter(queries.loads_of(round_)), 0
    bench = Bench(round_, now=now, purpose=PURPOSE)
    for line in sorted(file_answers.idle(round_), key=lambda one: (-loads[one.expert_id], one.id)):
        if is_conflicted(actor, line.sampled_case_id):
            continue
        taker = bench.draw(line.sampled_case_id, width=WIDTH)
        if taker is None:
            continue
        if loads[taker.id] + 2 > loads[line.expert_id]:
            bench.release(taker.id)
            continue
        giver = line.expert_id
        _replace(round_, line, taker, "idle", "", actor=actor, now=now)
        loads[giver] -= 1
        loads[taker.id] += 1
        bench.release(giver)
        moved += 1
    audit.record(actor, "round.rebalanced", now=now, object_type="round", object_id=round_.code, moved=moved)
    return moved


def _give_up(
    actor: Actor, assignment: OnDesk, answer: str, reason: str, *, kind: str = "", now: datetime
) -> Expert | None:
    ask = msg("请写明理由。")
    reason = written(reason, "reason", code="answer.reason", longest=LONGEST, ask=ask)
    if isinstance(assignment, CalibrationSheet):
        calibration_sheets.give_up(
            actor=actor, sheet=assignment, answer=answer, reason=reason, kind=kind, now=now
        )
        return None
    round_, line = _held(assignment)
    bench = Bench(round_, now=now, purpose=PURPOSE)  # the giver is still on the case, so it isn't drawn
    taker = bench.draw(line.sampled_case_id, width=WIDTH)
    if taker is None and line.slot in (OBJECTION, REVIEW):
        raise WrongState(
            "answer.nobody", msg("没有别的专家可以复核这件异议。请先补充专家。"), where="assignment"
        )
    public_id = line.public_id
    _replace(round_, line, taker, answer, reason, actor=actor, now=now)
    audit.record(
        actor, "file.given_up", now=now, object_type="assignment", object_id=public_id, answer=answer,
        reason=reason, alternate=taker.code if taker else None,
    )  # fmt: skip
    return taker


def _held(assignment: Assignment) -> tuple[Round, Assignment]:
    """The round, locked, and the line as it stands now; Gone where there is nothing left to answer."""
    round_ = db.session.get_one(Round, assignment.round_id)
    key, expert = assignment.id, assignment.expert_id
    lock(round_)
    _refuse_over(round_, slot=assignment.slot)
    line = db.session.execute(
        select(Assignment).where(Assignment.id == key).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    sheets = select(Sheet.id).where(Sheet.assignment_id == key).limit(1)
    if line is None or line.expert_id != expert or db.session.execute(sheets).first():
        raise Gone(where="assignment")
    return round_, line


def _refuse_over(round_: Round, *, slot: str = "") -> None:
    if round_.state not in (*MARKING, "objection") and slot != REVIEW:
        raise Gone(where="round")


def _replace(
    round_: Round,
    line: Assignment,
    taker: Expert | None,
    answer: str,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """The line goes with its draft, the answer stays, the slot is the taker's."""
    _answer(round_, line, answer, reason, actor=actor, now=now)
    sampled, slot = line.sampled_case_id, line.slot
    db.session.execute(delete(SheetDraft).where(SheetDraft.assignment_id == line.id))
    db.session.delete(line)
    db.session.flush()
    if taker is not None:
        db.session.add(
            Assignment(
                round_id=round_.id, sampled_case_id=sampled, expert_id=taker.id, slot=slot, dealt_at=now
            )
        )
    db.session.flush()


def _answer(
    round_: Round, line: Assignment, answer: str, reason: str, *, actor: Actor, now: datetime
) -> None:
    row = file_answers.of_line(line)
    if row is None:
        row = FileAnswer(
            round_id=round_.id, sampled_case_id=line.sampled_case_id, expert_id=line.expert_id, slot=line.slot
        )
        db.session.add(row)
    row.answer, row.reason, row.actor, row.answered_at = answer, reason, actor.name, now
    db.session.flush()


def _case_of(assignment: Assignment) -> Case:
    return db.session.execute(
        select(Case)
        .join(FrameCase, FrameCase.case_id == Case.id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.id == assignment.sampled_case_id)
    ).scalar_one()
