"""What an expert may see: the files dealt to them, blind, and their own sheets.

Anchors and files that came back lie in a table of their own; on the desk they stand among the others, a file that
came back like any other.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select, union_all
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, may
from qualityeval.core.appointments import CALIBRATION
from qualityeval.core.errors import NotAllowed, NotFound, msg
from qualityeval.database import db, read_once
from qualityeval.models import (
    Assignment,
    CalibrationSheet,
    Case,
    Expert,
    FrameCase,
    Round,
    SampledCase,
    Sheet,
    SheetDraft,
)
from qualityeval.queries import calibration, clearances, file_answers, recused, scoring_deadlines, staff_parts

OnDesk = Assignment | CalibrationSheet

ACTIVE = ("assigned", "scoring", "arbitration", "objection")
REVIEW = "review"  # the slot of a released case that is read anew
CODE_LENGTH = 8


class Uncleared(NotAllowed):
    """The round asks for something before a file opens: an undertaking, or training."""

    code = "clearance.needed"
    text = msg("打开案卷以前，请先完成这个批次要求的事项。")


@dataclass(frozen=True)
class DeskRow:
    """A dealt file without a name: its code, what kind of case it is, and how far its sheet is."""

    public_id: str
    round_title: str
    cause: str
    case_type: str
    aid_form: str
    stage: str
    slot: str
    state: str
    begun: bool
    due: date | None
    total: int | None

    @property
    def code(self) -> str:
        """The code that stands for the case on pages and paper."""
        return self.public_id[:CODE_LENGTH].upper()


def _own(actor: Actor) -> ColumnElement[bool]:
    if not may(actor, Permission.SHEET_WRITE) or actor.expert_code is None:
        return false()
    own = (Expert.code == actor.expert_code) & Round.state.in_((*ACTIVE, "released", "closed"))
    code = actor.expert_code
    gone = read_once(("recused", code), lambda: recused.lines_of(code))
    return own & Assignment.id.not_in(gone) if gone else own


def own_lines(actor: Actor, state: str) -> Select[Any]:
    """The expert's dealt files with their round; `open` are those that still wait for a sheet."""
    query = (
        select(Assignment)
        .join(Expert, Assignment.expert_id == Expert.id)
        .join(Round, Assignment.round_id == Round.id)
        .where(_own(actor))
    )
    if state == "open":
        return query.where(
            ~staff_parts.is_waiting(),
            Assignment.state != "submitted",
            Round.state.in_(ACTIVE) | (Assignment.slot == REVIEW),
        )
    return query.where(staff_parts.standing() == state) if state else query


def count_for(actor: Actor, *, state: str = "") -> int:
    """How many files the expert has; `open` counts those that still wait for a sheet."""
    parts = (own_lines(actor, state), calibration.own_lines(actor, state=state))
    counts = (part.with_only_columns(func.count(), maintain_column_froms=True) for part in parts)
    return sum(int(db.session.execute(count).scalar_one()) for count in counts)


def list_for(
    actor: Actor, *, state: str = "", limit: int = 50, offset: int = 0, only: str = ""
) -> list[DeskRow]:
    """The expert's files (or the one of this public id), open ones first; names are never selected."""
    lines = union_all(_dealt(actor, state, only), _beside(actor, state, only)).subquery().c
    query = select(*(column for column in lines if column.name != "dealt_at")).order_by(
        lines.state.in_(("submitted", staff_parts.WAITING)), lines.dealt_at, lines.public_id
    )
    rows: list[Any] = list(db.session.execute(query.limit(limit).offset(offset)))
    days = scoring_deadlines.days_of({row.round for row in rows})
    return [DeskRow(*(*row[:9], days.get(row.round), row.total)) for row in rows]


