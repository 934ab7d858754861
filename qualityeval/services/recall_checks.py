"""Second calls: a share of the completed callbacks is asked again, by lot, by another caller."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select

from qualityeval.adapters.form_files import CHECK
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.callback import State
from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.recall_check import SHARE, drawn, other_caller
from qualityeval.database import db
from qualityeval.models import Account, Callback
from qualityeval.queries import recall_checks as queries
from qualityeval.services import audit


def draw_checks(
    *, actor: Actor, callers: Sequence[Account], seed: str, now: datetime, rate: Fraction = SHARE
) -> tuple[int, int]:
    """Put a share of the callbacks completed by phone since the last draw on other callers' lists.

    The ceil(rate·N) smallest tickets H(seed, "draw", case_key); the seed goes into the log. Returns how many were
    listed and how many of the drawn had no other caller. Refuses no callers, and nothing to draw from.
    """
    require(actor, Permission.CALLBACK_PLAN)
    if not callers or any(one.role != Role.CALLER or not one.active for one in callers):
        raise InvalidInput("callback.callers", msg("请选择回访员。"), where="callers")
    done = {one.key: one for one in queries.completed_for(actor)}
    if not done:
        raise InvalidInput("check.nobody", msg("没有可以复核的回访。"), where="callers")
    ids, place, alone = [one.id for one in callers], _last_place(), 0
    chosen = drawn(done, rate, seed)
    for number, key in enumerate(chosen):
        caller = other_caller(done[key].caller_id, ids, number)
        if caller is None:
            alone += 1
            continue
        place += 1
        db.session.add(
            Callback(
                case_id=done[key].case_id,
                caller_id=caller,
                form=CHECK,
                state=State.OPEN,
                place=place,
                listed_at=now,
            )
        )
    db.session.flush()
    audit.record(
        actor, "callbacks.checked", now=now, object_type="callback", seed=seed, of=len(done), listed=len(chosen) - alone,
        rate=f"{rate.numerator}/{rate.denominator}", alone=alone,
    )  # fmt: skip
    return len(chosen) - alone, alone


def _last_place() -> int:
    return int(db.session.execute(select(func.coalesce(func.max(Callback.place), 0))).scalar_one())
