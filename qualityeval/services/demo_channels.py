"""The demonstration's other channels: hearings that an observer writes up, a list that a caller works down."""

from datetime import datetime
from fractions import Fraction

from sqlalchemy import select

from qualityeval.core import demo_register
from qualityeval.core.demo_register import Chooser
from qualityeval.core.errors import RuleViolation
from qualityeval.database import db
from qualityeval.models import Case
from qualityeval.queries.accounts import actor_named, by_name
from qualityeval.services import callbacks, observations

MANAGER, OBSERVER, CALLER = "manager", "observer", "caller"
HEARINGS = 5
CALLED = Fraction(1, 10)


def create_channels(*, seed: int, now: datetime) -> None:
    """Hearings of the last month for the observer; a tenth of the quarter's recipients for the caller.

    A register too small to have any is left without.
    """
    _plan_hearings(now)
    _list_calls(seed, now)


def _plan_hearings(now: datetime) -> None:
    manager, observer = actor_named(MANAGER), by_name(OBSERVER)
    since, until = demo_register.OPEN
    heard = (
        select(Case)
        .where(Case.stage == "trial", Case.case_type == "criminal", Case.sealed.is_(False))
        .where(Case.hearing_on.is_not(None), Case.closed_on.between(since, until))
        .order_by(Case.hearing_on, Case.id)
        .limit(HEARINGS)
    )
    for case in db.session.execute(heard).scalars().all():
        if observer is not None and case.hearing_on is not None:
            observations.plan_observation(
                actor=manager,
                case=case,
                observer=observer,
                hearing_on=case.hearing_on,
                court=case.organ,
                now=now,
            )


def _list_calls(seed: int, now: datetime) -> None:
    caller = by_name(CALLER)
    since, until = demo_register.SCORING
    lot = "".join(str(Chooser(seed, f"calls {throw}").between(1, 6)) for throw in range(20))
    if caller is None:
        return
    try:
        callbacks.make_list(
            actor=actor_named(MANAGER), closed_from=since, closed_to=until, rate=CALLED, callers=[caller],
            seed=lot, now=now,
        )  # fmt: skip
    except RuleViolation as refusal:
        if refusal.code != "callback.nobody":
            raise
