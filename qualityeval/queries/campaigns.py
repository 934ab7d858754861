"""Campaigns of callbacks: the list, and what came of each stratum."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from qualityeval.authz import Actor, channel_scope
from qualityeval.core.callback import ANSWERED, State
from qualityeval.core.coverage import Rate
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import CallAttempt, Callback, Campaign, CampaignTask, Institution


@dataclass(frozen=True)
class StratumRow:
    """One stratum: its institution, N and n of the draw, persons dialled, reached, answered, said no, and not called any
    more.
    """

    key: str
    name: str
    N: int
    n: int
    dialled: int
    reached: int
    answered: int
    refused: int
    held: int

    @property
    def reach(self) -> Rate:
        """接通率: persons reached among persons dialled."""
        return Rate(self.reached, self.dialled)

    @property
    def response(self) -> Rate:
        """应答率: answers among persons drawn, less those that the quota or the end kept from being called."""
        return Rate(self.answered, self.n - self.held)


@dataclass(frozen=True)
class CampaignRow:
    """One campaign of the list."""

    public_id: str
    title: str
    opened_at: datetime
    closed_at: datetime | None
    quota: int | None
    listed: int
    answered: int


def list_for(actor: Actor) -> list[CampaignRow]:
    """Campaigns of bodies in the manager's subtree, the latest first."""
    rows = db.session.execute(
        select(
            Campaign.public_id, Campaign.title, Campaign.opened_at, Campaign.closed_at, Campaign.quota,
            func.count(CampaignTask.callback_id), func.sum(case((Callback.state == State.DONE, 1), else_=0)),
        )
        .join(CampaignTask, CampaignTask.campaign_id == Campaign.id)
        .join(Callback, CampaignTask.callback_id == Callback.id)
        .where(channel_scope.campaigns(actor))
        .group_by(Campaign.id)
        .order_by(Campaign.opened_at.desc(), Campaign.id.desc())
    )  # fmt: skip
    return [CampaignRow(*row) for row in rows]


def get_for(actor: Actor, public_id: str, *, lock: bool = False) -> Campaign:
    """A campaign of a body in the manager's subtree; others aren't there."""
    query = select(Campaign).where(channel_scope.campaigns(actor), Campaign.public_id == public_id)
    if lock:
        query = query.with_for_update(of=Campaign).execution_options(populate_existing=True)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(where="campaign")
    return found


def answered_in(campaign: Campaign) -> Mapping[str, int]:
    """Answers by stratum."""
    rows = db.session.execute(
        select(CampaignTask.stratum, func.count())
        .join(Callback, CampaignTask.callback_id == Callback.id)
        .where(CampaignTask.campaign_id == campaign.id, Callback.state == State.DONE)
        .group_by(CampaignTask.stratum)
    )
    return {stratum: int(count) for stratum, count in rows}


def strata_of(campaign: Campaign) -> list[StratumRow]:
    """Each stratum of the draw with what came of it, by its label."""
    calls = (
        select(
            CallAttempt.callback_id, func.max(case((CallAttempt.outcome.in_(ANSWERED), 1), else_=0)).label("reached")
        )
        .group_by(CallAttempt.callback_id)
        .subquery()
    )  # fmt: skip

    def count(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    rows = db.session.execute(
        select(
            CampaignTask.stratum, count(calls.c.callback_id.is_not(None)), count(calls.c.reached == 1),
            count(Callback.state == State.DONE), count(Callback.state == State.REFUSED),
            count(
                (Callback.state == State.OPEN) & Callback.caller_id.is_(None) & calls.c.callback_id.is_(None)
            ),
        )
        .join(Callback, CampaignTask.callback_id == Callback.id)
        .outerjoin(calls, calls.c.callback_id == Callback.id)
        .where(CampaignTask.campaign_id == campaign.id)
        .group_by(CampaignTask.stratum)
    )  # fmt: skip
    found = {key: counts for key, *counts in rows}
    codes = {size["key"].partition("|")[0] for size in campaign.sizes}
    named = db.session.execute(select(Institution.code, Institution.name).where(Institution.code.in_(codes)))
    names = {row.code: row.name for row in named}
    return [
        StratumRow(
            size["key"],
            names.get(size["key"].partition("|")[0], ""),
            size["N"],
            size["n"],
            *found.get(size["key"], (0, 0, 0, 0, 0)),
        )
        for size in campaign.sizes
    ]
