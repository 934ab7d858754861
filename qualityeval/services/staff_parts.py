"""The staff part of drawn cases: answered once a case by the owning body, and what that sets going.

Experts may hand in their part before: it waits, the total is reckoned once staff have answered.
"""

from collections.abc import Mapping
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
from qualityeval.services import audit, scoring
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
    *, actor: Actor, round_: Round, sampled: SampledCase, marks: Mapping[str, Any]
) -> tuple[Content, int]:
    """A whole and sound staff part, and how many sheets wait for it; all that a first answer may be refused for.

    Refuses one who has an interest in the case, a round that isn't being scored, what `core.staff_part` refuses, and
    marks with which a waiting sheet comes to nothing.
    """
    refuse_conflicted(actor, sampled.id)
    rubric = rubric_for(sampled)
    if round_.state not in queries.ANSWERABLE:
        raise WrongState("staff.state", msg("派案以后、通知结果以前才能填写工作人员部分。"), where="state")
    written = read_content({"marks": dict(marks)}, rubric)
    check_staff(rubric, written.marks)
    waiting = queries.waiting_for(sampled.id)
    for _line, content, _handed_in in waiting:
        judge(rubric, joined(rubric, read_content(content, rubric), written.marks))
    return written, len(waiting)


def answer(
    *, actor: Actor, round_: Round, sampled: SampledCase, marks: Mapping[str, Any], reason: str = "", now: datetime
) -> int:  # fmt: skip
    """Keep the staff part of a case and complete the sheets that waited for it; how many.

    `marks` as a sheet's content holds them. A second answer is a correction: it needs a reason, and no sheet may
    stand that was reckoned with the first one. Refuses what `checked` refuses.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    lock(round_)
    written, _waiting = checked(actor=actor, round_=round_, sampled=sampled, marks=marks)
    before = queries.last_answer(sampled.id)
    if before is not None:
        _refuse_correction(sampled, reason)
    revision = before.revision + 1 if before else 1
    row = StaffAnswer(
        sampled_case_id=sampled.id, revision=revision, marks=written.as_json()["marks"],
        reason=reason.strip()[:LONGEST], answered_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor, "staff.answered", now=now, object_type="drawn_file", object_id=sampled.public_id, revision=revision,
        reason=row.reason,
    )  # fmt: skip
    return _complete(actor, sampled, now=now)


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


def _complete(actor: Actor, sampled: SampledCase, *, now: datetime) -> int:
    waiting = queries.waiting_for(sampled.id)
    for line, content, handed_in in waiting:
        db.session.delete(db.session.get_one(WaitingSheet, line.id))
        scoring.store_sheet(
            actor=actor, assignment=line, content=content, by_proxy=False, now=now, handed_in=handed_in
        )
    return len(waiting)
