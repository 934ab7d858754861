"""Rubrics as they stood when first used: stored once, never changed."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from qualityeval.adapters.rubric_files import CODES, shipped_rubric, shipped_text
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.database import db
from qualityeval.models import Institution, RubricVersion
from qualityeval.services.own_rubrics import usable_text


def store_rubrics(keys: Iterable[str], *, institution: Institution, now: datetime) -> dict[str, str]:
    """Keep the text of these rubrics as it is now, for good; their digests by `code@version`.

    Shipped ones, and those that the round's body or one above it wrote. A rubric whose text differs from the one
    first stored under its version is refused.
    """
    digests = {}
    for key in sorted(keys):
        code, _at, version = key.partition("@")
        text = shipped_text(shipped_rubric(key).code) if code in CODES else usable_text(key, institution)
        digests[key] = hashlib.sha256(text.encode()).hexdigest()
        stored = _first_stored(code=code, version=int(version), text=text, digest=digests[key], stored_at=now)
        if stored != digests[key]:
            raise InvalidInput(
                "rubric.changed",
                msg("评分标准 %(key)s 与首次使用时不同。改动要用新的版本号。"),
                where="rubrics",
                key=key,
            )
    return digests


def _first_stored(*, code: str, version: int, **content: Any) -> str:
    """The digest of the rubric as first stored: by us, before, or by another body's freeze just now."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    db.session.execute(
        dialect.insert(RubricVersion)
        .values(code=code, version=version, **content)
        .on_conflict_do_nothing(index_elements=["code", "version"])
    )
    wanted = (RubricVersion.code == code, RubricVersion.version == version)
    return db.session.execute(select(RubricVersion.digest).where(*wanted)).scalar_one()
