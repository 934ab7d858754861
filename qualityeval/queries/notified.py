"""Notified grades of one's own institution: preliminary ones in the objection window, then released ones."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, exists, func, select
from sqlalchemy.orm import aliased

from qualityeval.adapters.rubric_files import read_rubric
from qualityeval.authz import Actor, scope
from qualityeval.core.errors import NotFound
from qualityeval.core.objection import Outcome
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.scoring import lost_points
from qualityeval.core.sheet import Content, read_content
from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    Case,
    CaseResult,
    FrameCase,
    Objection,
    Proof,
    Provider,
    Round,
    RubricVersion,
    SampledCase,
    Sheet,
)
from qualityeval.queries import call_in, objections, proofs
from qualityeval.queries.released_reviews import REVIEW

RELEASED = ("released", "closed")
PRELIMINARY = ("first", "arbitrated")


@dataclass(frozen=True)
class NotifiedRow:
    """A case of the own institution with its grade; `objection` is the state of one, "" for none."""

    public_id: str
    round_title: str
    round_state: str
    number: str
    cause: str
    provider: str
    total: int | None
    grade: str
    objection: str


@dataclass(frozen=True)
class Loss:
    """Where a sheet took points: item, points lost (hundredths), reason, page.

    Under an indicator rubric the `grade` of an indicator below the best, and no points.
    """

    item: str
    title: str
    title_en: str
    lost: int
    reason: str
    page: str
    grade: str = ""


@dataclass(frozen=True)
class Deductions:
    """One sheet's losses and vetoes (title, English title, reason); whose sheet it is isn't said.

    Under an indicator rubric `total` is None.
    """

    total: int | None
    losses: tuple[Loss, ...]
    vetoes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class NotifiedPage:
    """A case's page: its grade, the grade notified before an objection, the sheets, the objection."""

    row: NotifiedRow
    until: date | None
    may_object: bool
    notified: tuple[int | None, str]
    sheets: tuple[Deductions, ...]
    objection: Objection | None
    outcome: Outcome | None  # of the objection, once its file was read anew and the round is released
    proofs: tuple[Proof, ...]


def visible_rounds(actor: Actor, *, now: datetime) -> list[Round]:
    """Rounds with cases of the actor's institution whose grades it may see now, the latest first."""
    inside = (
        select(FrameCase.round_id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Round, FrameCase.round_id == Round.id)
        .where(scope.evaluated_cases(actor))
    )
    rounds = db.session.execute(
        select(Round)
        .where(Round.state.in_(("objection", *RELEASED)), Round.id.in_(inside))
        .order_by(Round.notified_at.desc(), Round.id.desc())
    ).scalars()
    return [one for one in rounds if one.state in RELEASED or objections.is_open(one, now=now)]


def count_for(actor: Actor, rounds: Collection[Round]) -> int:
    """How many cases these rounds hold for the actor."""
    query = _cases(actor, rounds).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def list_for(
    actor: Actor, rounds: Collection[Round], *, limit: int = 50, offset: int = 0
) -> list[NotifiedRow]:
    """The own cases of these rounds (of `visible_rounds`) with their grades, by round and number."""
    query = _cases(actor, rounds).order_by(Round.notified_at.desc(), Case.number)
    return [NotifiedRow(*row) for row in db.session.execute(query.limit(limit).offset(offset))]


def get_for(actor: Actor, public_id: str, *, now: datetime) -> NotifiedPage:
    """A case whose grade the actor may see now; NotFound otherwise."""
    rounds = visible_rounds(actor, now=now)
    found = db.session.execute(
        _cases(actor, rounds).where(SampledCase.public_id == public_id).add_columns(SampledCase.id, Round.id)
    ).one_or_none()
    if found is None:
        raise NotFound(where="case")
    row, sampled_id = NotifiedRow(*found[:9]), found[9]
    round_ = next(one for one in rounds if one.id == found[10])
    raised = db.session.execute(
        select(Objection).where(Objection.sampled_case_id == sampled_id)
    ).scalar_one_or_none()
    is_released = round_.state in RELEASED
    return NotifiedPage(
        row, objections.window_end(round_), objections.is_open(round_, now=now) and raised is None,
        _notified(sampled_id), sheets_of(sampled_id, is_released=is_released), raised,
        _outcome(sampled_id) if is_released else None,
        tuple(proofs.of(objection_id=raised.id)) if raised else (),
    )  # fmt: skip


