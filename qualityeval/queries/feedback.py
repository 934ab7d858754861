"""What a released round says to one institution: its own cases with their grades, and what its sheets cut."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from qualityeval.authz import Actor
from qualityeval.core.item_losses import ItemLoss, pareto, together
from qualityeval.core.rubric_parts import Title
from qualityeval.database import db
from qualityeval.models import Case, CaseResult, FrameCase, Institution, Provider, Round, SampledCase
from qualityeval.queries import call_in, item_counts


@dataclass(frozen=True)
class FeedbackCase:
    """An evaluated case of the institution: total in hundredths, None under rubrics without points."""

    number: str
    cause: str
    provider: str
    total: int | None
    grade: str
    is_vetoed: bool
    rubric: str


@dataclass(frozen=True)
class FeedbackItems:
    """The institution's sheets, the items they cut by frequency, and the items' titles."""

    sheets: int
    items: Sequence[ItemLoss]
    titles: dict[str, Title]


def institutions_of(round_: Round) -> list[tuple[str, str]]:
    """Code and name of the institutions with an evaluated case in the round, by code."""
    query = (
        select(Institution.code, Institution.name)
        .join(Case, Case.institution_id == Institution.id)
        .join(FrameCase, FrameCase.case_id == Case.id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id, call_in.in_scope())
        .distinct()
    )
    rows = db.session.execute(query).all()
    return sorted(((code, name) for code, name in rows), key=lambda row: row[0].encode())


def own_code(actor: Actor, round_: Round) -> str:
    """The code of the actor's own institution where the round evaluated cases of it, else empty."""
    found = db.session.get(Institution, actor.institution_id) if actor.institution_id else None
    return found.code if found and found.code in {code for code, _name in institutions_of(round_)} else ""


def cases_of(round_: Round, institution: Institution) -> list[FeedbackCase]:
    """The institution's evaluated cases by number, with the result that counts now."""
    every = aliased(CaseResult)
    last = select(func.max(every.id)).where(every.sampled_case_id == SampledCase.id).scalar_subquery()
    rows = db.session.execute(
        select(
            Case.number, Case.cause, func.coalesce(Provider.name, ""), CaseResult.total, CaseResult.grade,
            CaseResult.vetoes, FrameCase.rubric,
        )
        .join(FrameCase, FrameCase.case_id == Case.id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .join(CaseResult, CaseResult.id == last)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .where(SampledCase.round_id == round_.id, Case.institution_id == institution.id, call_in.in_scope())
        .order_by(Case.number)
    )  # fmt: skip
    return [
        FeedbackCase(number, cause, provider, total, grade, bool(vetoes), rubric)
        for number, cause, provider, total, grade, vetoes, rubric in rows
    ]


def items_of(round_: Round, institution: Institution) -> FeedbackItems:
    """Counts of the institution's own first-round sheets, however few: it may see each of its cases anyway."""
    found = item_counts.counts_of([round_])
    items = pareto(together(found.tallies, {institution.code}))
    return FeedbackItems(
        found.sheets.get(institution.code, 0), items, {one.item: found.titles[one.item] for one in items}
    )
