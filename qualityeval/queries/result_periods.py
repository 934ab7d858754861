"""Quarters, half-years and years of which released rounds tell something, as a reader may see them."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from qualityeval.authz import Actor, scope
from qualityeval.core.periods import Period, periods_of
from qualityeval.database import db
from qualityeval.models import Institution, Round
from qualityeval.queries.results import RELEASED

MOST = 400  # rounds, the latest


@dataclass(frozen=True)
class PeriodRow:
    """A period with the codes of its rounds: of one body and one kind, so that they may be put together."""

    period: Period
    institution: str
    kind: str
    codes: tuple[str, ...]


def periods_for(actor: Actor) -> list[PeriodRow]:
    """The periods of the released rounds whose results the actor may read, the latest first."""
    windows: dict[tuple[str, str], list[tuple[str, date, date]]] = defaultdict(list)
    for institution, kind, code, plan in _rounds(actor):
        population = json.loads(plan)["population"]
        since, until = (date.fromisoformat(population[name]) for name in ("from", "to"))
        windows[institution, kind].append((code, since, until))
    found = [
        PeriodRow(period, institution, kind, codes)
        for (institution, kind), listed in sorted(windows.items())
        for period, codes in periods_of(listed).items()
    ]
    return sorted(found, key=lambda row: (-row.period.year, -row.period.months, -row.period.month))


def _rounds(actor: Actor) -> Sequence[tuple[str, str, str, str]]:
    rows = db.session.execute(
        select(Institution.name, Round.kind, Round.code, Round.plan)
        .join(Round, Round.institution_id == Institution.id)
        .where(scope.results(actor), Round.state.in_(RELEASED), Round.plan.is_not(None))
        .order_by(Round.id.desc())
        .limit(MOST)
    )
    return [(name, kind, code, str(plan)) for name, kind, code, plan in rows]
