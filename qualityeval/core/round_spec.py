"""The spec of a round (`round create SPEC.yaml`, or the form), checked by core.spec_reading, and what the plan fixes of it.

    RoundSpec.as_plan() -> dict                 what the plan fixes; no floats, rates as "277/1000"
    RoundSpec.strata_fields -> tuple            declared strata, then the overrides' fields
    RoundSpec.fields -> tuple                   every field asked of a case: population, strata, series
    RoundSpec.exclusion_of(values) -> str|None  the reason of the first exclusion that fits
    RoundSpec.includes(values) -> bool          meets population.where

Parts: population (by, since, until, where, exclude), sizes (core.allocation.SizeRules), source
(core.ceremony.SeedSource), recusal, consensus (core.consensus.ConsensusRule), deadlines.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qualityeval.core.allocation import SizeRules
from qualityeval.core.ceremony import SeedSource
from qualityeval.core.conditions import Condition
from qualityeval.core.consensus import ConsensusRule
from qualityeval.core.spec_parts import (
    Deadlines,
    Recusal,
)
from qualityeval.core.workload import Workload


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Cases left out, with the published reason."""

    when: Condition
    reason: str


@dataclass(frozen=True, slots=True)
class Population:
    """Cases whose date of this kind lies from `since` to `until`, both included, and that meet `where`."""

    by: str
    since: date
    until: date
    where: Condition
    exclude: tuple[Exclusion, ...]

    def as_plan(self) -> dict[str, object]:
        """The population as the plan holds it."""
        return {
            "by": self.by,
            "from": self.since.isoformat(),
            "to": self.until.isoformat(),
            "where": self.where.as_plan(),
            "exclude": [{"when": one.when.as_plan(), "reason": one.reason} for one in self.exclude],
        }


@dataclass(frozen=True, slots=True)
class RoundSpec:
    """A checked spec. `rounds` names the rounds whose evaluated cases a recheck draws from."""

    code: str
    title: str
    institution: str
    kind: str
    rounds: tuple[str, ...]
    population: Population
    strata: tuple[str, ...]
    sizes: SizeRules
    series: str
    source: SeedSource
    call_in: str
    missing_file: str
    reviewers: int
    recusal: Recusal
    blind: str
    consensus: ConsensusRule
    rubrics: Mapping[str, str]
    deadlines: Deadlines
    specialty: str = "ignore"
    require: tuple[str, ...] = ()  # before a file opens
    meetings: Mapping[str, int] = field(default_factory=dict)  # a year, by practitioner and by institution
    workload: Workload = field(default_factory=Workload)

    @property
    def strata_fields(self) -> tuple[str, ...]:
        """The declared strata, then the fields of the overrides that aren't among them."""
        return tuple(dict.fromkeys((*self.strata, *self.sizes.fields)))

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that population, strata and series ask of a case, each once."""
        excluded = (field for one in self.population.exclude for field in one.when.fields)
        series = ("series",) if self.series == "one_per_series" else ()
        return tuple(dict.fromkeys((*self.population.where.fields, *excluded, *self.strata_fields, *series)))

    def includes(self, values: Mapping[str, str]) -> bool:
        """Whether a case meets `population.where`; dates are the caller's."""
        return self.population.where.matches(values)

    def exclusion_of(self, values: Mapping[str, str]) -> str | None:
        """The reason of the first exclusion that the case meets."""
        return next((one.reason for one in self.population.exclude if one.when.matches(values)), None)

    def as_plan(self) -> dict[str, Any]:
        """What a freeze fixes beside the frame: canonical, without floats, title and code apart.

        `specialty` stands in it where experts' specialties count, `require` where a file opens on terms, `meetings`
        where an expert reads one practitioner's or institution's files so often at most, `workload` where minutes count.
        """
        return {
            **({"workload": self.workload.as_plan()} if self.workload.in_minutes else {}),
            **({"require": list(self.require)} if self.require else {}),
            **({"meetings": dict(self.meetings)} if self.meetings else {}),
            **({"specialty": self.specialty} if self.specialty != "ignore" else {}),
            "institution": self.institution,
            "kind": self.kind,
            "rounds": list(self.rounds),
            "population": self.population.as_plan(),
            "strata_fields": list(self.strata_fields),
            "rates": self.sizes.as_plan(),
            "series": self.series,
            "call_in": self.call_in,
            "missing_file": self.missing_file,
            "reviewers": self.reviewers,
            "recusal": {"region": self.recusal.region, "provider": self.recusal.provider},
            "blind": self.blind,
            "consensus": _consensus_plan(self.consensus),
            "rubrics": dict(self.rubrics),
            "deadlines": self.deadlines.as_plan(),
        }


def _consensus_plan(rule: ConsensusRule) -> dict[str, object]:
    """Gap and band in hundredths of a point."""
    return {
        "rule": rule.rule,
        "gap": rule.gap,
        "triggers": sorted(rule.triggers),
        "resolve": rule.resolve,
        "rescore_band": rule.rescore_band,
        **({"arbitrator_sees": True} if rule.sees else {}),
    }
