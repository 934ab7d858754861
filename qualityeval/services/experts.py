"""Changing an expert: how many files they take, and whether they take any."""

from datetime import datetime

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, NotAllowed, Stale, msg
from qualityeval.database import db
from qualityeval.models import Expert
from qualityeval.queries.experts import may_change
from qualityeval.services import audit
from qualityeval.services.expert_import import MOST


def change_limits(
    *,
    actor: Actor,
    expert: Expert,
    cap: int | None,
    quota: int | None,
    active: bool,
    seen_version: int,
    now: datetime,
) -> None:
    """Set ceiling, target and whether the expert is dealt to; files dealt already stay where they are.

    Refused for an expert of another subtree, a target above the ceiling, and a page that is out of date.
    """
    require(actor, Permission.EXPERTS_MANAGE)
    if not may_change(actor, expert):
        raise NotAllowed(
            "expert.elsewhere", msg("这个编号的专家属于别的辖区，不能由您修改。"), where="expert"
        )
    if expert.version != seen_version:
        raise Stale(where="version")
    for name, value in (("cap", cap), ("quota", quota)):
        if value is not None and not 0 <= value <= MOST:
            raise InvalidInput("expert.number", msg("请写成0以上的整数。"), where=name)
    if cap is not None and quota is not None and quota > cap:
        raise InvalidInput("expert.quota", msg("目标件数不能大于上限。"), where="quota")
    before = {"cap": expert.cap, "quota": expert.quota, "active": expert.active}
    after = {"cap": cap, "quota": quota, "active": active}
    if before == after:
        return
    expert.cap, expert.quota, expert.active, expert.updated_at = cap, quota, active, now
    db.session.flush()
    audit.record(
        actor,
        "expert.changed",
        now=now,
        object_type="expert",
        object_id=expert.code,
        before=before,
        after=after,
    )
