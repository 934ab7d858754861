"""Figures that two managers have shown to everybody: every version, word for word, and what the last one says."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import ResultsVersion, Round, Saying
from qualityeval.queries.results import RELEASED

ACT = "publish"
NEEDED = 2  # managers


@dataclass(frozen=True)
class PublicVersion:
    """A version: its number, digest, day, the reason of a restatement (empty for the release), what it changed."""

    number: int
    digest: str
    issued_at: datetime
    text: str

    @property
    def content(self) -> dict[str, Any]:
        """The version as JSON; `figures` is what `round results` says, without what is about experts."""
        found: dict[str, Any] = json.loads(self.text)
        return found


def shown() -> ColumnElement[bool]:
    """Rounds whose released figures everybody may read."""
    said = (
        select(func.count())
        .select_from(Saying)
        .where(Saying.round_id == Round.id, Saying.act == ACT)
        .scalar_subquery()
    )
    return Round.state.in_(RELEASED) & (said >= NEEDED)


def is_public(round_: Round) -> bool:
    """Whether everybody may read the round's figures."""
    return public_codes([round_.code]) == {round_.code}


def public_codes(codes: Collection[str]) -> set[str]:
    """Those of the rounds' codes whose figures everybody may read."""
    return set(db.session.execute(select(Round.code).where(Round.code.in_(codes), shown())).scalars())


def versions_of(code: str) -> list[PublicVersion]:
    """All versions of a public round, the first one first; NotFound where the figures aren't public."""
    rows = db.session.execute(
        select(ResultsVersion.number, ResultsVersion.digest, ResultsVersion.issued_at, ResultsVersion.text)
        .join(Round, ResultsVersion.round_id == Round.id)
        .where(Round.code == code, shown())
        .order_by(ResultsVersion.number)
    ).all()
    if not rows:
        raise NotFound(where="round")
    return [PublicVersion(*row) for row in rows]
