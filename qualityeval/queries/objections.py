"""Objections: what the owning body has to decide, and until when one may be raised."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.clock import office_date
from qualityeval.core import objection as rules
from qualityeval.core.errors import NotFound
from qualityeval.core.plan import read_plan
from qualityeval.database import db
from qualityeval.models import (
    Account,
    Assignment,
    Case,
    CaseResult,
    FrameCase,
    Institution,
    Objection,
    Proof,
    Round,
    SampledCase,
)
from qualityeval.queries import proofs

STATES = ("open", "accepted", "rejected", "settled")
UNDECIDED = ("open", "accepted")  # what a release waits for
SLOT = "objection"


@dataclass(frozen=True)
class ObjectionRow:
    """An objection as the owning body lists it."""

    public_id: str
    case: str
    cause: str
    institution: str
    raised_by: str
    raised_at: datetime
    state: str
    decide_by: date
    late: int  # working days past that day, of one that nobody has decided on


@dataclass(frozen=True)
class ObjectionPage:
    """One objection with what it is about: results by step, and how far the re-scorer is."""

    row: ObjectionRow
    reason: str
    answer: str
    decided_by: str
    decided_at: datetime | None
    settled_at: datetime | None
    results: tuple[tuple[str, int | None, str], ...]  # step, total in hundredths, grade
    rescorer: str
    ground: str
    ruling: str
    ruled_by: str
    ruled_at: datetime | None
    proofs: tuple[Proof, ...]

    @property
    def outcome(self) -> rules.Outcome | None:
        """What reading anew changed; None until it is done."""
        return outcome_of(self.results)


def window_end(round_: Round) -> date | None:
    """The first day on which no objection can be raised any more; None before the notice."""
    if round_.notified_at is None:
        return None
    days = int(read_plan(str(round_.plan)).content["deadlines"]["objection_days"])
    return rules.window_end(office_date(round_.notified_at), days)


def is_open(round_: Round, *, now: datetime) -> bool:
    """Whether objections may be raised in the round at this moment."""
    until = window_end(round_)
    return round_.state == "objection" and until is not None and office_date(now) < until


def counts(round_: Round) -> dict[str, int]:
    """How many objections of the round are in each state."""
    query = select(Objection.state, func.count()).where(Objection.round_id == round_.id)
    found = Counter(dict(db.session.execute(query.group_by(Objection.state)).all()))
    return {state: found[state] for state in STATES}


def list_for(
    actor: Actor, round_: Round, *, now: datetime, state: str = "", limit: int = 50, offset: int = 0
) -> list[ObjectionRow]:
    """The round's objections, undecided ones first, then the latest."""
    require(actor, Permission.OBJECTION_DECIDE, round_)
    query = _rows().where(Objection.round_id == round_.id)
    if state:
        query = query.where(Objection.state == state)
    order = (Objection.state != "open", Objection.raised_at.desc(), Objection.id)
    return [
        _row(row, office_date(now))
        for row in db.session.execute(query.order_by(*order).limit(limit).offset(offset))
    ]


def get_for(actor: Actor, public_id: str) -> tuple[Round, Objection]:
    """An objection in a round of the actor's own body; NotFound elsewhere."""
    found = db.session.execute(
        select(Round, Objection)
        .join(Objection, Objection.round_id == Round.id)
        .options(joinedload(Objection.sampled_case))
        .where(scope.rounds(actor, Permission.OBJECTION_DECIDE), Objection.public_id == public_id)
    ).one_or_none()
    if found is None:
        raise NotFound(where="objection")
    return found[0], found[1]


def page_of(objection: Objection, *, now: datetime) -> ObjectionPage:
    """All that the deciding page shows."""
    row = db.session.execute(_rows().where(Objection.id == objection.id)).one()
    results = db.session.execute(
        select(CaseResult.step, CaseResult.total, CaseResult.grade)
        .where(CaseResult.sampled_case_id == objection.sampled_case_id)
        .order_by(CaseResult.id)
    ).all()
    rescorer = db.session.execute(
        select(Assignment)
        .options(joinedload(Assignment.expert))
        .where(Assignment.sampled_case_id == objection.sampled_case_id, Assignment.slot == SLOT)
    ).scalar_one_or_none()
    decided_by, ruled_by = objection.decided_by, objection.ruled_by
    return ObjectionPage(
        _row(row, office_date(now)), objection.reason, objection.answer, decided_by.display_name if decided_by else "",
        objection.decided_at, objection.settled_at, tuple((step, total, grade) for step, total, grade in results),
        rescorer.expert.name if rescorer else "", objection.ground, objection.ruling,
        ruled_by.display_name if ruled_by else "", objection.ruled_at, tuple(proofs.of(objection_id=objection.id)),
    )  # fmt: skip


def outcome_of(results: Sequence[tuple[str, int | None, str]]) -> rules.Outcome | None:
    """Of the results by step: what the step after an objection changed; None where there is none yet."""
    steps = {step: (total, grade) for step, total, grade in results}
    before = steps.get("arbitrated") or steps.get("first")
    after = steps.get("objected")
    return rules.outcome(before, after) if before and after else None


def _row(cells: Any, today: date) -> ObjectionRow:
    due = rules.decide_by(office_date(cells.raised_at))
    return ObjectionRow(*(*cells, due, rules.late(due, today) if cells.state == "open" else 0))


def _rows() -> Any:
    return (
        select(
            Objection.public_id, FrameCase.key, Case.cause, Institution.name,
            func.coalesce(Account.display_name, ""), Objection.raised_at, Objection.state,
        )
        .join(SampledCase, Objection.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Account, Objection.raised_by_id == Account.id)
    )  # fmt: skip
