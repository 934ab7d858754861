"""Sheets: drafts, submission, and what the last sheet of a case sets going."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from qualityeval.adapters.rubric_files import read_rubric
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import NotFound, Stale, WrongState, msg
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.sheet import Content, Judged, judge, read_content
from qualityeval.core.staff_part import check_experts, experts_part, joined
from qualityeval.core.workflow import round_after, scoring_act
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    CalibrationSheet,
    FrameCase,
    Round,
    RubricVersion,
    SampledCase,
    Sheet,
    SheetDraft,
    WaitingSheet,
)
from qualityeval.queries import staff_parts
from qualityeval.queries.sheets import OnDesk
from qualityeval.services import arbitration, audit, calibration_sheets, waiting_sheets
from qualityeval.services.bench import Bench
from qualityeval.services.interests import refuse_conflicted
from qualityeval.services.recusal_check import refuse_recused
from qualityeval.services.seeds import lock

DEALT, SUBMITTED, RETURNED = "dealt", "submitted", "returned"
OPEN = frozenset({DEALT, RETURNED})
LONGEST_REASON = 400


@dataclass(frozen=True)
class Whole:
    """A complete sheet with its case's staff part; `handed_in` where the expert did so before it could be reckoned."""

    assignment: Assignment
    rubric: Rubric
    written: Content
    handed_in: datetime | None = None


def save_draft(
    *, actor: Actor, assignment: OnDesk, content: dict[str, Any], seen_version: int, now: datetime
) -> int:
    """Keep what is written so far; returns the new version. Stale when another page saved since."""
    if isinstance(assignment, CalibrationSheet):
        return calibration_sheets.save_draft(
            actor=actor, sheet=assignment, content=content, seen_version=seen_version, rubric=rubric_of(assignment),
            now=now,
        )  # fmt: skip
    require(actor, Permission.SHEET_WRITE, assignment)
    db.session.refresh(
        assignment, ["state"], with_for_update=True
    )  # a submission at this moment comes first or after
    _refuse_closed(assignment)
    refuse_recused(assignment)
    written = read_content(content, rubric_of(assignment)).as_json()
    waiting_sheets.take_out(assignment, written)
    draft = db.session.get(SheetDraft, assignment.id, with_for_update=True)
    if (draft.version if draft else 0) != seen_version:
        raise Stale(where="version")
    if draft is None:
        draft = SheetDraft(assignment_id=assignment.id, content=written, saved_at=now)
        db.session.add(draft)
    draft.content, draft.saved_at = written, now
    try:
        db.session.flush()
    except IntegrityError as fault:  # the first save of another page came between
        raise Stale(where="version") from fault
    audit.record(
        actor, "sheet.saved", now=now, object_type="assignment", object_id=assignment.public_id,
        version=draft.version,
    )  # fmt: skip
    return draft.version


def submit_sheet(
    *, actor: Actor, assignment: OnDesk, content: dict[str, Any], now: datetime
) -> Sheet | CalibrationSheet | WaitingSheet:
    """The expert's own submission of a complete sheet, for good until it is returned.

    While the staff part of the case is open it waits: the expert may change it until staff have answered.
    """
    if isinstance(assignment, CalibrationSheet):
        return calibration_sheets.submit(
            actor=actor, sheet=assignment, content=content, rubric=rubric_of(assignment), now=now
        )
    require(actor, Permission.SHEET_WRITE, assignment)
    refuse_recused(assignment)
    round_ = being_scored(assignment.round_id)
    db.session.refresh(assignment)  # a doubled press waited here for the first one
    _refuse_closed(assignment)
    rubric = whole_rubric_of(assignment)
    if staff_parts.marks_of(assignment.sampled_case_id, rubric) is None:
        return waiting_sheets.wait(
            actor=actor, assignment=assignment, rubric=rubric, content=content, now=now
        )
    written = waiting_sheets.with_staff(assignment, rubric=rubric, written=read_content(content, rubric))
    whole = Whole(assignment, rubric, written)
    return keep_sheets(actor=actor, round_=round_, sheets=[whole], now=now)[0]


def keep_sheets(*, actor: Actor, round_: Round, sheets: Sequence[Whole], now: datetime) -> list[Sheet]:
    """Judge complete sheets of one round, keep them as they are, and settle each case whose last ones they are.

    Rights are the caller's to have checked, and the round is held and being scored. Refuses an incomplete sheet by its
    items, and a second submission.
    """
    kept = [_kept(one, now=now) for one in sheets]
    db.session.flush()
    for one, sheet in zip(sheets, kept, strict=True):
        audit.record(
            actor, "sheet.submitted", now=now, object_type="assignment", object_id=one.assignment.public_id,
            total=sheet.total, grade=sheet.grade, revision=sheet.revision, by_proxy=False,
            **({"handed_in": one.handed_in.isoformat()} if one.handed_in else {}),
        )  # fmt: skip
    last = {one.assignment.sampled_case_id: one for one in sheets}
    bench = Bench(round_, now=now, cases=list(last))
    for case, one in last.items():
        settled = arbitration.settle(bench=bench, sampled_id=case, rubric=one.rubric, now=now)
        if settled is not None:
            audit.record(
                actor, "case.settled", now=now, object_type="assignment", object_id=one.assignment.public_id,
                **asdict(settled),
            )  # fmt: skip
    arbitration.move_on(round_)
    return kept


