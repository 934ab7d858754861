"""The figures of a round, or of several as strata of a period: what was found, for how many, how sure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.distribution import Distribution, Graded, distribution
from qualityeval.core.domain_share import DomainStratum, domain_share
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.expert_share import ExpertShare, expert_share
from qualityeval.core.intervals import Interval
from qualityeval.core.mark_spread import mark_spread
from qualityeval.core.plan import read_plan
from qualityeval.core.rubric_parts import Grade
from qualityeval.models import Round
from qualityeval.queries import result_rows as rows
from qualityeval.queries import result_steps
from qualityeval.queries.result_rows import FirstSheet, Found, Place

RELEASED = frozenset({"released", "closed"})
DRAWN = frozenset({"drawn", "called_in", "assigned", "scoring", "arbitration", "objection", *RELEASED})
DIMENSIONS = {
    rows.INSTITUTION: "institutions",
    rows.PROVIDER: "providers",
    rows.CASE_TYPE: "case_types",
}
MOST_ROUNDS = 40


@dataclass(frozen=True)
class _Sample:
    """What all groups are counted from."""

    cases: Sequence[Found]
    sheets: Mapping[int, Sequence[FirstSheet]]
    grades: Sequence[Grade]
    share: ExpertShare
    strata: Mapping[Place, int]
    counted: Mapping[Place, int]  # cases with a result, by stratum


def results(actor: Actor, *rounds: Round, by: Sequence[str] = tuple(DIMENSIONS)) -> dict[str, Any]:
    """`round results`: overall and by the dimensions of `by`, with intervals and the reason of what is null.

    Several rounds are strata of one period: their design weights make every share a stratified one. Rounds of
    different rubric sets aren't put together: the figures are then null and the rounds stand side by side.
    Refuses a round that isn't drawn or was withdrawn, and rounds whose frames may overlap.
    """
    for round_ in rounds:
        require(actor, Permission.ROUND_RESULTS, round_)
    _refuse_unfit(rounds)
    if len({_rubric_set(round_) for round_ in rounds}) > 1:
        return _side_by_side(actor, rounds)
    sample = _sample(rounds)
    sizes = {name: rows.frame_sizes(rounds, name) for name in {rows.INSTITUTION, *by}}
    whole = sum(sizes[rows.INSTITUTION].values())
    overall = _distribution(sample, sample.cases, whole)
    return {
        **_head(rounds, {case.rubric for case in sample.cases}),
        "overall": _shown(sample, sample.cases, overall),
        "pending": overall.pending,
        "missing": overall.missing,
        "n_eff": overall.good.n_eff,
        "rho": sample.share.rho,
        "rho_reason": sample.share.reason or None,
        **{DIMENSIONS[name]: _groups(sample, name, sizes[name]) for name in by},
        "steps": [] if overall.suppressed else result_steps.by_step(rounds, sample.grades),
        "marks": _marks(sample),
        "agreement": agreement(sample.sheets),
        "severity": [],
        "rounds": [_round_line(round_, sample) for round_ in rounds],
    }


def _refuse_unfit(rounds: Sequence[Round]) -> None:
    codes = [round_.code for round_ in rounds]
    if not 0 < len(rounds) <= MOST_ROUNDS or len(set(codes)) < len(codes):
        raise InvalidInput(
            "results.rounds", msg("请写1至%(most)s个不同的批次。"), where="code", most=MOST_ROUNDS
        )
    for round_ in rounds:
        if round_.state not in DRAWN:
            raise WrongState(
                "results.not_drawn",
                msg("批次“%(round)s”没有有效的样本，没有结果。"),
                where="code",
                round=round_.code,
            )
    if len({(round_.institution_id, round_.kind) for round_ in rounds}) > 1:
        raise InvalidInput(
            "results.overlap",
            msg("只有同一机构、同一类别的批次才能合并成一个时期：别的批次可能含有同一件案件。"),
            where="code",
        )


def _rubric_set(round_: Round) -> str:
    """Rubric of each kind of case, consensus rule and what a missing file means, as one comparable text."""
    plan = read_plan(str(round_.plan)).content
    return repr([plan.get(name) for name in ("rubrics", "consensus", "missing_file")])


def _side_by_side(actor: Actor, rounds: Sequence[Round]) -> dict[str, Any]:
    apart = [results(actor, round_, by=()) for round_ in rounds]
    reason = "rubric_sets_differ"
    nothing = dict.fromkeys((*_FIGURES, "n", "N"))
    return {
        **_head(rounds, {key for one in apart for key in one["rubric_set"].split(", ")}),
        "overall": {**nothing, "suppressed": False, "reason": reason},
        "pending": sum(one["pending"] for one in apart),
        "missing": sum(one["missing"] for one in apart),
        "n_eff": None, "rho": None, "rho_reason": reason,
        **{key: [] for key in DIMENSIONS.values()},
        "steps": [],
        "marks": None,
        "agreement": {"pairs": 0, "raw": None, "alpha": None, "ac2": None, "icc": None, "reason": reason},
        "severity": [],
        "rounds": [{**one["rounds"][0], "overall": one["overall"]} for one in apart],
    }  # fmt: skip


def _head(rounds: Sequence[Round], rubrics: set[str]) -> dict[str, Any]:
    released = all(round_.state in RELEASED for round_ in rounds)
    return {
        "code": ",".join(round_.code for round_ in rounds),
        "state": "released" if released else "preliminary",
        "rubric_set": ", ".join(sorted(rubrics)),
    }


def _round_line(round_: Round, sample: _Sample) -> dict[str, Any]:
    return {
        "code": round_.code,
        "state": "released" if round_.state in RELEASED else "preliminary",
        "n": sum(count for (id_, _label), count in sample.counted.items() if id_ == round_.id),
        "N": sum(size for (id_, _label), size in sample.strata.items() if id_ == round_.id),
    }


def _sample(rounds: Sequence[Round]) -> _Sample:
    cases, sheets = rows.found_cases(rounds), rows.first_sheets(rounds)
    grades = rows.grades_of({case.rubric for case in cases})
    good = {grade.name for grade in grades if grade.good}
    readings = [
        (one.sampled_id, one.expert, float(one.grade in good))
        for of_case in sheets.values()
        for one in of_case
    ]
    counted = Counter(case.place for case in cases if case.grade is not None)
    return _Sample(cases, sheets, grades, expert_share(readings), rows.strata_of(rounds), counted)


def _groups(sample: _Sample, dimension: str, sizes: Mapping[str, int]) -> list[dict[str, Any]]:
    members: dict[str, list[Found]] = defaultdict(list)
    for case in sample.cases:
        members[case.groups[dimension]].append(case)
    names = rows.institution_names() if dimension == rows.INSTITUTION else {}
    return [
        {
            "code": code, "name": names.get(code, code), "band": None,
            **_shown(sample, members[code], _distribution(sample, members[code], sizes.get(code, 0))),
        }
        for code in sorted({*sizes, *members}, key=str.encode)
    ]  # fmt: skip


def _distribution(sample: _Sample, cases: Sequence[Found], population: int) -> Distribution:
    loads = Counter(one.expert for case in cases for one in sample.sheets.get(case.sampled_id, ()))
    return distribution(
        [Graded(case.grade, case.weight) for case in cases], sample.grades, population=population,
        sheets_by_expert=list(loads.values()), rho=sample.share.rho,
    )  # fmt: skip


_FIGURES = (
    "grades", "weighted", "good", "good_rate", "interval", "method", "sampling_interval", "sampling_method", "n_eff",
)  # fmt: skip


def _shown(sample: _Sample, cases: Sequence[Found], found: Distribution) -> dict[str, Any]:
    head = {"n": found.n, "N": found.population, "pending": found.pending}
    if found.suppressed:
        reason = "suppressed" if found.n else "no_results" if cases else "none_drawn"
        return {
            **head, **dict.fromkeys(_FIGURES), "suppressed": True, "may_rank": False, "reason": reason
        }  # fmt: skip
    interval, sampling = (
        found.good.interval,
        found.good.sampling or _sampling(sample, cases, found.population),
    )
    good = [grade.name for grade in sample.grades if grade.good]
    return {
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
        "suppressed": False,
        "may_rank": found.may_rank,
        "reason": found.good.reason or None,
    }


def _sampling(sample: _Sample, cases: Sequence[Found], population: int) -> Interval | None:
    """Where weights differ: the group as a domain of the strata that it touches."""
    good = {grade.name for grade in sample.grades if grade.good}
    inside, found = Counter[Place](), Counter[Place]()
    for case in cases:
        if case.grade is not None:
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


def _marks(sample: _Sample) -> dict[str, Any]:
    totals = [case.total for case in sample.cases if case.total is not None]
    return asdict(mark_spread(totals, [[one.total for one in found] for found in sample.sheets.values()]))


def agreement(sheets: Mapping[int, Sequence[FirstSheet]]) -> dict[str, Any]:
    """Pairs of first-round sheets of one case that say the same grade."""
    pairs = [
        found[i].grade == found[j].grade
        for found in sheets.values()
        for i in range(len(found))
        for j in range(i + 1, len(found))
    ]
    reason = None if pairs else "no_pairs"
    return {
        "pairs": len(pairs), "raw": sum(pairs) / len(pairs) if pairs else None, "alpha": None, "ac2": None,
        "icc": None, "reason": reason or "not_computed",
    }  # fmt: skip