def sampled_for(actor: Actor, public_id: str) -> tuple[Round, SampledCase, Case]:
    """A drawn case of the actor's institution with its round, to object to; NotFound elsewhere."""
    found = db.session.execute(
        select(Round, SampledCase, Case)
        .join(SampledCase, SampledCase.round_id == Round.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .where(scope.evaluated_cases(actor), SampledCase.public_id == public_id)
    ).one_or_none()
    if found is None:
        raise NotFound(where="case")
    return found[0], found[1], found[2]


def _cases(actor: Actor, rounds: Collection[Round]) -> Any:
    """Own cases with the result that counts: before the release never one of a later step than notified."""
    every = aliased(CaseResult)
    last = select(func.max(every.id)).where(every.sampled_case_id == SampledCase.id).scalar_subquery()
    released, preliminary = Round.state.in_(RELEASED), CaseResult.step.in_(PRELIMINARY)
    return (
        select(
            SampledCase.public_id, Round.title, Round.state, Case.number, Case.cause,
            func.coalesce(Provider.name, ""), CaseResult.total, CaseResult.grade,
            func.coalesce(Objection.state, ""),
        )
        .select_from(SampledCase)
        .join(Round, SampledCase.round_id == Round.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(CaseResult, CaseResult.sampled_case_id == SampledCase.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(Objection, Objection.sampled_case_id == SampledCase.id)
        .where(
            scope.evaluated_cases(actor), Round.id.in_([one.id for one in rounds]), call_in.in_scope(),
            (released & (CaseResult.id == last)) | (~released & preliminary),
        )
    )  # fmt: skip


def _outcome(sampled_id: int) -> Outcome | None:
    steps = select(CaseResult.step, CaseResult.total, CaseResult.grade)
    found = db.session.execute(steps.where(CaseResult.sampled_case_id == sampled_id)).all()
    return objections.outcome_of([(step, total, grade) for step, total, grade in found])


def _notified(sampled_id: int) -> tuple[int | None, str]:
    row = db.session.execute(
        select(CaseResult.total, CaseResult.grade).where(
            CaseResult.sampled_case_id == sampled_id, CaseResult.step.in_(PRELIMINARY)
        )
    ).one()
    return row.total, row.grade


def sheets_of(sampled_id: int, *, is_released: bool) -> tuple[Deductions, ...]:
    """Losses and vetoes of each sheet of a drawn case, by slot; a re-scorer's only once the round is released.

    A reviewer's of a released case only once its figures are restated.
    """
    query = (
        select(Assignment.slot, Sheet, RubricVersion.text)
        .join(Sheet, Sheet.assignment_id == Assignment.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(
            RubricVersion,
            FrameCase.rubric == RubricVersion.code + "@" + cast(RubricVersion.version, String),
        )
        .where(Assignment.sampled_case_id == sampled_id, Assignment.state == "submitted")
        .order_by(Assignment.slot, Sheet.revision)
    )
    restated = exists().where(CaseResult.sampled_case_id == sampled_id, CaseResult.step == "restated")
    query = query.where((Assignment.slot != REVIEW) | restated)
    if not is_released:
        query = query.where(Assignment.slot != objections.SLOT)
    last = {slot: (sheet, text) for slot, sheet, text in db.session.execute(query)}
    return tuple(_deductions(sheet, read_rubric(text)) for sheet, text in last.values())


def _deductions(sheet: Sheet, rubric: Rubric) -> Deductions:
    written = read_content(sheet.content, rubric)
    losses = tuple(loss for code in rubric.by_item if (loss := _loss(code, written, rubric)))
    titles = {one.code: one.title for one in rubric.vetoes}
    vetoes = tuple((titles[code].zh, titles[code].en, why) for code, why in written.vetoes.items())
    return Deductions(sheet.total, losses, vetoes)


def _loss(code: str, written: Content, rubric: Rubric) -> Loss | None:
    item, mark = rubric.by_item[code], written.marks.get(code)
    if mark is None or mark.na:
        return None
    below = mark.grade if mark.grade != rubric.grades[0].name else ""
    lost = 0 if mark.grade else lost_points(item, mark, five=rubric.method == "five_mark")
    if not lost and not below:
        return None
    return Loss(code, item.title.zh, item.title.en, lost, mark.reason, written.pages.get(code, ""), below)