def _dealt(actor: Actor, state: str, only: str) -> Any:
    """Lines of assignments; the columns are those of `DeskRow`."""
    last = (
        select(Sheet.total)
        .where(Sheet.assignment_id == Assignment.id)
        .order_by(Sheet.revision.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        own_lines(actor, state)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .outerjoin(SheetDraft, SheetDraft.assignment_id == Assignment.id)
        .with_only_columns(
            Assignment.public_id, Round.title, Case.cause, Case.case_type, Case.aid_form, Case.stage,
            Assignment.slot, staff_parts.standing(), SheetDraft.version.is_not(None).label("begun"),
            Round.id.label("round"), last.label("total"),
            Assignment.dealt_at,
        )
    )  # fmt: skip
    return query.where(Assignment.public_id == only) if only else query


def _beside(actor: Actor, state: str, only: str) -> Any:
    """The same of anchors and of files that came back."""
    line = CalibrationSheet
    query = (
        calibration.own_lines(actor, state=state)
        .join(Case, line.case_id == Case.id)
        .with_only_columns(
            line.public_id, Round.title, Case.cause, Case.case_type, Case.aid_form, Case.stage, line.slot, line.state,
            (line.drafted > 0).label("begun"), Round.id.label("round"), line.total, line.dealt_at,
        )
    )  # fmt: skip
    return query.where(line.public_id == only) if only else query


def get_for(actor: Actor, public_id: str, *, opening: bool = True) -> OnDesk:
    """The file of this expert; another's is not there.

    `opening`: to read the file or to write about it, refused as `Uncleared` while the round's requirements are open.
    """
    found: OnDesk | None = db.session.execute(
        own_lines(actor, "").where(Assignment.public_id == public_id).options(joinedload(Assignment.expert))
    ).scalar_one_or_none()
    if found is None:
        beside = calibration.own_lines(actor).where(CalibrationSheet.public_id == public_id)
        found = db.session.execute(beside).scalar_one_or_none()
    if found is None:
        raise NotFound(where="assignment")
    if opening and _lacking(found):
        raise Uncleared(where="assignment")
    return found


def _lacking(line: OnDesk) -> set[str]:
    """What the round asks for before this file opens: anchors themselves don't wait for anchors."""
    is_anchor = isinstance(line, CalibrationSheet) and line.anchor_id is not None
    return set(clearances.lacking(line.round_id, line.expert_id)) - ({CALIBRATION} if is_anchor else set())


def is_accepted(line: OnDesk) -> bool:
    """Whether the expert has said so."""
    if isinstance(line, CalibrationSheet):
        return line.accepted_at is not None
    return file_answers.of_line(line) is not None


def case_id_of(line: OnDesk) -> int:
    """The key of the case that the file is about."""
    if isinstance(line, CalibrationSheet):
        return line.case_id
    return db.session.execute(
        select(FrameCase.case_id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.id == line.sampled_case_id)
    ).scalar_one()


def row_for(actor: Actor, public_id: str) -> DeskRow:
    """One file as the desk's head shows it."""
    rows = list_for(actor, only=public_id)
    if not rows:
        raise NotFound(where="assignment")
    return rows[0]


def written(assignment: OnDesk) -> tuple[dict[str, Any], int]:
    """What the desk shows: the draft and its version, else the last submitted content, else nothing.

    What staff answered isn't in it.
    """
    if isinstance(assignment, CalibrationSheet):
        return dict(assignment.draft or {}), assignment.drafted
    draft, last = db.session.get(SheetDraft, assignment.id), last_sheet(assignment)
    if draft is not None:
        return dict(draft.content), draft.version
    return (staff_parts.without_staff(assignment.sampled_case_id, last.content or {}), 0) if last else ({}, 0)


def last_sheet(assignment: OnDesk) -> Sheet | CalibrationSheet | None:
    """The latest submission."""
    if isinstance(assignment, CalibrationSheet):
        return assignment if assignment.state == "submitted" else None
    return (
        db.session.execute(
            select(Sheet).where(Sheet.assignment_id == assignment.id).order_by(Sheet.revision.desc())
        )
        .scalars()
        .first()
    )


def next_open(actor: Actor, *, after: str = "") -> str | None:
    """The public id of the file that waits next: behind `after` first, then from the start; never `after`."""
    parts = (
        own_lines(actor, "open").with_only_columns(Assignment.public_id, Assignment.dealt_at),
        calibration.own_lines(actor, state="open").with_only_columns(
            CalibrationSheet.public_id, CalibrationSheet.dealt_at
        ),
    )
    lines = union_all(*parts).subquery().c
    waiting = list(
        db.session.execute(select(lines.public_id).order_by(lines.dealt_at, lines.public_id)).scalars()
    )
    at = waiting.index(after) + 1 if after in waiting else 0
    return next((found for found in (*waiting[at:], *waiting[:at]) if found != after), None)
