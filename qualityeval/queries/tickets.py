"""Deductions of a released round that may become tickets, and how tickets stand by item, provider and practitioner."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, channel_scope, require
from qualityeval.clock import office_date
from qualityeval.database import db
from qualityeval.models import (
    Case,
    CaseResult,
    FollowUp,
    FrameCase,
    Institution,
    Practitioner,
    Provider,
    Round,
    SampledCase,
)
from qualityeval.queries import call_in, notified
from qualityeval.queries.practitioner_feedback import last_result

REVIEW = "review"
PER_PAGE = 20
MOST = 50
OUT_OF_KEY = 19  # so much of an item's code fits beside a public id


@dataclass(frozen=True)
class Deduction:
    """Points that an item of a case lost by one sheet or several: the most of them, and what each sheet said."""

    round_id: int
    sampled_id: int
    sampled_public_id: str
    case_id: int
    institution_id: int
    item: str
    title: str
    title_en: str
    lost: int
    sheets: int
    reasons: str
    ticket: str  # public id of the ticket that was opened for it, "" for none

    @property
    def key(self) -> str:
        """What names the deduction in forms and on the command line."""
        return f"{self.sampled_public_id}:{self.item}"

    @property
    def source_key(self) -> str:
        """The ticket's key: one a case and item."""
        return f"{self.sampled_public_id}:{self.item[:OUT_OF_KEY]}"


@dataclass(frozen=True)
class CaseDeductions:
    """A case with its published result and what it lost, the most first."""

    number: str
    cause: str
    institution: str
    provider: str
    total: int | None
    grade: str
    deductions: tuple[Deduction, ...]


@dataclass(frozen=True)
class Rollup:
    """Tickets of one item, provider or practitioner: all, still open, overdue, repeats."""

    name: str
    count: int
    open: int
    late: int
    repeats: int


def drawn_in(round_id: int) -> Any:
    """The drawn cases of a round."""
    return select(SampledCase.id).where(SampledCase.round_id == round_id)


def count_cases(actor: Actor, round_: Round) -> int:
    """How many cases `cases_for` would give without a limit."""
    query = _cases(actor, round_).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def cases_for(actor: Actor, round_: Round, *, limit: int = PER_PAGE, offset: int = 0) -> list[CaseDeductions]:
    """The round's cases, the worst first, with their deductions; for the owning body alone."""
    rows = db.session.execute(
        _cases(actor, round_).order_by(CaseResult.total, FrameCase.key).limit(limit).offset(offset)
    ).all()
    by_case = defaultdict[int, list[Deduction]](list)
    for one in deductions_of(round_, {row.public_id for row in rows}):
        by_case[one.sampled_id].append(one)
    return [
        CaseDeductions(
            row.number, row.cause, row.institution, row.provider, row.total, row.grade,
            tuple(sorted(by_case[row.id], key=lambda one: (-one.lost, one.item))),
        )
        for row in rows
    ]  # fmt: skip


def deductions_of(round_: Round, public_ids: Collection[str]) -> list[Deduction]:
    """All deductions of these drawn cases; whoever calls has checked that the actor may see the sheets."""
    rows = db.session.execute(
        select(SampledCase.id, SampledCase.public_id, Case.id, Case.institution_id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .where(SampledCase.round_id == round_.id, SampledCase.public_id.in_(public_ids))
        .order_by(SampledCase.id)
    ).all()
    opened = dict(
        db.session.execute(
            select(FollowUp.source_key, FollowUp.public_id).where(
                FollowUp.source == REVIEW, FollowUp.sampled_case_id.in_([row[0] for row in rows])
            )
        ).all()
    )
    return [one for row in rows for one in _of_case(round_.id, *row, opened)]


def _of_case(
    round_id: int, sampled_id: int, public_id: str, case_id: int, institution_id: int, opened: dict[str, str]
) -> list[Deduction]:
    losses = defaultdict[str, list[notified.Loss]](list)
    for sheet in notified.sheets_of(sampled_id, is_released=True):
        for loss in sheet.losses:
            losses[loss.item].append(loss)
    return [
        Deduction(
            round_id, sampled_id, public_id, case_id, institution_id, item, found[0].title, found[0].title_en,
            max(loss.lost for loss in found), len(found),
            "；".join(dict.fromkeys(loss.reason for loss in found if loss.reason)),
            opened.get(f"{public_id}:{item[:OUT_OF_KEY]}", ""),
        )
        for item, found in losses.items()
    ]  # fmt: skip


def rollups_for(actor: Actor, round_: Round, *, now: datetime) -> dict[str, Sequence[Rollup]]:
    """By `item`, `provider` and `practitioner`; practitioners by name, never by how many they have."""
    require(actor, Permission.ROUND_RELEASE, round_)
    today = office_date(now)
    names = {
        "item": FollowUp.item, "provider": func.coalesce(Provider.name, ""),
        "practitioner": func.coalesce(Practitioner.name, ""),
    }  # fmt: skip
    return {key: _rollup(round_, name, today, by_name=key == "practitioner") for key, name in names.items()}


def _rollup(round_: Round, name: Any, today: date, *, by_name: bool) -> list[Rollup]:
    waits = FollowUp.state != "closed"
    count = func.count()
    rows = db.session.execute(
        select(
            name, count, count.filter(waits), count.filter((FollowUp.state == "open") & (FollowUp.due_on < today)),
            count.filter(FollowUp.repeats_id.is_not(None)),
        )
        .select_from(FollowUp)
        .join(Case, FollowUp.case_id == Case.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
        .where(FollowUp.source == REVIEW, FollowUp.sampled_case_id.in_(drawn_in(round_.id)))
        .group_by(name)
        .order_by(*((name,) if by_name else (count.desc(), name)))
        .limit(MOST)
    )  # fmt: skip
    return [Rollup(*row) for row in rows]


def list_for(actor: Actor, round_: Round) -> list[FollowUp]:
    """The round's tickets as far as the actor may see them, in the order of opening."""
    query = select(FollowUp).where(
        channel_scope.follow_ups(actor), FollowUp.source == REVIEW, FollowUp.sampled_case_id.in_(drawn_in(round_.id))
    )  # fmt: skip
    return list(db.session.execute(query.order_by(FollowUp.id)).scalars())


def _cases(actor: Actor, round_: Round) -> Any:
    require(actor, Permission.ROUND_RELEASE, round_)
    return (
        select(
            SampledCase.id, SampledCase.public_id, Case.number, Case.cause, Institution.name.label("institution"),
            func.coalesce(Provider.name, "").label("provider"), CaseResult.total, CaseResult.grade,
        )
        .select_from(SampledCase)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .join(CaseResult, CaseResult.sampled_case_id == SampledCase.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .where(SampledCase.round_id == round_.id, CaseResult.id == last_result(), call_in.in_scope())
    )  # fmt: skip
