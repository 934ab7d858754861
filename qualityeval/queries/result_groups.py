"""Figures of groups of cases: distribution, intervals, what is withheld, and the band among their like."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qualityeval.core.distribution import Distribution, Graded, distribution
from qualityeval.core.domain_share import DomainStratum, domain_share
from qualityeval.core.expert_share import ExpertShare
from qualityeval.core.intervals import Interval
from qualityeval.core.ranking import Ranked, bands
from qualityeval.core.reviewer_part import Readings
from qualityeval.core.rubric_parts import Grade
from qualityeval.core.standardise import Cell as MixCell
from qualityeval.core.suppression import Withheld, protect
from qualityeval.queries import result_beside
from qualityeval.queries import result_rows as rows
from qualityeval.queries.result_rows import Cell, FirstSheet, Found, Place

RANKED = frozenset({rows.INSTITUTION, rows.CITY, rows.PROVIDER})  # kinds of case have rubrics of their own


@dataclass(frozen=True)
class Sample:
    """What all groups are counted from."""

    cases: Sequence[Found]
    sheets: Mapping[int, Sequence[FirstSheet]]
    grades: Sequence[Grade]
    share: ExpertShare
    strata: Mapping[Place, int]
    counted: Mapping[Place, int]  # cases with a result, by stratum
    withheld: Mapping[str, Mapping[str, Withheld]]
    cells: Mapping[Cell, int]  # N of the frames
    kinds: Mapping[str, str]  # kind of case by rubric, and what all cases of the rounds came to by kind
    mix: Mapping[str, MixCell]
    readings: Readings | None = None  # of the whole rounds' crossed model

    def sizes(self, dimension: str) -> dict[str, int]:
        """N of every group of one of the frame's dimensions."""
        at = (rows.INSTITUTION, rows.PROVIDER, rows.CASE_TYPE).index(dimension)
        found = Counter[str]()
        for cell, size in self.cells.items():
            found[cell[at]] += size
        return dict(found)


def counted_of(cases: Sequence[Found]) -> Counter[Place]:
    """How many cases with a result each stratum has."""
    return Counter(case.place for case in cases if case.is_counted)


def withheld_of(cases: Sequence[Found]) -> dict[str, dict[str, Withheld]]:
    """By dimension, the groups whose figures are withheld: the same whichever tables are asked for."""
    counted = [case.groups for case in cases if case.is_counted]
    dimensions = sorted(counted[0]) if counted else []
    cells = Counter(tuple(groups[name] for name in dimensions) for groups in counted)
    return dict(zip(dimensions, protect(cells), strict=True))


def mix_of(cases: Sequence[Found], good: frozenset[str]) -> tuple[dict[str, str], dict[str, MixCell]]:
    """The kinds of case of a whole round, and what its cases came to by kind."""
    kinds = result_beside.kinds_of(cases)
    return kinds, result_beside.cells_of(cases, good, kinds)


def groups_of(sample: Sample, dimension: str, sizes: Mapping[str, int]) -> list[dict[str, Any]]:
    """The figures of every group of a dimension, in byte order of code; `sizes` holds their N.

    `band` is top, middle, bottom or open (can't be told apart), `places` [best, worst, of] the set of ranks that it
    rests on; null with `band_reason`.
    """
    members: dict[str, list[Found]] = defaultdict(list)
    for case in sample.cases:
        members[case.groups[dimension]].append(case)
    hidden = sample.withheld.get(dimension, {})
    names = rows.institution_names() if dimension in {rows.INSTITUTION, rows.CITY} else {}
    lines = [
        {
            "code": code, "name": names.get(code, code),
            **shown(sample, members[code], distribution_of(sample, members[code], sizes.get(code, 0)),
                    complementary=code in hidden),
        }
        for code in sorted({*sizes, *members}, key=str.encode)
    ]  # fmt: skip
    return [
        {**line, **band, "shrunk": shrunk, "standardised": _standardised(sample, dimension, line, members[line["code"]])}
        for line, band, shrunk in zip(
            lines, _bands(dimension, lines), _shrunken(dimension, lines), strict=True
        )
    ]  # fmt: skip


