"""What happened to one drawn case from its dealing on: dealt, read, written, returned, settled. For managers only."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from qualityeval.database import db
from qualityeval.models import (
    Account,
    ArbitrationNeed,
    Assignment,
    AuditEvent,
    CaseResult,
    Expert,
    Objection,
    PractitionerLink,
    SampledCase,
    Sheet,
)
from qualityeval.queries import masking

DEALT, SUBMITTED, NEEDED, SETTLED, RAISED, DECIDED = (
    "dealt",
    "submitted",
    "needed",
    "settled",
    "raised",
    "decided",
)
READ, STATED, REPLIED = "read", "stated", "replied"
FROM_AUDIT = (
    "sheet.returned",
    "sheet.withdrawn",
    "sheet.waiting",
    "staff.answered",
    "case.agreed",
    "case.not_agreed",
    "masking.unmasked",
    "file.accepted",
    "file.given_up",
)


@dataclass(frozen=True)
class Step:
    """One thing that happened: what (one of this module's, or an audit action), to which slot, by whom."""

    at: datetime
    what: str
    slot: str = ""
    who: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def story_of(sampled: SampledCase) -> list[Step]:
    """Every step, the latest first. Steps of one moment stand in the order in which they follow each other."""
    steps = [*_dealt(sampled), *_read(sampled), *_sheets(sampled), *_audited(sampled), *_settled(sampled)]
    return sorted(steps, key=lambda step: step.at)[::-1]


def _slots(sampled: SampledCase) -> list[tuple[Assignment, str]]:
    query = select(Assignment, Expert.code).join(Expert, Assignment.expert_id == Expert.id)
    rows = db.session.execute(
        query.where(Assignment.sampled_case_id == sampled.id).order_by(Assignment.dealt_at, Assignment.slot)
    )
    return [(row[0], row[1]) for row in rows]


def _dealt(sampled: SampledCase) -> Iterator[Step]:
    for assignment, code in _slots(sampled):
        yield Step(assignment.dealt_at, DEALT, assignment.slot, code)


def _read(sampled: SampledCase) -> Iterator[Step]:
    for one in masking.readings_of(sampled.id):
        yield Step(one.last, READ, one.slot, one.expert, {"pages": one.pages, "first": one.first})


def _sheets(sampled: SampledCase) -> Iterator[Step]:
    rows = db.session.execute(
        select(Sheet, Assignment.slot, Expert.code)
        .join(Assignment, Sheet.assignment_id == Assignment.id)
        .join(Expert, Assignment.expert_id == Expert.id)
        .where(Assignment.sampled_case_id == sampled.id)
        .order_by(Sheet.id)
    )
    for sheet, slot, code in rows:
        facts = {
            "total": sheet.total, "grade": sheet.grade, "proxy": sheet.by_proxy, "revision": sheet.revision,
            "asks": sheet.asks,
        }  # fmt: skip
        yield Step(sheet.submitted_at, SUBMITTED, slot, code, facts)


def _audited(sampled: SampledCase) -> Iterator[Step]:
    slots = {assignment.public_id: assignment.slot for assignment, _code in _slots(sampled)}
    rows = db.session.execute(
        select(AuditEvent, Account.display_name)
        .outerjoin(Account, Account.name == AuditEvent.actor)
        .where(
            AuditEvent.object_type.in_(("assignment", "drawn_file")),
            AuditEvent.object_id.in_([*slots, sampled.public_id]),
            AuditEvent.action.in_(FROM_AUDIT),
        )
        .order_by(AuditEvent.seq)
    )
    for event, display in rows:
        yield Step(
            event.at,
            event.action,
            slots.get(event.object_id, ""),
            display or event.actor,
            json.loads(event.detail),
        )


def _settled(sampled: SampledCase) -> Iterator[Step]:
    need = db.session.get(ArbitrationNeed, sampled.id)
    if need is not None:
        yield Step(need.arisen_at, NEEDED, facts={"reasons": need.reasons})
    results = select(CaseResult).where(CaseResult.sampled_case_id == sampled.id).order_by(CaseResult.id)
    for row in db.session.execute(results).scalars():
        yield Step(
            row.made_at,
            SETTLED,
            facts={"step": row.step, "total": row.total, "grade": row.grade, "by": row.by},
        )
    objection = db.session.execute(
        select(Objection).where(Objection.sampled_case_id == sampled.id)
    ).scalar_one_or_none()
    if objection is not None:
        yield Step(objection.raised_at, RAISED, facts={"reason": objection.reason})
        if objection.decided_at is not None:
            decided_by = objection.decided_by
            facts = {"reason": objection.answer}
            yield Step(
                objection.decided_at, DECIDED, who=decided_by.display_name if decided_by else "", facts=facts
            )
    statements = select(PractitionerLink).where(PractitionerLink.sampled_case_id == sampled.id)
    for link in db.session.execute(statements).scalars():
        if link.stated_at is not None:
            yield Step(link.stated_at, STATED, facts={"reason": link.statement})
        if link.replied_at is not None:
            yield Step(link.replied_at, REPLIED, who=link.replied_by, facts={"reason": link.reply})
