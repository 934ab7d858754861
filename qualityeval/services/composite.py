"""Declaring the weights of the index of five parts."""

from collections.abc import Mapping
from datetime import date, datetime

from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core.composite import PARTS, Weights
from qualityeval.core.composite_versions import Declared, refuse_unfit
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.database import db
from qualityeval.models import CompositeWeights, Institution
from qualityeval.queries.composite import declared_by
from qualityeval.services import audit

LONGEST_VERSION, LONGEST_REASON = 40, 400


def declare_weights(
    *,
    actor: Actor,
    body: Institution,
    version: str,
    since: date,
    by_part: Mapping[str, int],
    reason: str,
    now: datetime,
) -> CompositeWeights:
    """A new version of the body's weights (whole per cent, 100 together) from the first day of a quarter on.

    Refuses a change of a period that has begun, a name that is taken, and a change without a reason.
    """
    require(actor, Permission.INDEX_DECLARE, body)
    version, reason = version.strip(), reason.strip()
    if not 0 < len(version) <= LONGEST_VERSION:
        raise InvalidInput("composite.version", msg("版本要写，不超过 40 个字。"), where="version")
    if not 0 < len(reason) <= LONGEST_REASON:
        raise InvalidInput("composite.reason", msg("依据要写，不超过 400 个字。"), where="reason")
    new = Declared(since, Weights(version, dict(by_part)))
    refuse_unfit([one.as_core() for one in declared_by(body)], new, today=office_date(now))
    stored = CompositeWeights(
        institution_id=body.id, version=version, since=since, reason=reason, declared_by=actor.name, declared_at=now,
        **{name: by_part[name] for name in PARTS},
    )  # fmt: skip
    db.session.add(stored)
    db.session.flush()
    audit.record(
        actor, "index.declared", now=now, object_type="institution", object_id=body.code, version=version,
        since=since.isoformat(), weights=dict(by_part),
    )  # fmt: skip
    return stored
