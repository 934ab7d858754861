"""Grade distributions: counts, weighted shares, the good-or-better rate with its interval.

Floats leave here unrounded, with n, N and the method; what can't be computed is None with a reason.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.intervals import LEVEL, Interval, clopper_pearson, effective_n, hypergeometric, wilson
from qualityeval.core.rubric_parts import Grade

MISSING = "未提交案卷"
SUPPRESS_BELOW = 5
RANK_FROM = 10

Method = Literal["wilson", "clopper_pearson"]
MissingFile = Literal["fail", "nonresponse"]


@dataclass(frozen=True, slots=True)
class Graded:
    """One drawn case: its grade's name, or `MISSING` for a file never handed in, or None while pending.

    `weight` is the final weight N̂/respondents and `base` N̂/e, which the bounds use (left out: the same); targeted
    files must not be given.
    """

    grade: str | None
    weight: float = 1.0
    base: float | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with all that it stands on; `value` is None with a `reason`'s code.

    `interval` carries the shared-expert term where `n_eff` < n; `sampling` is hypergeometric and
    means sampling error only (None where weights differ or the result isn't whole).
    """

    value: float | None
    n: int
    population: int
    n_eff: float | None = None
    rho: float | None = None
    interval: Interval | None = None
    sampling: Interval | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """Counts and weighted shares by grade name in the rubric's order (`MISSING` last, under `fail`).

    `n` counts cases with a result (and missing files under `fail`); pending are never in n. `bounds`
    are the good rate if all missing files were not good, and all good. `suppressed` hides every
    figure but n in what is published; `may_rank` from n = 10.
    """

    n: int
    population: int
    pending: int
    missing: int
    counts: dict[str, int]
    weighted: dict[str, float | None]
    good: Rate
    bounds: tuple[float, float] | None
    suppressed: bool
    may_rank: bool


def distribution(
    graded: Sequence[Graded],
    grades: Sequence[Grade],
    *,
    population: int,
    missing_file: MissingFile = "fail",
    sheets_by_expert: Sequence[int] = (),
    rho: float | None = None,
    method: Method = "wilson",
    level: float = LEVEL,
) -> Distribution:
    """The distribution of one group of cases inside one rubric set.

    A name that is no grade is `InvalidInput`. ρ of None leaves n_eff at n and says so by None.
    """
    names = [grade.name for grade in grades]
    for case in graded:
        if case.grade is not None and case.grade not in (*names, MISSING):
            raise InvalidInput(
                "distribution.grade",
                msg("“%(grade)s”不是这套评分标准的等次。"),
                where="grade",
                grade=case.grade,
            )
    missing = sum(case.grade == MISSING for case in graded)
    counted = [
        case
        for case in graded
        if case.grade is not None and (case.grade != MISSING or missing_file == "fail")
    ]
    keys = [*names, MISSING] if missing_file == "fail" else names
    tally = Counter(case.grade for case in counted)
    good_names = frozenset(grade.name for grade in grades if grade.good)
    n = len(counted)
    return Distribution(
        n=n,
        population=population,
        pending=sum(case.grade is None for case in graded),
        missing=missing,
        counts={key: tally[key] for key in keys},
        weighted={key: _share(counted, frozenset({key})) for key in keys},
        good=_good_rate(
            counted, good_names, population, sheets=sheets_by_expert, rho=rho, method=method, level=level
        ),
        bounds=_bounds(graded, good_names),
        suppressed=n < SUPPRESS_BELOW,
        may_rank=n >= RANK_FROM,
    )


def _share(cases: Sequence[Graded], names: frozenset[str]) -> float | None:
    whole = sum(case.weight for case in cases)
    if not whole:
        return None
    return sum(case.weight for case in cases if case.grade in names) / whole


def _bounds(graded: Sequence[Graded], good: frozenset[str]) -> tuple[float, float] | None:
    known = [
        Graded(case.grade, case.weight if case.base is None else case.base)
        for case in graded
        if case.grade is not None
    ]
    lo, hi = _share(known, good), _share(known, good | {MISSING})
    return None if lo is None or hi is None or not good else (lo, hi)


def _good_rate(
    cases: Sequence[Graded],
    good: frozenset[str],
    population: int,
    *,
    sheets: Sequence[int],
    rho: float | None,
    method: Method,
    level: float,
) -> Rate:
    n, value = len(cases), _share(cases, good)
    if not good:
        return Rate(None, n, population, reason="no_good_grade")
    if value is None:
        return Rate(None, n, population, reason="no_results")
    n_eff = float(n) if rho is None or not sum(sheets) else effective_n(n, sheets, rho)
    n_eff *= _weight_efficiency(cases)
    bound = wilson if method == "wilson" else clopper_pearson
    return Rate(
        value,
        n,
        population,
        n_eff=n_eff,
        rho=rho,
        interval=bound(min(value * n_eff, n_eff), n_eff, level),
        sampling=_sampling(cases, good, population, level),
    )


def _weight_efficiency(cases: Sequence[Graded]) -> float:
    """Kish's (Σw)²/(n·Σw²): 1 for equal weights, less where they differ."""
    if len({case.weight for case in cases}) == 1:
        return 1.0
    whole, squares = sum(c.weight for c in cases), sum(c.weight**2 for c in cases)
    return min(1.0, whole * whole / (len(cases) * squares))


def _sampling(
    cases: Sequence[Graded], good: frozenset[str], population: int, level: float
) -> Interval | None:
    if len({case.weight for case in cases}) > 1 or len(cases) > population:
        return None
    return hypergeometric(population, len(cases), sum(case.grade in good for case in cases), level)
