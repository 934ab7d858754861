"""The figures of a round, or of several as strata of a period: what was found, for how many, how sure."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.expert_share import expert_share
from qualityeval.core.mark_spread import mark_spread
from qualityeval.core.plan import read_plan
from qualityeval.models import Round
from qualityeval.queries import expert_figures, result_beside, result_steps
from qualityeval.queries import result_rows as rows
from qualityeval.queries.expert_figures import agreement
from qualityeval.queries.result_groups import (
    FIGURES,
    Sample,
    counted_of,
    distribution_of,
    groups_of,
    mix_of,
    shown,
    withheld_of,
)
from qualityeval.queries.rubric_texts import grades_of

__all__ = ["DIMENSIONS", "DRAWN", "MOST_ROUNDS", "RELEASED", "agreement", "results"]
RELEASED = frozenset({"released", "closed"})
DRAWN = frozenset({"drawn", "called_in", "assigned", "scoring", "arbitration", "objection", *RELEASED})
DIMENSIONS = {
    rows.INSTITUTION: "institutions",
    rows.PROVIDER: "providers",
    rows.CASE_TYPE: "case_types",
}
MOST_ROUNDS = 40


def results(actor: Actor, *rounds: Round, by: Sequence[str] = tuple(DIMENSIONS)) -> dict[str, Any]:
    """`round results`: overall and by the dimensions of `by`, with intervals and the reason of what is null.

    Several rounds are strata of one period: their design weights make every share a stratified one. Rounds of
    different rubric sets aren't put together: the figures are then null and the rounds stand side by side.
    Refuses a round that isn't drawn or was withdrawn, and rounds whose frames may overlap.
    """
    for round_ in rounds:
        require(actor, Permission.ROUND_RESULTS, round_)
    refuse_unfit(rounds)
    if not are_comparable(rounds):
        return _side_by_side(actor, rounds)
    return figures_of(rounds, sample_of(rounds), by)


def figures_of(rounds: Sequence[Round], sample: Sample, by: Sequence[str]) -> dict[str, Any]:
    """The keys of `results` for rounds of one rubric set, from their rows."""
    model = expert_figures.model_of(sample.cases, sample.sheets)
    variance = expert_figures.variances(model)
    sample = replace(sample, readings=result_beside.readings_of(variance))
    overall = distribution_of(sample, sample.cases, sum(sample.cells.values()))
    return {
        **_head(rounds, {case.rubric for case in sample.cases}),
        "overall": shown(sample, sample.cases, overall),
        "pending": overall.pending,
        "missing": overall.missing,
        "n_eff": overall.good.n_eff,
        "rho": sample.share.rho,
        "rho_reason": sample.share.reason or None,
        **{DIMENSIONS[name]: groups_of(sample, name, sample.sizes(name)) for name in by},
        "steps": [] if overall.suppressed else result_steps.by_step(rounds, sample.grades),
        "marks": _marks(sample),
        "agreement": agreement(sample.sheets, sample.grades, model),
        "severity": expert_figures.severity_lines(model),
        "variance": variance,
        "rounds": [_round_line(round_, sample) for round_ in rounds],
    }


def are_comparable(rounds: Sequence[Round]) -> bool:
    """Whether the rounds have one rubric set, so that their figures may be put together."""
    return len({_rubric_set(round_) for round_ in rounds}) == 1


def all_released(rounds: Sequence[Round]) -> bool:
    """Whether the figures are published; groups are withheld for others' sake from then on only."""
    return all(round_.state in RELEASED for round_ in rounds)


def refuse_unfit(rounds: Sequence[Round]) -> None:
    """Refuse rounds that aren't drawn, too many of them, and rounds whose frames may overlap."""
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
    nothing = dict.fromkeys((*FIGURES, "n", "N"))
    return {
        **_head(rounds, {key for one in apart for key in one["rubric_set"].split(", ")}),
        "overall": {**nothing, "suppressed": False, "reason": reason},
        "pending": sum(one["pending"] for one in apart),
        "missing": sum(one["missing"] for one in apart),
        "n_eff": None, "rho": None, "rho_reason": reason,
        **{key: [] for key in DIMENSIONS.values()},
        "steps": [],
        "marks": None,
        "agreement": expert_figures.no_agreement(reason),
        "severity": [],
        "variance": None,
        "rounds": [{**one["rounds"][0], "overall": one["overall"]} for one in apart],
    }  # fmt: skip


def _head(rounds: Sequence[Round], rubrics: set[str]) -> dict[str, Any]:
    return {
        "code": ",".join(round_.code for round_ in rounds),
        "state": "released" if all_released(rounds) else "preliminary",
        "rubric_set": ", ".join(sorted(rubrics)),
    }


def _round_line(round_: Round, sample: Sample) -> dict[str, Any]:
    return {
        "code": round_.code,
        "state": "released" if round_.state in RELEASED else "preliminary",
        "n": sum(count for (id_, _label), count in sample.counted.items() if id_ == round_.id),
        "N": sum(size for (id_, _label), size in sample.strata.items() if id_ == round_.id),
    }


def sample_of(rounds: Sequence[Round]) -> Sample:
    """All rows that the figures of these rounds are counted from."""
    cases, sheets = rows.found_cases(rounds), rows.first_sheets(rounds)
    grades = grades_of({case.rubric for case in cases})
    good = frozenset(grade.name for grade in grades if grade.good)
    readings = [
        (one.sampled_id, one.expert, float(one.grade in good))
        for of_case in sheets.values()
        for one in of_case
    ]
    return Sample(
        cases,
        sheets,
        grades,
        expert_share(readings),
        rows.strata_of(rounds),
        counted_of(cases),
        withheld_of(cases) if all_released(rounds) else {},
        rows.frame_cells(rounds),
        *mix_of(cases, good),
    )


def _marks(sample: Sample) -> dict[str, Any]:
    totals = [case.total for case in sample.cases if case.total is not None]
    return asdict(
        mark_spread(
            totals,
            [[one.total for one in found if one.total is not None] for found in sample.sheets.values()],
        )
    )
