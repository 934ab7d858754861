"""What anchors and hidden repeats show, for the body that owns the round; and which files may come back.

Nothing here reads or makes a result, and no query of results reads these tables.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.core import calibration as core
from qualityeval.core.errors import NotFound, msg
from qualityeval.database import db
from qualityeval.models import (
    Anchor,
    Assignment,
    Calibration,
    CalibrationSheet,
    Case,
    Expert,
    FrameCase,
    Institution,
    Round,
    SampledCase,
    Sheet,
)
from qualityeval.queries.assignments import FIRST_ROUND
from qualityeval.queries.calibration import SUBMITTED, anchors_of, key_of

NO_CASE = msg("没有这件案件。请写“机构编码:案号”，并核对台账里的案号。")
NO_ANCHOR = msg("这个批次没有这件定标卷。请写“机构编码:案号”。")


def settings_of(round_: Round) -> Calibration | None:
    """The rate of repeats, None where there are none."""
    return db.session.get(Calibration, round_.id)


@dataclass(frozen=True)
class ExpertFigures:
    """An expert of the round: deviations from the anchors, and the own error from repeats."""

    code: str
    name: str
    submitted: int
    leaning: core.Leaning | None
    repeats: int
    within: core.WithinExpert | None


@dataclass(frozen=True)
class RoundFigures:
    """Every expert of the round, and the within-expert error over all of their repeats; `open` repeats wait."""

    experts: tuple[ExpertFigures, ...]
    within: core.WithinExpert | None
    open: int


def figures_of(actor: Actor, round_: Round) -> RoundFigures:
    """What anchors and repeats of a round show, for its owning body."""
    require(actor, Permission.ROUND_ASSIGN, round_)
    scored = _deviations(round_.id)
    pairs = repeat_pairs([round_.id])
    waiting = db.session.execute(
        select(func.count()).where(
            CalibrationSheet.round_id == round_.id, CalibrationSheet.repeat_of_id.is_not(None),
            CalibrationSheet.state != SUBMITTED, CalibrationSheet.withdrawn_at.is_(None),
        )
    ).scalar_one()  # fmt: skip
    readers = select(Assignment.expert_id).where(Assignment.round_id == round_.id)
    experts = db.session.execute(
        select(Expert.id, Expert.code, Expert.name)
        .where(Expert.id.in_(readers) | Expert.id.in_(list(scored)))
        .order_by(Expert.code)
    )
    return RoundFigures(
        tuple(
            ExpertFigures(
                code, name, len(scored.get(id_, ())),
                core.leaning([one for one in scored.get(id_, ()) if one is not None]),
                len(pairs.get(id_, ())), core.within_expert(pairs.get(id_, ())),
            )
            for id_, code, name in experts
        ),
        core.within_expert([pair for own in pairs.values() for pair in own]),
        waiting,
    )  # fmt: skip


def _deviations(round_id: int) -> Mapping[int, Sequence[int | None]]:
    """By expert own minus reference of each submitted anchor; None where there is no reference yet."""
    rows = db.session.execute(
        select(CalibrationSheet.expert_id, CalibrationSheet.total, Anchor.reference)
        .join(Anchor, CalibrationSheet.anchor_id == Anchor.id)
        .where(Anchor.round_id == round_id, CalibrationSheet.state == SUBMITTED)
        .order_by(CalibrationSheet.id)
    )
    found: dict[int, list[int | None]] = defaultdict(list)
    for expert, total, reference in rows:
        found[expert].append(total - reference["total"] if reference else None)
    return found


def repeat_pairs(round_ids: Collection[int]) -> Mapping[int, Sequence[tuple[int, int]]]:
    """By expert (first total, second total) of every file scored twice: what `within_expert` is reckoned from.

    The first is the last revision of the sheet that counts; the rounds' results hold nothing of the second.
    """
    newer = (
        select(func.max(Sheet.revision))
        .where(Sheet.assignment_id == CalibrationSheet.repeat_of_id)
        .correlate(CalibrationSheet)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(CalibrationSheet.expert_id, Sheet.total, CalibrationSheet.total)
        .join(Sheet, (Sheet.assignment_id == CalibrationSheet.repeat_of_id) & (Sheet.revision == newer))
        .where(CalibrationSheet.round_id.in_(round_ids), CalibrationSheet.state == SUBMITTED)
        .order_by(CalibrationSheet.id)
    )
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for expert, first, second in rows:
        if first is not None and second is not None:
            found[expert].append((first, second))
    return found


def submitted_of(round_id: int) -> Mapping[int, int]:
    """How many experts have scored each anchor of the round."""
    rows = db.session.execute(
        select(CalibrationSheet.anchor_id, func.count())
        .where(CalibrationSheet.round_id == round_id, CalibrationSheet.state == SUBMITTED)
        .group_by(CalibrationSheet.anchor_id)
    )
    return {anchor: count for anchor, count in rows if anchor is not None}


def reference_for(actor: Actor, public_id: str) -> tuple[Round, Anchor]:
    """An anchor of a round that the actor's body owns; NotFound for any other."""
    row = db.session.execute(
        select(Round, Anchor)
        .join(Anchor, Anchor.round_id == Round.id)
        .where(Anchor.public_id == public_id, scope.rounds(actor, Permission.ROUND_ASSIGN))
    ).one_or_none()
    if row is None:
        raise NotFound(where="anchor")
    require(actor, Permission.ROUND_ASSIGN, row[0])
    return row[0], row[1]


def by_key(round_: Round, key: str) -> Anchor:
    """The anchor of this case key; NotFound where the round has none such."""
    found = next((one for one in anchors_of(round_.id) if key_of(one) == key), None)
    if found is None:
        raise NotFound("anchor.not_found", NO_ANCHOR, where="case")
    return found


@dataclass(frozen=True)
class Repeatable:
    """A submitted first-round sheet whose file may come back to its reader."""

    assignment: Assignment
    key: str
    expert: str
    case_id: int
    rubric: str


def repeatable(round_: Round, *, before: datetime) -> list[Repeatable]:
    """Submitted before this moment, and not dealt again yet; files of readers whom recusal has taken off are left."""
    last = select(func.max(Sheet.submitted_at)).where(Sheet.assignment_id == Assignment.id).scalar_subquery()
    again = exists().where(CalibrationSheet.repeat_of_id == Assignment.id)
    rows = db.session.execute(
        select(Assignment, FrameCase.key, Expert.code, FrameCase.case_id, FrameCase.rubric)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .where(
            Assignment.round_id == round_.id, Assignment.slot.in_(FIRST_ROUND),
            Assignment.state == SUBMITTED, Expert.active, ~again, last <= before,
        )
        .order_by(Assignment.id)
    )  # fmt: skip
    return [Repeatable(*row) for row in rows]


def candidate(actor: Actor, key: str) -> Case:
    """A case of the actor's registers by its key `institution code:number`; NotFound for any other."""
    code, _colon, number = key.partition(":")
    case = db.session.execute(
        select(Case)
        .join(Institution, Case.institution_id == Institution.id)
        .where(scope.cases(actor), Institution.code == code.strip(), Case.number == number.strip())
    ).scalar_one_or_none()
    if case is None:
        raise NotFound("anchor.no_case", NO_CASE, where="case")
    return case
