"""How severe each expert is, from first-round independent sheets: raw, and by crossed random effects.

Positive gives more points than the other experts, negative fewer. Published beside raw figures and never
instead: no grade changes by it. Only experts that one chain of common cases joins can be compared.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualityeval.core.crossed_effects import Crossed, fit

MOST_EXPERTS = 6_000  # the experts' system is dense: 6,000² floats are 288 MB
FEWEST_LEFT = 2  # sheets beyond what experts and cases take, else nothing tells their parts from error


@dataclass(frozen=True, slots=True)
class Mark:
    """One independent first-round sheet: `points` as a float, `factors` = what may make cases differ (rubric, region)."""

    case: str
    expert: str
    points: float
    factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpertSeverity:
    """One expert's, in points. `n` first-round sheets.

    `raw` is the mean of own mark less the mean of the case's other sheets; `adjusted` the shrunken effect (BLUP)
    and `se` its standard error, both about the mean of the experts of its component; `component` numbers the group of experts that can be compared.
    `reason` says why something is None: `alone` (no case read with anybody), or the model's reason.
    """

    expert: str
    n: int
    raw: float | None
    adjusted: float | None
    se: float | None
    component: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Severity:
    """All experts in byte order of code, with the variances (points²) that the model found.

    `icc` is the reliability of a single sheet: the cases' part, the factors' included, of all variance. The model's
    figures are None with a `reason`: `no_pairs`, `too_few_sheets`, `no_variance`, `too_many_experts`. With
    `components` > 1 experts of different components aren't compared: their adjusted figures are about the mean
    of their own component.
    """

    experts: tuple[ExpertSeverity, ...]
    sheets: int
    cases: int
    components: int
    case: float | None
    expert: float | None
    error: float | None
    icc: float | None
    reason: str = ""


def severity(marks: Sequence[Mark]) -> Severity:
    """Raw differences and crossed random effects of all experts; sheets of lone readers help the model only.

    mark = factors + case + expert + error, variances by REML (`crossed_effects`), cases eliminated. At few
    sheets the experts' variance may come out as 0: then all adjusted figures are 0 and that is the finding.

    >>> found = severity([Mark("a", "E1", 90.0), Mark("a", "E2", 84.0), Mark("b", "E1", 70.0), Mark("b", "E2", 66.0)])
    >>> [(one.expert, one.n, one.raw) for one in found.experts], found.reason
    ([('E1', 2, 5.0), ('E2', 2, -5.0)], 'too_few_sheets')
    """
    sheets = Counter(mark.expert for mark in marks)
    raw = _raw(marks)
    names = sorted(sheets, key=str.encode)
    cases = {case: place for place, case in enumerate(dict.fromkeys(mark.case for mark in marks))}
    design = _design(marks, cases, {name: place for place, name in enumerate(names)})
    model, reason = _model(marks, design, paired=bool(raw))
    experts = tuple(
        _one(name, sheets[name], raw.get(name), design.component_of[place], model, place, reason)
        for place, name in enumerate(names)
    )
    found = Severity(experts, len(marks), len(cases), design.components, None, None, None, None, reason)
    if model is None:
        return found
    return replace(found, case=model.case, expert=model.expert, error=model.error, icc=_icc(model))


def without_marks(readings: Sequence[tuple[str, str]]) -> Severity:
    """The same for (case, expert) readings that gave grades and no points: nothing can be computed (`no_points`).

    >>> [(one.expert, one.n, one.reason) for one in without_marks([("a", "E1"), ("b", "E1")]).experts]
    [('E1', 2, 'no_points')]
    """
    counts = Counter(expert for _case, expert in readings)
    experts = tuple(
        ExpertSeverity(name, counts[name], None, None, None, 0, "no_points")
        for name in sorted(counts, key=str.encode)
    )
    cases = len({case for case, _expert in readings})
    return Severity(experts, len(readings), cases, 0, None, None, None, None, "no_points")


def _one(
    name: str, n: int, raw: float | None, component: int, model: Crossed | None, place: int, reason: str
) -> ExpertSeverity:
    if raw is None:
        return ExpertSeverity(name, n, None, None, None, component, "alone")
    if model is None:
        return ExpertSeverity(name, n, raw, None, None, component, reason)
    return ExpertSeverity(name, n, raw, float(model.effects[place]), float(model.se[place]), component)


def _icc(model: Crossed) -> float:
    cases = model.case + model.between
    return cases / (cases + model.expert + model.error)


def _raw(marks: Sequence[Mark]) -> dict[str, float]:
    """By expert the mean difference from the other sheets of the same cases."""
    of_case: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        of_case[mark.case].append(mark)
    gaps: dict[str, list[float]] = defaultdict(list)
    for read in of_case.values():
        whole = sum(mark.points for mark in read)
        if len(read) > 1:
            for mark in read:
                gaps[mark.expert].append(mark.points - (whole - mark.points) / (len(read) - 1))
    return {expert: float(sum(found) / len(found)) for expert, found in gaps.items()}


@dataclass(frozen=True)
class _Design:
    cases: NDArray[np.int64]
    experts: NDArray[np.int64]
    fixed: Any
    wanted: list[int]
    components: int
    component_of: list[int]


def _design(marks: Sequence[Mark], cases: Mapping[str, int], experts: Mapping[str, int]) -> _Design:
    """Places of cases and experts; one constant for each component, then the factors' columns that add to it."""
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    rows = np.array([cases[mark.case] for mark in marks], dtype=np.int64)
    readers = np.array([experts[mark.expert] for mark in marks], dtype=np.int64)
    size = len(cases) + len(experts)
    edges = sparse.coo_array((np.ones(len(rows)), (rows, len(cases) + readers)), shape=(size, size))
    count, label = connected_components(edges, directed=False)
    columns = [_indicators(label[rows])]
    columns += [_indicators(_places(level)) for level in zip(*(mark.factors for mark in marks), strict=True)]
    whole = sparse.hstack(columns, format="csr")
    kept = _independent((whole.T @ whole).toarray())
    wanted = [place for place, column in enumerate(kept) if column >= count]
    return _Design(rows, readers, whole[:, kept], wanted, count, label[len(cases) :].tolist())


def _places(levels: Sequence[str]) -> NDArray[np.int64]:
    return np.asarray(np.unique(np.array(levels), return_inverse=True)[1], dtype=np.int64)


def _indicators(places: NDArray[np.int64]) -> Any:
    from scipy import sparse

    n = len(places)
    return sparse.csr_array((np.ones(n), (np.arange(n), places)), shape=(n, int(places.max(initial=0)) + 1))


def _independent(products: NDArray[np.float64]) -> list[int]:
    """Which columns add something to those before them, by elimination on their cross products."""
    left, kept = products.copy(), []
    for column in range(len(left)):
        pivot = left[column, column]
        if pivot > 1e-9 * max(1.0, products[column, column]):
            kept.append(column)
            left -= np.outer(left[:, column], left[column]) / pivot
    return kept


def _model(marks: Sequence[Mark], design: _Design, *, paired: bool) -> tuple[Crossed | None, str]:
    if not paired:
        return None, "no_pairs"
    experts, cases = len(design.component_of), int(design.cases.max()) + 1
    if experts > MOST_EXPERTS:
        return None, "too_many_experts"
    if len(marks) < experts + cases + FEWEST_LEFT - design.components:
        return None, "too_few_sheets"
    points = np.array([mark.points for mark in marks])
    if points.min() == points.max():
        return None, "no_variance"
    component = np.array(design.component_of)
    return fit(
        points, design.cases, design.experts, fixed=design.fixed, wanted=design.wanted, component=component
    ), ""
