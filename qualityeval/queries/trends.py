"""A place's figures over the released rounds of one owner, kind and rubric set, the earliest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from qualityeval.authz import Actor, scope
from qualityeval.database import db
from qualityeval.models import Round
from qualityeval.queries import result_pages, results

MOST = 12


@dataclass(frozen=True)
class TrendPoint:
    """One released round: the overall line of `round results` for the place; `apart` where its rubric set differs."""

    code: str
    title: str
    released_at: datetime | None
    overall: dict[str, Any] | None
    apart: bool


def trend_for(actor: Actor, round_: Round, *, place: str = "") -> list[TrendPoint]:
    """The last dozen released rounds beside this one that the actor may read, this one among them.

    Rounds of another rubric set are named without figures: they can't be compared. What a round withholds for the
    place stays withheld.
    """
    rounds = db.session.execute(
        select(Round)
        .where(
            scope.results(actor), Round.state.in_(results.RELEASED), Round.institution_id == round_.institution_id,
            Round.kind == round_.kind,
        )
        .order_by(Round.released_at.desc(), Round.id.desc())
        .limit(MOST)
    ).scalars()  # fmt: skip
    return [_point(actor, one, round_, place) for one in reversed(list(rounds))]


def _point(actor: Actor, one: Round, round_: Round, place: str) -> TrendPoint:
    apart = not results.are_comparable([one, round_])
    overall = None if apart else result_pages.results_for(actor, one, by=(), place=place)["overall"]
    return TrendPoint(one.code, one.title, one.released_at, overall, apart)
