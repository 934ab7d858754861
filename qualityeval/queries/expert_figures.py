"""How experts read: agreement, severity and the variances behind them, from first-round independent sheets."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from qualityeval.core.agreement import agreement as measured
from qualityeval.core.false_discovery import Flag, severity_flags
from qualityeval.core.rubric_parts import Grade
from qualityeval.core.severity import ExpertSeverity, Mark, Severity, severity, without_marks
from qualityeval.queries import result_rows as rows
from qualityeval.queries.result_rows import FirstSheet, Found

POINT = 100  # hundredths


def agreement(
    sheets: Mapping[int, Sequence[FirstSheet]], grades: Sequence[Grade] = (), model: Severity | None = None
) -> dict[str, Any]:
    """`agreement` of `round results`: grades by pairs, alpha and AC2; the marks' ICC from the crossed model.

    Without the model ICC is left out as not computed; without grades only what any two sheets say is there.
    """
    names = [grade.name for grade in grades] or sorted(
        {one.grade for found in sheets.values() for one in found}
    )
    found = measured([[one.grade for one in of_case] for of_case in sheets.values()], names)
    missing = model.reason if model else "not_computed"
    return {
        "pairs": found.pairs, "raw": found.raw, "alpha": found.alpha if grades else None,
        "ac2": found.ac2 if grades else None, "icc": model.icc if model else None,
        "reason": found.reason or missing or None,
    }  # fmt: skip


def no_agreement(reason: str) -> dict[str, Any]:
    """The same keys with nothing in them but the reason."""
    return {"pairs": 0, **dict.fromkeys(("raw", "alpha", "ac2", "icc")), "reason": reason}


def severity_lines(model: Severity) -> list[dict[str, Any]]:
    """`severity` of `round results`, in points; what can't be computed is null with the reason's code.

    `flagged` experts stand out of the spread of experts under false-discovery control: `p` is adjusted for looking at all.
    """
    flags = {one.expert: one for one in severity_flags(model)}
    return [_line(one, flags.get(one.expert)) for one in model.experts]


def _line(one: ExpertSeverity, flag: Flag | None = None) -> dict[str, Any]:
    return {
        "expert": one.expert, "n": one.n, "raw": one.raw, "adjusted": one.adjusted, "se": one.se,
        "component": one.component, "z": flag.z if flag else None, "p": flag.adjusted if flag else None,
        "flagged": flag.flagged if flag else False, "reason": one.reason or None,
    }  # fmt: skip


def variances(model: Severity) -> dict[str, Any]:
    """What the crossed model rests on: variances in points², sheets, cases, and groups of comparable experts."""
    return {
        "case": model.case, "expert": model.expert, "error": model.error, "sheets": model.sheets,
        "cases": model.cases, "components": model.components, "reason": model.reason or None,
    }  # fmt: skip


def model_of(cases: Sequence[Found], sheets: Mapping[int, Sequence[FirstSheet]]) -> Severity:
    """The crossed model of the rounds' marks, with rubric and city as what may make cases differ.

    A pure function of the sheets that takes seconds for a province, and one round is shown on many pages:
    the last few answers are kept.
    """
    factors = {case.sampled_id: (case.rubric, case.groups[rows.CITY]) for case in cases}
    return _model(
        tuple(
            (sampled, one.expert, one.total, *factors[sampled])
            for sampled, of_case in sheets.items()
            for one in of_case
        )
    )


@lru_cache(maxsize=8)
def _model(sheets: tuple[tuple[int, str, int | None, str, str], ...]) -> Severity:
    """Sheets of indicator rubrics have grades and no marks: severity in points can't be computed from them."""
    marks = [
        Mark(str(case), expert, total / POINT, (rubric, city))
        for case, expert, total, rubric, city in sheets
        if total is not None
    ]
    if sheets and not marks:
        return without_marks([(str(case), expert) for case, expert, *_rest in sheets])
    return severity(marks)
