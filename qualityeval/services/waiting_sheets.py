"""Sheets and the staff part of their cases: joined where it is there, waiting where it isn't."""

from datetime import datetime
from typing import Any

from qualityeval.authz import Actor
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.sheet import Content, read_content
from qualityeval.core.staff_part import check_experts, joined
from qualityeval.database import db
from qualityeval.models import Assignment, WaitingSheet
from qualityeval.queries import staff_parts
from qualityeval.services import audit


def with_staff(assignment: Assignment, *, rubric: Rubric, written: Content) -> Content:
    """The sheet with the staff part of its case; WrongState while that is open."""
    staff = staff_parts.marks_of(assignment.sampled_case_id, rubric)
    if staff is None:
        raise WrongState(
            "staff.open", msg("这件案件由工作人员填写的部分还没有填写，先填写才能定出等次。"), where="item"
        )
    return joined(rubric, written, staff)


def wait(
    *, actor: Actor, assignment: Assignment, rubric: Rubric, content: dict[str, Any], now: datetime
) -> WaitingSheet:
    """Keep a complete experts' part until staff have answered; the next one replaces it."""
    written = read_content(content, rubric)
    check_experts(rubric, written)
    row = staff_parts.waiting_of(assignment.id)
    if row is None:
        row = WaitingSheet(assignment_id=assignment.id)
        db.session.add(row)
    row.content, row.handed_in_at = written.as_json(), now
    db.session.flush()
    audit.record(actor, "sheet.waiting", now=now, object_type="assignment", object_id=assignment.public_id)
    return row


def take_out(assignment: Assignment, written: dict[str, Any]) -> None:
    """What was handed in and is changed now doesn't wait any more: it is to be submitted anew."""
    row = staff_parts.waiting_of(assignment.id)
    if row is not None and row.content != written:
        db.session.delete(row)
