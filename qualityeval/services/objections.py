"""Objections to notified preliminary grades: raised by the institution, decided by the owning body.

An accepted one is read anew by an independent expert, drawn by the round's own secret like an arbitrator.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.objection import Ground
from qualityeval.core.two_people import TwoPeople
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import Assignment, Case, Expert, FrameCase, Objection, Round, SampledCase
from qualityeval.queries import objections as queries
from qualityeval.services import audit, result_notices
from qualityeval.services.bench import OBJECTION, Bench
from qualityeval.services.interests import refuse_conflicted
from qualityeval.services.proofs import NewProof, add_proofs
from qualityeval.services.seeds import lock

LONGEST = 2_000
OWN = TwoPeople("objection.own", msg("自己提出的异议要由别人决定。"), where="answer")


def raise_objection(
    *, actor: Actor, sampled: SampledCase, reason: str, now: datetime, papers: Sequence[NewProof] = ()
) -> Objection:
    """An institution objects to the notified grade of its own case, with a reason and, where it has any, papers.

    Refused outside the round's window of working days, without a reason, with a paper that can't be read, and a
    second time for one case.
    """
    case = db.session.execute(
        select(Case)
        .join(FrameCase, FrameCase.case_id == Case.id)
        .where(FrameCase.id == sampled.frame_case_id)
    ).scalar_one()
    require(actor, Permission.OBJECTION_RAISE, case)
    round_ = db.session.get_one(Round, sampled.round_id)
    lock(round_)
    round_.state = round_after(round_.state, RoundAct.OBJECT)
    if not queries.is_open(round_, now=now):
        raise WrongState(
            "objection.window", msg("异议期已经结束（%(day)s 起不再受理）。"), where="state",
            day=queries.window_end(round_),
        )  # fmt: skip
    if _of_case(sampled.id) is not None:
        raise WrongState("objection.twice", msg("这件案件已经提出过异议，每件只能提一次。"), where="reason")
    made = Objection(
        round_id=round_.id, sampled_case_id=sampled.id, reason=_reason(reason, "reason"),
        raised_by_id=actor.account_id, raised_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    add_proofs(actor=actor, matter=made, papers=papers, now=now)
    audit.record(actor, "objection.raised", now=now, object_type="objection", object_id=made.public_id)
    return made


def accept(*, actor: Actor, objection: Objection, answer: str, now: datetime) -> Expert:
    """The objection is taken up: an independent expert is drawn to read the file; who it is.

    Refused when it is decided already, by whoever raised it, and while no eligible expert is free.
    """
    kept = written(answer, "answer", code="objection.answer", longest=LONGEST, needed=False)
    round_ = _decidable(actor, objection)
    expert = Bench(round_, now=now, purpose=OBJECTION).draw(objection.sampled_case_id)
    if expert is None:
        raise WrongState(
            "objection.nobody",
            msg("没有可以复核的专家：都要回避、已评过这件或件数已满。请补充专家或提高上限。"),
            where="answer",
        )
    line = Assignment(
        round_id=round_.id, sampled_case_id=objection.sampled_case_id, expert_id=expert.id,
        slot=OBJECTION, dealt_at=now,
    )  # fmt: skip
    db.session.add(line)
    _decide(actor, objection, "accepted", kept, now)
    audit.record(
        actor, "objection.accepted", now=now, object_type="objection", object_id=objection.public_id,
        expert=expert.code,
    )  # fmt: skip
    return expert


def reject(
    *, actor: Actor, objection: Objection, answer: str, now: datetime, ground: str = Ground.OTHER
) -> None:
    """The objection isn't taken up, on one of the grounds; the institution reads why.

    Refused without a reason, on a ground that there isn't, and when it is decided already.
    """
    _decidable(actor, objection)
    if ground not in set(Ground):
        raise InvalidInput("objection.ground", msg("请选择不予受理的情形。"), where="ground")
    reason = _reason(answer, "answer")
    objection.ground = ground
    _decide(actor, objection, "rejected", reason, now)
    audit.record(
        actor, "objection.rejected", now=now, object_type="objection", object_id=objection.public_id, ground=ground
    )  # fmt: skip


def rule(*, actor: Actor, objection: Objection, ruling: str, now: datetime) -> None:
    """What the institution is told after its file was read anew: the outcome is the sheets', the reasons are these.

    Before and after the release alike, once; refused to a manager with an interest in the case, and until the
    expert's sheet is in.
    """
    round_ = db.session.get_one(Round, objection.round_id)
    require(actor, Permission.OBJECTION_DECIDE, round_)
    refuse_conflicted(actor, objection.sampled_case_id)
    lock(round_)
    db.session.refresh(objection)
    if objection.state != "settled" or objection.ruled_at is not None:
        raise WrongState(
            "objection.not_read", msg("复核完成以后才能答复结果，且只答复一次。"), where="ruling"
        )
    objection.ruling = _reason(ruling, "ruling")
    objection.ruled_by_id, objection.ruled_at = actor.account_id, now
    db.session.flush()
    result_notices.objection_ruled(round_, objection, now=now)
    audit.record(actor, "objection.ruled", now=now, object_type="objection", object_id=objection.public_id)


def refuse_open(round_: Round) -> None:
    """Refuse a release while an objection is undecided or its expert's sheet is missing."""
    query = select(func.count()).select_from(Objection).where(Objection.round_id == round_.id)
    waiting = db.session.execute(query.where(Objection.state.in_(queries.UNDECIDED))).scalar_one()
    if waiting:
        raise WrongState(
            "release.objections",
            msg("还有%(count)s件异议没有办结，不能发布。"),
            where="state",
            count=waiting,
        )


def _decidable(actor: Actor, objection: Objection) -> Round:
    """Hold the round, read the objection anew, and see that it waits for this actor's decision."""
    round_ = db.session.get_one(Round, objection.round_id)
    require(actor, Permission.OBJECTION_DECIDE, round_)
    refuse_conflicted(actor, objection.sampled_case_id)
    lock(round_)
    db.session.refresh(objection)
    round_.state = round_after(round_.state, RoundAct.OBJECT)
    if objection.state != "open":
        raise WrongState("objection.decided", msg("这件异议已经作出决定。"), where="answer")
    OWN.refuse_same(actor.account_id, objection.raised_by_id)
    return round_


def _decide(actor: Actor, objection: Objection, state: str, answer: str, now: datetime) -> None:
    objection.state, objection.answer = state, answer
    objection.decided_by_id, objection.decided_at = actor.account_id, now
    db.session.flush()
    result_notices.objection_decided(db.session.get_one(Round, objection.round_id), objection, now=now)


def _of_case(sampled_id: int) -> Objection | None:
    found = select(Objection).where(Objection.sampled_case_id == sampled_id)
    return db.session.execute(found).scalar_one_or_none()


def _reason(text: str, where: str) -> str:
    return written(text, where, code="objection.reason", longest=LONGEST, ask=msg("请写明理由。"))
