"""The staff part of drawn cases: answered once a case by the owning body, and what that sets going.

Experts may hand in their part before: it waits, the total is reckoned once staff have answered.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.sheet import Content, judge, read_content
from qualityeval.core.staff_part import check_staff, joined, staff_items
from qualityeval.database import db
from qualityeval.models import Assignment, Round, SampledCase, StaffAnswer, WaitingSheet
from qualityeval.queries import staff_parts as queries
from qualityeval.queries.staff_parts import Waiting
from qualityeval.services import audit, scoring, tracks
from qualityeval.services.interests import refuse_conflicted
from qualityeval.services.seeds import lock

LONGEST = 400


def rubric_for(sampled: SampledCase) -> Rubric:
    """The whole rubric of a drawn case; WrongState where it has no staff part."""
    rubric = scoring.frozen_rubric(sampled.frame_case.rubric)
    if not staff_items(rubric):
        raise WrongState("staff.none", msg("这件案件的评分标准没有工作人员填写的部分。"), where="case")
    return rubric


def checked(
    round_: Round, rubric: Rubric, *, marks: Mapping[str, Any], waiting: Sequence[Waiting] = ()
) -> Content:
    """A whole and sound staff part: all that a first answer may be refused for, but an interest in the case.

    Refuses a round that isn't being scored, what `core.staff_part` refuses, and marks with which a waiting sheet comes
    to nothing.
    """
    if round_.state not in queries.ANSWERABLE:
        raise WrongState("staff.state", msg("派案以后、通知结果以前才能填写工作人员部分。"), where="state")
    written = read_content({"marks": dict(marks)}, rubric)
    check_staff(rubric, written.marks)
    for one in waiting:
        judge(rubric, joined(rubric, read_content(one.content, rubric), written.marks))
    return written


def answer(
    *, actor: Actor, round_: Round, sampled: SampledCase, marks: Mapping[str, Any], reason: str = "", now: datetime
) -> int:  # fmt: skip
    """Keep the staff part of a case and complete the sheets that waited for it; how many.

    `marks` as a sheet's content holds them. A second answer is a correction: it needs a reason, and no sheet may
    stand that was reckoned with the first one. Refuses what `checked` refuses.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    refuse_conflicted(actor, sampled.id)
    hold(round_)
    rubric = rubric_for(sampled)
    waiting = queries.waiting_for([sampled.id], held=True)
    written = checked(round_, rubric, marks=marks, waiting=waiting)
    before = queries.last_answer(sampled.id)
    if before is not None:
        _refuse_correction(sampled, reason)
    revision = before.revision + 1 if before else 1
    _keep(actor, sampled, written, revision=revision, reason=reason.strip()[:LONGEST], now=now)
    return _complete(actor, waiting, {sampled.id: (rubric, written)}, now=now)


def hold(round_: Round) -> None:
    """The round and its track, until the transaction ends: nobody hands in meanwhile."""
    for one in (round_, *tracks.of(round_)):
        lock(one)


def answer_first(
    *, actor: Actor, answers: Sequence[tuple[SampledCase, Rubric, Content]], now: datetime
) -> int:
    """Keep first answers that `checked` let pass, of a round that is held, and complete the sheets that waited."""
    for sampled, _rubric, written in answers:
        _keep(actor, sampled, written, revision=1, now=now)
    waiting = queries.waiting_for([sampled.id for sampled, _rubric, _written in answers], held=True)
    parts = {sampled.id: (rubric, written) for sampled, rubric, written in answers}
    return _complete(actor, waiting, parts, now=now)


def _keep(
    actor: Actor, sampled: SampledCase, written: Content, *, revision: int, reason: str = "", now: datetime
) -> None:
    marks = written.as_json()["marks"]
    db.session.add(
        StaffAnswer(
            sampled_case_id=sampled.id, revision=revision, marks=marks, reason=reason, answered_at=now
        )
    )
    audit.record(
        actor, "staff.answered", now=now, object_type="drawn_file", object_id=sampled.public_id, revision=revision,
        reason=reason,
    )  # fmt: skip


def _refuse_correction(sampled: SampledCase, reason: str) -> None:
    used = exists().where(Assignment.sampled_case_id == sampled.id, Assignment.state == scoring.SUBMITTED)
    if db.session.execute(select(used)).scalar_one():
        raise WrongState(
            "staff.in_use",
            msg("已有评分表按现在的填写定出等次。请先退回这些评分表，再更正；已经合出结果的不能再改。"),
            where="state",
        )
    if not reason.strip():
        raise WrongState("staff.reason", msg("请写明更正的理由。"), where="reason")


def _complete(
    actor: Actor, waiting: Sequence[Waiting], parts: Mapping[int, tuple[Rubric, Content]], *, now: datetime
) -> int:
    sheets: dict[int, list[scoring.Whole]] = {}
    for one in waiting:
        rubric, staff = parts[one.line.sampled_case_id]
        written = joined(rubric, read_content(one.content, rubric), staff.marks)
        whole = scoring.Whole(one.line, rubric, written, one.handed_in_at)
        sheets.setdefault(one.line.round_id, []).append(whole)
        db.session.delete(db.session.get_one(WaitingSheet, one.line.id))
    for round_id, its in sheets.items():
        scoring.keep_sheets(actor=actor, round_=scoring.being_scored(round_id), sheets=its, now=now)
    return len(waiting)
