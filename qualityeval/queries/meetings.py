"""How often experts have met a practitioner or an institution in a calendar year, over all rounds."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from qualityeval.clock import OFFICE
from qualityeval.core.deal_meetings import INSTITUTION, PRACTITIONER, Group
from qualityeval.database import db
from qualityeval.models import Assignment, Case, FrameCase, Institution, Round, SampledCase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qualityeval.core.recusal import Matter


@dataclass(frozen=True)
class Met:
    """The limits of a round, and by (expert, group) how often they have met this year; empty without limits."""

    limits: Mapping[str, int]
    counts: Counter[tuple[int, Group]] = field(default_factory=Counter)

    def groups(self, matter: Matter) -> tuple[Group, ...]:
        """Whom a reader of this case meets as far as it is limited; an unknown practitioner is nobody."""
        people = ((PRACTITIONER, one.practitioner) for one in matter.handlers)
        named = dict.fromkeys((*people, (INSTITUTION, matter.institution)))
        return tuple((kind, key) for kind, key in named if key and kind in self.limits)

    def is_full(self, expert: int, matter: Matter) -> bool:
        """Whether the expert has met somebody of this case as often as allowed."""
        return any(self.counts[expert, group] >= self.limits[group[0]] for group in self.groups(matter))

    def add(self, expert: int, matter: Matter) -> None:
        """One meeting more."""
        self.counts.update((expert, group) for group in self.groups(matter))


def met(round_: Round, day: date) -> Met:
    """What the round limits, and what was dealt in the year of this day, whatever the round."""
    limits = json.loads(round_.plan).get("meetings", {}) if round_.plan else {}
    found = Met(limits)
    second = case(
        (Case.second_practitioner_id != func.coalesce(Case.practitioner_id, 0), Case.second_practitioner_id)
    )
    for kind, column in (
        (PRACTITIONER, Case.practitioner_id), (PRACTITIONER, second), (INSTITUTION, Institution.code),
    ):  # fmt: skip
        if kind in limits:
            rows = (
                select(Assignment.expert_id, column, func.count())
                .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
                .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
                .join(Case, FrameCase.case_id == Case.id)
                .join(Institution, Case.institution_id == Institution.id)
                .where(Assignment.dealt_at >= _first(day.year), Assignment.dealt_at < _first(day.year + 1))
                .where(column.is_not(None))
                .group_by(Assignment.expert_id, column)
            )
            found.counts.update({(one, (kind, str(key))): n for one, key, n in db.session.execute(rows)})
    return found


def _first(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=OFFICE).astimezone(UTC)
