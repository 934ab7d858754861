"""What the desk does with a sheet of an anchor or a repeat, beside what it does with one that counts."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import Stale, WrongState, msg
from qualityeval.core.recusal import TIES, reasons
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.sheet import judge, read_content
from qualityeval.database import db
from qualityeval.models import CalibrationSheet, Case, Round
from qualityeval.queries import calibration as queries
from qualityeval.services import audit, interests
from qualityeval.services.recusal_check import Recused


def save_draft(
    *, actor: Actor, sheet: CalibrationSheet, content: dict[str, Any], seen_version: int, rubric: Rubric, now: datetime
) -> int:  # fmt: skip
    """Keep what is written so far; returns the new version. Stale when another page saved since."""
    sheet = _open(actor, sheet)
    written = read_content(content, rubric).as_json()
    if sheet.drafted != seen_version:
        raise Stale(where="version")
    sheet.draft, sheet.drafted = written, sheet.drafted + 1
    db.session.flush()
    _note(actor, "sheet.saved", sheet, now, version=sheet.drafted)
    return sheet.drafted


def submit(
    *, actor: Actor, sheet: CalibrationSheet, content: dict[str, Any], rubric: Rubric, now: datetime
) -> CalibrationSheet:
    """Judge a complete sheet and keep it, for good; no case is settled and no round moves on by it."""
    sheet = _open(actor, sheet)
    written = read_content(content, rubric)
    judged = judge(rubric, written)
    sheet.content, sheet.total, sheet.grade = written.as_json(), judged.total, judged.grade.name
    sheet.draft, sheet.state, sheet.submitted_at = sheet.content, queries.SUBMITTED, now
    db.session.flush()
    _note(actor, "sheet.submitted", sheet, now, total=sheet.total, grade=sheet.grade)
    return sheet


def accept(*, actor: Actor, sheet: CalibrationSheet, now: datetime) -> None:
    """The expert takes it on, as with any file."""
    sheet = _open(actor, sheet)
    sheet.accepted_at = now
    db.session.flush()
    _note(actor, "file.accepted", sheet, now)


def give_up(
    *, actor: Actor, sheet: CalibrationSheet, answer: str, reason: str, kind: str = "", now: datetime
) -> None:
    """Gone from the desk for good; with an interest declared, that counts as for any case. An anchor isn't declined."""
    sheet = _open(actor, sheet)
    if sheet.anchor_id is not None and kind not in TIES:
        raise WrongState(
            "anchor.declined", msg("定标卷每位专家都要评，不能谢绝；有利害关系的请申报。"), where="answer"
        )
    sheet.withdrawn_at = now
    db.session.flush()
    if kind:
        case = db.session.get_one(Case, sheet.case_id)
        interests.declare_for_case(
            actor=actor, expert=sheet.expert, case=case, kind=kind, reason=reason, now=now
        )
    _note(actor, "file.given_up", sheet, now, answer=answer, reason=reason)


def _open(actor: Actor, sheet: CalibrationSheet) -> CalibrationSheet:
    """The row, locked and read anew, while it waits for its expert; the first of two presses wins."""
    require(actor, Permission.SHEET_WRITE, sheet)
    found = db.session.execute(
        select(CalibrationSheet)
        .where(CalibrationSheet.id == sheet.id)
        .with_for_update(of=CalibrationSheet)
        .execution_options(populate_existing=True)
    ).scalar_one()
    round_ = db.session.get_one(Round, found.round_id)
    if found.state == queries.SUBMITTED or found.withdrawn_at:
        raise WrongState(
            "sheet.submitted", msg("这份评分表已经提交，不能再改。需要改时请管理员退回。"), where="state"
        )
    if round_.state not in queries.ACTIVE:
        raise WrongState("sheet.round_over", msg("这个批次的评分已经结束。"), where="state")
    if reasons(*queries.parties(found), queries.rules_of(round_)):
        raise Recused(where="case")
    return found


def _note(actor: Actor, action: str, sheet: CalibrationSheet, now: datetime, **detail: object) -> None:
    audit.record(actor, action, now=now, object_type="calibration", object_id=sheet.public_id, **detail)
