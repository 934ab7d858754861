"""Cases whose experts are to talk: the round combines by agreement, and their sheets differ.

waits_here()          a condition on SampledCase
open_for(actor)       rounds of the actor with such cases: public id, code, title, how many
"""

from sqlalchemy import ColumnElement, Text, cast, func, select

from qualityeval.authz import Actor, Permission, may, scope
from qualityeval.core.consensus import NOT_AGREED
from qualityeval.database import db
from qualityeval.models import ArbitrationNeed, Round, SampledCase

DISCUSS = "discuss"  # as a filter of the list of dealt files
ALONE = f'["{NOT_AGREED}"]'  # no other reason: with one an arbitrator reads the case at once


def _waits() -> ColumnElement[bool]:
    return ArbitrationNeed.settled_at.is_(None) & (cast(ArbitrationNeed.reasons, Text) == ALONE)


def waits_here() -> ColumnElement[bool]:
    """Whether the experts of a sampled case have yet to agree."""
    return (
        select(ArbitrationNeed.sampled_case_id)
        .where(ArbitrationNeed.sampled_case_id == SampledCase.id, _waits())
        .exists()
    )


def open_for(actor: Actor) -> list[tuple[str, str, str, int]]:
    """The actor's rounds in which experts have yet to talk, the newest first."""
    if not may(actor, Permission.ROUND_ASSIGN):
        return []
    rows = db.session.execute(
        select(Round.public_id, Round.code, Round.title, func.count())
        .join(ArbitrationNeed, ArbitrationNeed.round_id == Round.id)
        .where(scope.rounds(actor, Permission.ROUND_ASSIGN), _waits())
        .group_by(Round.id, Round.public_id, Round.code, Round.title)
        .order_by(Round.id.desc())
    )
    return [(public_id, code, title, count) for public_id, code, title, count in rows]
