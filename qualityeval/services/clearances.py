"""What opens the files of a round to an expert: the expert signs the undertaking, a manager ticks the training."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.appointments import TRAINING, UNDERTAKING
from qualityeval.core.digests import digest
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.database import db
from qualityeval.models import Assignment, Clearance, Expert, Round
from qualityeval.queries import clearances
from qualityeval.queries.sheets import OnDesk
from qualityeval.services import audit
from qualityeval.services.seeds import lock


def sign(*, actor: Actor, assignment: OnDesk, name: str, text: Sequence[str], now: datetime) -> None:
    """The expert of this file signs the round's undertaking with the own name; a second signing changes nothing.

    Kept: the name as typed, and the SHA-256 of the sentences that stood above it. Refused where the name isn't
    the one in the pool.
    """
    require(actor, Permission.SHEET_WRITE, assignment)
    if name.strip() != assignment.expert.name.strip():
        raise InvalidInput("undertaking.name", msg("请照专家库里的姓名填写本人姓名。"), where="name")
    round_ = db.session.get_one(Round, assignment.round_id)
    lock(round_)
    if UNDERTAKING in clearances.lacking(round_.id, assignment.expert_id):
        _give(actor, round_, assignment.expert, UNDERTAKING, f"{name.strip()} {digest(*text)}", now)


def tick_training(*, actor: Actor, round_: Round, codes: Collection[str], now: datetime) -> int:
    """The experts of these codes attended the round's training; how many of them were new.

    Refused, all of it, where the round asks for no training, or a code is no expert of the round.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    if TRAINING not in clearances.asked_by(round_):
        raise InvalidInput("training.not_asked", msg("这个批次不要求评前培训。"), where="round")
    lock(round_)
    readers = select(Assignment.expert_id).where(Assignment.round_id == round_.id)
    found = {
        one.code: one
        for one in db.session.execute(
            select(Expert).where(Expert.id.in_(readers), Expert.code.in_(codes))
        ).scalars()
    }
    for code in codes:
        if code not in found:
            raise InvalidInput(
                "training.expert", msg("这个批次没有编号为%(expert)s的专家。"), where="expert", expert=code
            )
    fresh = [one for one in found.values() if TRAINING in clearances.lacking(round_.id, one.id)]
    for one in fresh:
        _give(actor, round_, one, TRAINING, "", now)
    return len(fresh)


def _give(actor: Actor, round_: Round, expert: Expert, kind: str, detail: str, now: datetime) -> None:
    row = Clearance(
        round_id=round_.id, expert_id=expert.id, kind=kind, detail=detail, actor=actor.name, given_at=now
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor,
        "clearance.given",
        now=now,
        object_type="round",
        object_id=round_.code,
        expert=expert.code,
        kind=kind,
    )
