"""Pictures that an observer takes: made small, turned upright and stripped of place and camera before they are kept."""

import tempfile
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from qualityeval.adapters.pdf_pages import warm_reader
from qualityeval.adapters.pdf_types import IMAGE
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.observation import ObservationState
from qualityeval.database import db
from qualityeval.models import Observation, ObservationPhoto
from qualityeval.services import audit, files

WIDTH = 1600  # pixels: a notice on a courtroom's door stays readable
MOST = 6
PURPOSE = "observation_photo"


def add_photo(
    *, actor: Actor, observation: Observation, name: str, content: bytes, now: datetime
) -> ObservationPhoto:
    """Keep one picture of the hearing, as a JPEG at most 1,600 pixels wide without EXIF.

    The same picture again is the one that is there. Refuses what is no picture, a seventh one, and a hearing that was
    found closed.
    """
    require(actor, Permission.OBSERVATION_WRITE, observation)
    if observation.state == ObservationState.CLOSED_HEARING:
        raise WrongState("photo.closed", msg("不公开审理的庭审不能存照片。"), where="photo")
    small = _small(content)
    stored = files.store(
        actor=actor, name=f"{Path(name).stem or 'photo'}.jpg", media_type="image/jpeg", purpose=PURPOSE, content=small,
        now=now,
    )  # fmt: skip
    kept = select(ObservationPhoto).where(ObservationPhoto.observation_id == observation.id)
    there = db.session.execute(kept.where(ObservationPhoto.sha256 == stored.sha256)).scalar_one_or_none()
    if there is not None:
        db.session.delete(stored)
        return there
    count = db.session.execute(select(func.count()).select_from(kept.subquery())).scalar_one()
    if count >= MOST:
        raise InvalidInput("photo.most", msg("一次庭审最多存 %(most)s 张照片。"), where="photo", most=MOST)
    row = ObservationPhoto(
        observation_id=observation.id, file_id=stored.id, sha256=stored.sha256, added_at=now
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor, "observation.photographed", now=now, object_type="observation", object_id=observation.public_id,
        sha256=stored.sha256, size=stored.size, was=len(content),
    )  # fmt: skip
    return row


def _small(content: bytes) -> bytes:
    with tempfile.NamedTemporaryFile(prefix="qe-photo-") as file, warm_reader() as reader:
        file.write(content)
        file.flush()
        path = Path(file.name)
        if reader.check(path, where="photo").kind != IMAGE:
            raise InvalidInput("photo.image", msg("请选择照片（JPEG 或 PNG）。"), where="photo")
        return reader.page(path, 1, WIDTH).jpeg
