"""The demonstration's anchors and hidden repeats, by the services that people use."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from qualityeval.authz import COMMAND_LINE, Actor
from qualityeval.core import demo_reviews
from qualityeval.core.calibration import points_of
from qualityeval.core.codes import Role
from qualityeval.core.errors import msg
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.sheet import read_content
from qualityeval.database import db
from qualityeval.models import (
    Anchor,
    Assignment,
    CalibrationSheet,
    Case,
    Expert,
    FrameCase,
    Round,
    SampledCase,
)
from qualityeval.queries import calibration as queries
from qualityeval.services import calibration, calibration_sheets
from qualityeval.services.scoring import frozen_rubric
from qualityeval.services.sheet_import import Gathered, take

ANCHORS, RATE, DAYS, PANEL = 2, "10%", 7, 5
GROUNDS = msg("专家组五人会商一致，见会商记录。")


def choose_anchors(manager: Actor, round_: Round, *, earlier: str, seed: int, now: datetime) -> None:
    """Cases that an earlier round evaluated, each with a reference answer that a panel agreed on."""
    rows = db.session.execute(
        select(FrameCase.key)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Round, SampledCase.round_id == Round.id)
        .join(Case, FrameCase.case_id == Case.id)
        .where(Round.code == earlier, Case.sealed.is_(False), FrameCase.rubric.startswith("criminal-trial"))
        .order_by(SampledCase.ticket)
        .limit(ANCHORS)
    )
    for key in rows.scalars().all():
        anchor = calibration.choose(actor=manager, round_=round_, key=key, now=now)
        rubric = frozen_rubric(anchor.rubric)
        calibration.set_reference(
            actor=manager, round_=round_, anchor=anchor, content=_agreed(rubric, seed, key), source="panel",
            reason=GROUNDS, rubric=rubric, now=now,
        )  # fmt: skip


def score_anchors(round_: Round, *, left: Collection[str], seed: int, now: datetime) -> None:
    """Every expert of the round scores the anchors; those `left` have the last one before them still."""
    readers = select(Assignment.expert_id).where(Assignment.round_id == round_.id)
    codes = db.session.execute(select(Expert.code).where(Expert.id.in_(readers)).order_by(Expert.code))
    anchors = queries.anchors_of(round_.id)
    for code in codes.scalars().all():
        for anchor in anchors[: -1 if code in left else None]:
            _score(anchor, code, seed, now)


def _score(anchor: Anchor, code: str, seed: int, now: datetime) -> None:
    actor = _reader(code)
    rubric, key = frozen_rubric(anchor.rubric), queries.key_of(anchor)
    if anchor.id not in {one.id for one in queries.due(*_seat(anchor, code))}:
        return  # recused from it
    sheet = calibration.open_anchor(actor=actor, public_id=anchor.public_id, now=now)
    content = _content(rubric, seed, key, code)
    calibration_sheets.submit(actor=actor, sheet=sheet, content=content, rubric=rubric, now=now)


def _reader(code: str) -> Actor:
    return replace(COMMAND_LINE, name=code, role=Role.EXPERT, expert_code=code)


def _seat(anchor: Anchor, code: str) -> tuple[Round, Expert]:
    expert = db.session.execute(select(Expert).where(Expert.code == code)).scalar_one()
    return db.session.get_one(Round, anchor.round_id), expert


def repeat_some(manager: Actor, round_: Round, *, left: Collection[str], seed: int, now: datetime) -> None:
    """A tenth of the sheets comes back; those `left` have theirs before them still."""
    calibration.set_repeats(actor=manager, round_=round_, rate=RATE, days=0, now=now)
    calibration.deal_repeats(actor=manager, round_=round_, now=now)
    calibration.set_repeats(actor=manager, round_=round_, rate=RATE, days=DAYS, now=now)
    rows = db.session.execute(
        select(CalibrationSheet, FrameCase.key)
        .join(Assignment, CalibrationSheet.repeat_of_id == Assignment.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(CalibrationSheet.round_id == round_.id)
        .order_by(CalibrationSheet.id)
    ).all()
    for sheet, key in rows:
        code = sheet.expert.code
        if code in left:
            continue
        rubric = frozen_rubric(sheet.rubric)
        calibration_sheets.submit(
            actor=_reader(code), sheet=sheet,
            content=_content(rubric, seed, key, f"{code} again"), rubric=rubric, now=now,
        )  # fmt: skip


def _agreed(rubric: Rubric, seed: int, key: str) -> dict[str, Any]:
    """Of a panel's sheets the one in the middle."""
    sheets = [_content(rubric, seed, key, f"panel {number}") for number in range(PANEL)]
    return sorted(sheets, key=lambda one: points_of(rubric, read_content(one, rubric)))[PANEL // 2]


def _content(rubric: Rubric, seed: int, key: str, expert: str) -> dict[str, Any]:
    gathered = Gathered(1)
    place = key.partition(":")[0]
    for line in demo_reviews.sheet(rubric, seed=seed, case=key, institution=place, expert=expert):
        if not line["item"].startswith("veto:"):
            take(gathered, line)
    return gathered.under(rubric)
