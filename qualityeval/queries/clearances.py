"""What a round asks of an expert before a file opens, and what of it is there."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.appointments import CALIBRATION, REQUIREMENTS
from qualityeval.database import db
from qualityeval.models import Anchor, Assignment, CalibrationSheet, Clearance, Expert, Round
from qualityeval.queries import calibration


@dataclass(frozen=True)
class Cleared:
    """An expert with files in the round, and when each thing asked was given (None: not yet)."""

    code: str
    name: str
    provider: str
    given: dict[str, datetime | None]


def asked_by(round_: Round) -> tuple[str, ...]:
    """What the frozen plan asks for, in the order of REQUIREMENTS; most rounds nothing."""
    if not round_.plan or '"require":[' not in round_.plan:  # a plan may be long; most ask for nothing
        return ()
    asked = json.loads(round_.plan).get("require", ())
    return tuple(one for one in REQUIREMENTS if one in asked)


def lacking(round_id: int, expert_id: int) -> tuple[str, ...]:
    """What the expert hasn't given yet."""
    round_ = db.session.get_one(Round, round_id)
    asked = asked_by(round_)
    if not asked:
        return ()
    known = db.session.execute(
        select(Clearance.kind).where(Clearance.round_id == round_id, Clearance.expert_id == expert_id)
    ).scalars()
    given = set(known)
    if CALIBRATION in asked and not calibration.due(round_, db.session.get_one(Expert, expert_id)):
        given.add(CALIBRATION)
    return tuple(one for one in asked if one not in given)


def of_round(actor: Actor, round_: Round) -> list[Cleared]:
    """Every expert with files in the round, by code."""
    require(actor, Permission.ROUND_ASSIGN, round_)
    asked = asked_by(round_)
    given: dict[int, dict[str, datetime]] = defaultdict(dict)
    rows = select(Clearance.expert_id, Clearance.kind, Clearance.given_at).where(
        Clearance.round_id == round_.id
    )
    for expert, kind, at in db.session.execute(rows):
        given[expert][kind] = at
    if CALIBRATION in asked:
        for expert, at in _calibrated(round_.id):
            given[expert][CALIBRATION] = at
    readers = select(Assignment.expert_id).where(Assignment.round_id == round_.id)
    experts = select(Expert.id, Expert.code, Expert.name, Expert.provider).where(Expert.id.in_(readers))
    return [
        Cleared(code, name, provider, {kind: given[id_].get(kind) for kind in asked})
        for id_, code, name, provider in db.session.execute(experts.order_by(Expert.code))
    ]


def _calibrated(round_id: int) -> Sequence[tuple[int, datetime]]:
    """Who has scored as many anchors as the round has, and when the last of them."""
    anchors = select(func.count()).where(Anchor.round_id == round_id).scalar_subquery()
    rows = db.session.execute(
        select(CalibrationSheet.expert_id, func.max(CalibrationSheet.submitted_at))
        .where(CalibrationSheet.round_id == round_id, CalibrationSheet.anchor_id.is_not(None))
        .group_by(CalibrationSheet.expert_id)
        .having(func.count(CalibrationSheet.submitted_at) >= anchors)
    )
    return [(expert, at) for expert, at in rows if at is not None]
