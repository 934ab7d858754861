"""Hearings of the quarter that must be observed are found by rule and by lot and dealt to observers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from qualityeval.adapters.form_files import OBSERVATION
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.hearings import chosen, dealt
from qualityeval.core.recusal import Eligibility
from qualityeval.database import db
from qualityeval.models import Account, Observation
from qualityeval.queries import hearings as queries
from qualityeval.services import audit
from qualityeval.services.register_lock import wait_for_imports


@dataclass(frozen=True)
class Planned:
    """Hearings that somebody is sent to, and the keys of the cases to which nobody may go."""

    count: int
    left: tuple[str, ...]


def plan_hearings(
    *,
    actor: Actor,
    observers: Sequence[Account],
    seed: str,
    today: date,
    now: datetime,
) -> Planned:
    """Send observers to every obligatory hearing of the quarter's rest and to as many drawn ones as are missing.

    Nobody is sent where recusal forbids it; the seed and the cases left over go into the log, so the lot can be
    drawn again. Refuses no observers, and a calendar on which nothing is left to plan.
    """
    require(actor, Permission.OBSERVATION_PLAN)
    if not observers or any(one.role != Role.OBSERVER or not one.active for one in observers):
        raise InvalidInput("observation.observer", msg("请选择一位旁听员。"), where="observers")
    wait_for_imports()  # two draws at once would send two observers to one hearing
    rows, _together, calendar = queries.needed_for(actor, today)
    missing = {row.code: row.missing for row in rows}
    listed = {one.hearing.key: one for one in calendar}
    wanted = {one.hearing.place: missing.get(one.matter.institution, 0) for one in calendar}
    lot = chosen((one.hearing for one in calendar), wanted, seed)
    if not lot:
        raise InvalidInput("hearings.nothing", msg("本季度没有需要再安排的庭审。"), where="observers")
    people = queries.judges(observers)
    ids, pool = list(people), Eligibility(list(people.values()), queries.RULES)
    able = {one.hearing.key: [ids[index] for index in pool.of(listed[one.hearing.key].matter)] for one in lot}
    given, left = dealt(lot, able, queries.loads(observers))
    for one, who in given:
        case = listed[one.hearing.key]
        db.session.add(
            Observation(
                case_id=case.case_id, observer_id=who, form=OBSERVATION, hearing_on=one.hearing.day,
                court=case.court, why=one.why, planned_at=now,
            )
        )  # fmt: skip
    db.session.flush()
    keys = tuple(one.hearing.key for one in left)
    audit.record(
        actor, "observations.drawn", now=now, object_type="observation", seed=seed, calendar=len(calendar),
        planned=len(given), rate=str(queries.target()), left=list(keys),
    )  # fmt: skip
    return Planned(len(given), keys)
