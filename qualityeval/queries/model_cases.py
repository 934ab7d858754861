"""Model cases: those listed for whoever reads results, all of the own rounds for their owners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, scope
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import (
    Account,
    Case,
    CaseResult,
    FrameCase,
    Institution,
    ModelCase,
    Practitioner,
    Provider,
    Round,
    SampledCase,
)
from qualityeval.queries.rubric_texts import grades_of

STATES = ("nominated", "listed", "refused", "withdrawn")


@dataclass(frozen=True)
class ModelRow:
    """A model case as told; `key` (the case itself) only for the owning body, "" for other readers."""

    public_id: str
    state: str
    title: str
    story: str
    merits: str
    case_type: str
    round_title: str
    nominated_by: str
    nominated_at: datetime
    decision: str
    key: str
    is_own: bool  # nominated by the reader, who can't decide on it


def list_for(actor: Actor, *, state: str = "listed", limit: int = 50, offset: int = 0) -> list[ModelRow]:
    """Listed ones of rounds that the actor may read of; in other states those of the own rounds alone."""
    rows = db.session.execute(_rows(actor, state).order_by(ModelCase.id.desc()).limit(limit).offset(offset))
    own = state != "listed"
    return [ModelRow(*(*cells, key if own else "", bool(is_own))) for *cells, key, is_own in rows]


def count_for(actor: Actor, *, state: str = "listed") -> int:
    """How many `list_for` would give without a limit."""
    query = _rows(actor, state).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def get_for(actor: Actor, public_id: str) -> ModelCase:
    """One of the own rounds; NotFound elsewhere."""
    found = db.session.execute(
        select(ModelCase)
        .join(Round, ModelCase.round_id == Round.id)
        .where(scope.rounds(actor, Permission.ROUND_RELEASE), ModelCase.public_id == public_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(where="model_case")
    return found


def is_good(sampled: SampledCase) -> bool:
    """Whether the case's last result is a grade that counts as good."""
    rubric = db.session.execute(
        select(FrameCase.rubric).where(FrameCase.id == sampled.frame_case_id)
    ).scalar_one()
    grade = db.session.execute(
        select(CaseResult.grade)
        .where(CaseResult.sampled_case_id == sampled.id)
        .order_by(CaseResult.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return any(one.good for one in grades_of({rubric}) if one.name == grade)


def names_of(sampled: SampledCase) -> Sequence[str]:
    """What would tell whose case it is: people, firm, institution, numbers."""
    row = db.session.execute(
        select(
            Case.recipient_name, Practitioner.name, Provider.name, Institution.name, Case.number, Case.court_number,
        )
        .join(FrameCase, FrameCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .where(FrameCase.id == sampled.frame_case_id)
    ).one()  # fmt: skip
    return [str(one) for one in row if one]


def _rows(actor: Actor, state: str) -> Any:
    readable = scope.results(actor) if state == "listed" else scope.rounds(actor, Permission.ROUND_RELEASE)
    return (
        select(
            ModelCase.public_id, ModelCase.state, ModelCase.title, ModelCase.story, ModelCase.merits, Case.case_type,
            Round.title, func.coalesce(Account.display_name, ""), ModelCase.nominated_at, ModelCase.decision,
            FrameCase.key, ModelCase.nominated_by_id == actor.account_id,
        )
        .select_from(ModelCase)
        .join(Round, ModelCase.round_id == Round.id)
        .join(SampledCase, ModelCase.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .outerjoin(Account, ModelCase.nominated_by_id == Account.id)
        .where(readable, ModelCase.state == state)
    )  # fmt: skip
