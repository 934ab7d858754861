"""The second checker of a deal: re-reads the stored rows and the raw rules in its own way.

It shares no code with dealing or `core.recusal`, so that one mistake can't hide in both.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    Case,
    Expert,
    FrameCase,
    Institution,
    Practitioner,
    Provider,
    Round,
    SampledCase,
)


@dataclass(frozen=True)
class Broken:
    """A rule that a stored assignment breaks; no expert where two of one provider share a file."""

    case: str
    expert: str
    rule: str

    def __str__(self) -> str:
        """`case expert: rule`."""
        return f"{self.case} {self.expert}: {self.rule}".replace(" : ", ": ")


def broken_rules(
    round_: Round, *, region: str, provider: bool, only: Collection[str] | None = None
) -> list[Broken]:
    """Every rule that the round's assignments (or those of some hundred keys) break as the registers stand now."""
    here = _at_level(region)
    found: list[Broken] = []
    together: Counter[tuple[str, str]] = Counter()
    for row in _rows(round_, only):
        found += [Broken(row.key, row.code, rule) for rule in _broken(row, here, provider=provider)]
        if row.firm:
            together[row.key, row.firm] += 1
    return found + [Broken(key, "", "same_provider") for (key, _firm), count in together.items() if count > 1]


def _broken(row: Any, here: frozenset[str], *, provider: bool) -> Iterator[str]:
    if provider and row.firm and row.firm == row.handler_firm:
        yield "provider"
    if row.licence and row.licence == row.handler_licence:
        yield "own_case"
    if row.place is not None and row.place == row.seat:
        yield "institution"
    if here & set((row.place_path or "").split("/")) & set(row.seat_path.split("/")):
        yield "region"


def _at_level(region: str) -> frozenset[str]:
    rows = db.session.execute(select(Institution.id).where(Institution.level == region)).scalars()
    return frozenset(str(id_) for id_ in rows)


def _rows(round_: Round, only: Collection[str] | None) -> list[Any]:
    place, seat = aliased(Institution), aliased(Institution)
    query = (
        select(
            FrameCase.key, Expert.code, Expert.provider.label("firm"), Expert.licence,
            Provider.name.label("handler_firm"), Practitioner.licence.label("handler_licence"),
            place.id.label("place"), place.path.label("place_path"), seat.id.label("seat"),
            seat.path.label("seat_path"),
        )
        .select_from(Assignment)
        .join(Expert, Assignment.expert_id == Expert.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(seat, Case.institution_id == seat.id)
        .outerjoin(place, Expert.institution_id == place.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
        .where(Assignment.round_id == round_.id)
    )  # fmt: skip
    if only is not None:
        query = query.where(FrameCase.round_id == round_.id, FrameCase.key.in_(only))
    return list(db.session.execute(query).all())
