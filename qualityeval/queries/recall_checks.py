"""Second calls: what can be drawn, and how far first and second answers agree."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from qualityeval.adapters.form_files import CALLBACK, CHECK
from qualityeval.authz import Actor, channel_scope
from qualityeval.core.callback import State
from qualityeval.core.coverage import Rate
from qualityeval.core.recall_check import agreement
from qualityeval.database import db
from qualityeval.models import CallAttempt, Callback, Case, Institution


@dataclass(frozen=True)
class Completed:
    """A callback that was completed by phone and wasn't asked again."""

    case_id: int
    caller_id: int | None
    key: str


@dataclass(frozen=True)
class CheckFigures:
    """Second calls: drawn, completed, and the agreement a question at a time."""

    listed: int
    completed: int
    agree: Mapping[str, Rate]


def completed_for(actor: Actor) -> list[Completed]:
    """Callbacks of the subtree completed by phone that no draw has looked at yet, in the order of their keys."""
    second = aliased(Callback)
    again = select(second.id).where(second.case_id == Callback.case_id, second.form == CHECK)
    rows = db.session.execute(
        select(Callback.case_id, Callback.caller_id, Institution.code, Case.number)
        .join(Case, Callback.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .where(
            channel_scope.callbacks(actor), Callback.form == CALLBACK, Callback.state == State.DONE,
            Callback.means == "phone", ~again.exists(),
            select(CallAttempt.id).where(CallAttempt.callback_id == Callback.id).exists(),
        )
        .order_by(Institution.code, Case.number)
    )  # fmt: skip
    return [Completed(case, caller, f"{code}:{number}") for case, caller, code, number in rows]


def figures_for(actor: Actor) -> CheckFigures:
    """All second calls of the subtree."""
    first = aliased(Callback)
    rows = db.session.execute(
        select(Callback.state, first.answers, Callback.answers)
        .join(first, (first.case_id == Callback.case_id) & (first.form == CALLBACK))
        .where(channel_scope.callbacks(actor), Callback.form == CHECK)
    ).all()
    pairs = [(before or {}, after or {}) for state, before, after in rows if state == State.DONE]
    return CheckFigures(len(rows), len(pairs), agreement(pairs))
