"""What an expert may see: the files dealt to them, blind, and their own sheets."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, may
from qualityeval.core.errors import NotAllowed, NotFound, msg
from qualityeval.database import db, read_once
from qualityeval.models import Assignment, Case, Expert, FrameCase, Round, SampledCase, Sheet, SheetDraft
from qualityeval.queries import clearances, recused

ACTIVE = ("assigned", "scoring", "arbitration", "objection")
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


def _lines(actor: Actor, state: str) -> Select[Any]:
    query = (
        select(Assignment)
        .join(Expert, Assignment.expert_id == Expert.id)
        .join(Round, Assignment.round_id == Round.id)
        .where(_own(actor))
    )
    if state == "open":
        return query.where(Assignment.state != "submitted", Round.state.in_(ACTIVE))
    return query.where(Assignment.state == state) if state else query


def count_for(actor: Actor, *, state: str = "") -> int:
    """How many files the expert has; `open` counts those that still wait for a sheet."""
    query = _lines(actor, state).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def list_for(
    actor: Actor, *, state: str = "", limit: int = 50, offset: int = 0, only: str = ""
) -> list[DeskRow]:
    """The expert's files (or the one of this public id), open ones first; names are never selected."""
    last = (
        select(Sheet.total)
        .where(Sheet.assignment_id == Assignment.id)
        .order_by(Sheet.revision.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        _lines(actor, state)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .outerjoin(SheetDraft, SheetDraft.assignment_id == Assignment.id)
        .with_only_columns(
            Assignment.public_id, Round.title, Case.cause, Case.case_type, Case.aid_form, Case.stage,
            Assignment.slot, Assignment.state, SheetDraft.version, last,
        )
        .order_by(Assignment.state == "submitted", Assignment.dealt_at, Assignment.public_id)
    )  # fmt: skip
    if only:
        query = query.where(Assignment.public_id == only)
    return [
        DeskRow(*row[:8], begun=row[8] is not None, due=None, total=row[9])
        for row in db.session.execute(query.limit(limit).offset(offset))
    ]


def get_for(actor: Actor, public_id: str, *, opening: bool = True) -> Assignment:
    """The assignment of this expert; another's is not there.

    `opening`: to read the file or to write about it, refused as `Uncleared` while the round's requirements are open.
    """
    found: Assignment | None = db.session.execute(
        _lines(actor, "").where(Assignment.public_id == public_id).options(joinedload(Assignment.expert))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(where="assignment")
    if opening and clearances.lacking(found.round_id, found.expert_id):
        raise Uncleared(where="assignment")
    return found


def row_for(actor: Actor, public_id: str) -> DeskRow:
    """One file as the desk's head shows it."""
    rows = list_for(actor, only=public_id)
    if not rows:
        raise NotFound(where="assignment")
    return rows[0]


def written(assignment: Assignment) -> tuple[dict[str, Any], int]:
    """What the desk shows: the draft and its version, else the last submitted content, else nothing."""
    draft, last = db.session.get(SheetDraft, assignment.id), last_sheet(assignment)
    if draft is not None:
        return dict(draft.content), draft.version
    return (dict(last.content), 0) if last else ({}, 0)


def last_sheet(assignment: Assignment) -> Sheet | None:
    """The latest submission."""
    return (
        db.session.execute(
            select(Sheet).where(Sheet.assignment_id == assignment.id).order_by(Sheet.revision.desc())
        )
        .scalars()
        .first()
    )


def next_open(actor: Actor, *, after: str = "") -> str | None:
    """The public id of the file that waits next: behind `after` first, then from the start; never `after`."""
    rows = db.session.execute(
        _lines(actor, "open")
        .with_only_columns(Assignment.public_id)
        .order_by(Assignment.dealt_at, Assignment.public_id)
    ).scalars()
    waiting = list(rows)
    at = waiting.index(after) + 1 if after in waiting else 0
    return next((found for found in (*waiting[at:], *waiting[:at]) if found != after), None)