def _shrunken(dimension: str, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | None]:
    """None for kinds of case: what differs by nature isn't drawn together."""
    return [None] * len(lines) if dimension == rows.CASE_TYPE else [*result_beside.shrunken(lines)]


def _standardised(
    sample: Sample, dimension: str, line: Mapping[str, Any], cases: Sequence[Found]
) -> dict[str, Any] | None:
    if dimension == rows.CASE_TYPE:
        return None
    good = frozenset(grade.name for grade in sample.grades if grade.good)
    return result_beside.at_common_mix(line, result_beside.cells_of(cases, good, sample.kinds), sample.mix)


def _bands(dimension: str, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if dimension not in RANKED:
        return [{"band": None, "places": None, "band_reason": "not_ranked"}] * len(lines)
    found = bands([Ranked(one["code"], one["good_rate"], one["n"], one["n_eff"]) for one in lines])
    return [
        {
            "band": one.band, "places": [one.best, one.worst, one.of] if one.band else None,
            "band_reason": one.reason or None,
        }
        for one in found
    ]  # fmt: skip


def distribution_of(sample: Sample, cases: Sequence[Found], population: int) -> Distribution:
    """The distribution of some of the sample's cases, with the whole sample's ρ."""
    loads = Counter(one.expert for case in cases for one in sample.sheets.get(case.sampled_id, ()))
    return distribution(
        [Graded(case.grade, case.weight, case.base) for case in cases], sample.grades, population=population,
        missing_file=cases[0].missing_file if cases else "fail", sheets_by_expert=list(loads.values()),
        rho=sample.share.rho,
    )  # fmt: skip


FIGURES = (
    "grades", "weighted", "good", "good_rate", "interval", "method", "sampling_interval", "sampling_method", "n_eff",
    "missing", "bounds", "reviewer_part", "model_interval",
)  # fmt: skip


def shown(
    sample: Sample, cases: Sequence[Found], found: Distribution, *, complementary: bool = False
) -> dict[str, Any]:
    """The figures of a group under the keys of `round results`; null where withheld, with the reason."""
    head = {"n": found.n, "N": found.population, "pending": found.pending}
    if found.suppressed or complementary:
        small = "suppressed" if found.suppressed else "complementary"
        reason = small if found.n else "no_results" if cases else "none_drawn"
        return {
            **head, **dict.fromkeys(FIGURES), "suppressed": True, "may_rank": False, "reason": reason
        }  # fmt: skip
    interval, sampling = (
        found.good.interval,
        found.good.sampling or _sampling(sample, cases, found.population),
    )
    good = [grade.name for grade in sample.grades if grade.good]
    line = {
        **head,
        "grades": found.counts,
        "weighted": found.weighted,
        "good": sum(found.counts[name] for name in good) if good else None,
        "good_rate": found.good.value,
        "interval": [interval.lo, interval.hi] if interval else None,
        "method": interval.method if interval else None,
        "sampling_interval": [sampling.lo, sampling.hi] if sampling else None,
        "sampling_method": sampling.method if sampling else None,
        "n_eff": found.good.n_eff,
        "missing": found.missing,
        "bounds": list(found.bounds) if found.bounds else None,
        "suppressed": False,
        "may_rank": found.may_rank,
        "reason": found.good.reason or None,
    }
    return {**line, **result_beside.corrected(line, sample.readings)}


def _sampling(sample: Sample, cases: Sequence[Found], population: int) -> Interval | None:
    """Where weights differ: the group as a domain of the strata that it touches."""
    good = {grade.name for grade in sample.grades if grade.good}
    inside, found = Counter[Place](), Counter[Place]()
    for case in cases:
        if case.is_counted:
            inside[case.place] += 1
            found[case.place] += case.grade in good
    if not good or not inside:
        return None
    strata = [
        DomainStratum(sample.strata[place], sample.counted[place], inside[place], found[place])
        for place in sorted(inside)
    ]
    freedom = sum(sample.counted.values()) - len(sample.counted)
    return domain_share(strata, freedom=freedom, population=population).interval
