"""What anyone may read without signing in: rounds from their freeze on, withdrawn ones too.

Nothing here opens a sealed secret, a case or a person: digests, plan, certificate and names of bodies only.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from qualityeval.authz import scope
from qualityeval.core.errors import NotFound
from qualityeval.core.publication import FrameAccess, frame_access
from qualityeval.database import db
from qualityeval.models import Draw, Institution, Round


def public_name(code: str, public_id: str) -> str:
    """How public addresses name a round: its code where that is plain, else its public id."""
    return code if code.isascii() else public_id


@dataclass(frozen=True)
class PublishedRound:
    """A round as everybody may see it; `plan` is what the freeze fixed, `certificate` None before the draw."""

    public_id: str
    code: str
    title: str
    owner: str
    state: str
    frame_size: int
    frame_digest: str
    plan_digest: str
    plan: Mapping[str, Any]
    frozen_at: datetime
    drawn_at: datetime | None
    certificate: str | None
    withdrawn_at: datetime | None
    withdrawn_because: str

    @property
    def sample_size(self) -> int:
        """Cases to draw, over all strata."""
        return sum(int(stratum["n"]) for stratum in self.plan["strata"])

    @property
    def name(self) -> str:
        """How addresses name the round: its code where that is plain, else its public id."""
        return public_name(self.code, self.public_id)

    def frame_access(self, today: date) -> FrameAccess:
        """Whether the frame file is public on this (office) day, and from when."""
        hand_in = self.plan.get("deadlines", {}).get("hand_in")
        return frame_access(
            drawn=self.drawn_at is not None,
            call_in=str(self.plan.get("call_in", "required")),
            hand_in=date.fromisoformat(hand_in) if hand_in else None,
            state=self.state,
            today=today,
        )


_COLUMNS = (
    Round.public_id, Round.code, Round.title, Institution.name, Round.state, Round.frame_size, Round.frame_digest,
    Round.plan_digest, Round.plan, Round.frozen_at, Draw.drawn_at, Draw.certificate, Round.withdrawn_at,
    Round.withdrawn_because,
)  # fmt: skip


def _found(text: str) -> Select[Any]:
    columns: tuple[Any, ...] = _COLUMNS
    query = (
        select(*columns)
        .join(Institution, Round.institution_id == Institution.id)
        .outerjoin(Draw, Draw.round_id == Round.id)
        .where(scope.published_rounds())
    )
    if not text:
        return query
    named = (
        column.icontains(text, autoescape=True) for column in (Round.code, Round.title, Institution.name)
    )
    return query.where(or_(*named))


def _row(row: Any) -> PublishedRound:
    cells = dict(zip(PublishedRound.__dataclass_fields__, row, strict=True))
    return PublishedRound(**{**cells, "plan": json.loads(cells["plan"])})


def list_all(*, text: str = "", limit: int = 20, offset: int = 0) -> list[PublishedRound]:
    """Published rounds, the last frozen first; `text` is looked for in code, title and owner."""
    query = _found(text).order_by(Round.frozen_at.desc(), Round.code).limit(limit).offset(offset)
    return [_row(row) for row in db.session.execute(query)]


def count_all(*, text: str = "") -> int:
    """How many rounds `list_all` would give without a limit."""
    query = _found(text).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def get(name: str) -> PublishedRound:
    """The published round of this code or public id; NotFound for a draft as for none at all."""
    rows = db.session.execute(_found("").where(or_(Round.code == name, Round.public_id == name))).all()
    exact = sorted(rows, key=lambda row: row.code != name)  # a code may look like another's public id
    if not exact:
        raise NotFound(where="round")
    return _row(exact[0])


def stored(published: PublishedRound) -> Round:
    """The round's own row, for the service that writes its frame file."""
    return db.session.execute(
        select(Round).where(scope.published_rounds(), Round.public_id == published.public_id)
    ).scalar_one()


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Names of institutions by code: strata hold codes, people read names."""
    rows = db.session.execute(
        select(Institution.code, Institution.name).where(Institution.code.in_(list(codes)))
    )
    return dict(rows.all())
