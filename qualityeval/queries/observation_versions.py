"""Versions of a hearing's record with what each changed, and the pictures taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, channel_scope
from qualityeval.core.errors import NotFound
from qualityeval.core.observation_versions import changed
from qualityeval.database import db
from qualityeval.models import Observation, ObservationPhoto, ObservationVersion


@dataclass(frozen=True)
class VersionRow:
    """One version: who wrote it, why, its score in hundredths, and the fields in which it differs from the one before."""

    number: int
    at: datetime
    by: str
    reason: str
    score: int | None
    changed: tuple[str, ...]


def versions_of(observation: Observation) -> list[VersionRow]:
    """All versions, the first first."""
    rows = (
        db.session.execute(
            select(ObservationVersion)
            .where(ObservationVersion.observation_id == observation.id)
            .order_by(ObservationVersion.number)
        )
        .scalars()
        .all()
    )
    before = [None, *(one.record for one in rows)]
    return [
        VersionRow(
            one.number, one.at, one.by, one.reason, one.record.get("score"),
            changed(earlier, one.record) if earlier is not None else (),
        )
        for one, earlier in zip(rows, before, strict=False)
    ]  # fmt: skip


def photos_of(observation: Observation) -> Sequence[ObservationPhoto]:
    """The pictures of a hearing, in the order in which they came."""
    query = select(ObservationPhoto).where(ObservationPhoto.observation_id == observation.id)
    return db.session.execute(query.order_by(ObservationPhoto.id)).scalars().all()


def photo_for(actor: Actor, public_id: str) -> ObservationPhoto:
    """A picture of a hearing that the actor may read; NotFound otherwise."""
    query = (
        select(ObservationPhoto)
        .join(Observation, ObservationPhoto.observation_id == Observation.id)
        .where(channel_scope.observations(actor), ObservationPhoto.public_id == public_id)
        .options(joinedload(ObservationPhoto.file))
    )
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(where="photo")
    return found