def _kept(one: Whole, *, now: datetime) -> Sheet:
    _refuse_closed(one.assignment)
    sheet = new_sheet(
        one.assignment, rubric=one.rubric, written=one.written, judged=judge(one.rubric, one.written), by_proxy=False,
        now=one.handed_in or now,
    )  # fmt: skip
    db.session.add(sheet)
    one.assignment.state = SUBMITTED
    return sheet


def return_sheet(*, actor: Actor, assignment: Assignment, reason: str, now: datetime) -> None:
    """Give a submitted sheet back to its expert with a reason, until its case has a result."""
    require(actor, Permission.ROUND_ASSIGN, db.session.get_one(Round, assignment.round_id))
    refuse_conflicted(actor, assignment.sampled_case_id)
    _locked_round_of(assignment)
    if assignment.state != SUBMITTED or arbitration.has_result(assignment.sampled_case_id):
        raise WrongState(
            "sheet.not_returnable", msg("只有已提交、还没有用于合议的评分表才能退回。"), where="state"
        )
    ask = msg("请写明退回的理由。")
    kept = written(reason, "reason", code="sheet.return_reason", longest=LONGEST_REASON, ask=ask)
    assignment.state, assignment.returned_because = RETURNED, kept
    audit.record(
        actor,
        "sheet.returned",
        now=now,
        object_type="assignment",
        object_id=assignment.public_id,
        reason=kept,
    )


def withdraw_sheet(*, actor: Actor, assignment: Assignment, now: datetime) -> None:
    """The expert takes back the own sheet until its case has a result or waits for a third reader.

    What was submitted stays on record; what is submitted next is another revision.
    """
    require(actor, Permission.SHEET_WRITE, assignment)
    _locked_round_of(assignment)
    if not may_withdraw(assignment):
        raise WrongState(
            "sheet.not_withdrawable",
            msg("评分表已用于合议，不能撤回。需要改时请联系管理员。"),
            where="state",
        )
    assignment.state, assignment.returned_because = RETURNED, ""
    audit.record(actor, "sheet.withdrawn", now=now, object_type="assignment", object_id=assignment.public_id)


def may_withdraw(assignment: Assignment) -> bool:
    """Whether the submitted sheet hasn't been used yet; one entered by proxy is the manager's to return."""
    if assignment.state != SUBMITTED or arbitration.has_result(assignment.sampled_case_id):
        return False
    last = select(Sheet.by_proxy).where(Sheet.assignment_id == assignment.id).order_by(Sheet.revision.desc())
    return not db.session.execute(last.limit(1)).scalar_one()


def being_scored(round_id: int) -> Round:
    """The round, held, and being scored from now on."""
    round_ = db.session.get_one(Round, round_id)
    lock(round_)
    round_.state = round_after(round_.state, scoring_act(round_.state))
    return round_


def _locked_round_of(assignment: Assignment) -> Round:
    """Hold the round, then read the assignment anew: a doubled press waited here for the first one."""
    round_ = db.session.get_one(Round, assignment.round_id)
    lock(round_)
    db.session.refresh(assignment)
    return round_


def judged_so_far(assignment: OnDesk, content: dict[str, Any]) -> Judged | None:
    """What the sheet comes to as it is written; None where it is complete but for the staff part. Refuses as `judge`."""
    rubric = whole_rubric_of(assignment)
    written = read_content(content, rubric)
    if isinstance(assignment, CalibrationSheet):
        return judge(rubric, written)
    staff = staff_parts.marks_of(assignment.sampled_case_id, rubric)
    if staff is None:
        check_experts(rubric, written)
        return None
    return judge(rubric, joined(rubric, written, staff))


def rubric_of(assignment: OnDesk) -> Rubric:
    """The frozen rubric of the assigned case as its expert is asked: without the items that staff answer."""
    return experts_part(whole_rubric_of(assignment))


def whole_rubric_of(assignment: OnDesk) -> Rubric:
    """The frozen rubric of the assigned case."""
    if isinstance(assignment, CalibrationSheet):
        return frozen_rubric(assignment.rubric)
    key = db.session.execute(
        select(FrameCase.rubric)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.id == assignment.sampled_case_id)
    ).scalar_one()
    return frozen_rubric(key)


def frozen_rubric(key: str) -> Rubric:
    """The rubric version `code@version` as it was when first used."""
    code, _, version = key.partition("@")
    text = db.session.execute(
        select(RubricVersion.text).where(RubricVersion.code == code, RubricVersion.version == int(version))
    ).scalar_one_or_none()
    if text is None:
        raise NotFound("rubric.not_found", where="rubric")
    return _parsed(text)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Rubric:
    return read_rubric(text)


def _refuse_closed(assignment: Assignment) -> None:
    if assignment.state not in OPEN:
        raise WrongState(
            "sheet.submitted", msg("这份评分表已经提交，不能再改。需要改时请管理员退回。"), where="state"
        )


def new_sheet(
    assignment: Assignment, *, rubric: Rubric, written: Content, judged: Judged, by_proxy: bool, now: datetime
) -> Sheet:
    """The row of a judged sheet, the next revision of its assignment."""
    revision = 1
    if assignment.state == RETURNED:
        earlier = select(func.max(Sheet.revision)).where(Sheet.assignment_id == assignment.id)
        revision += db.session.execute(earlier).scalar_one() or 0
    return Sheet(
        assignment_id=assignment.id, revision=revision, rubric=rubric.key, content=written.as_json(),
        total=judged.total, grade=judged.grade.name, vetoes=sorted(judged.vetoes), asks=written.asks,
        overall=written.overall, by_proxy=by_proxy, submitted_at=now,
    )  # fmt: skip
