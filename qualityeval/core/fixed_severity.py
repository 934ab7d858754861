"""Severity as fixed effects by least squares, the cases eliminated: a check beside the random effects, not shrunken.

mark = case + expert + error. Within a case its mean drops out, so the experts' reduced normal equations are
Wᵀ(I − Z(ZᵀZ)⁻¹Zᵀ)W·v = Wᵀ(y − ȳ_case), singular by a constant a component; severities of a component sum to 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class FixedSeverity:
    """Severities and case values in points; the residual's standard deviation with its degrees of freedom (None: 0)."""

    severity: dict[str, float]
    case: dict[str, float]
    residual_sd: float | None
    freedom: int


def fixed_severity(sheets: Sequence[tuple[str, str, float]]) -> FixedSeverity:
    """From (case, expert, points) of first-round sheets. A lone reader of lone cases gets 0.

    >>> found = fixed_severity([("a", "E1", 90), ("a", "E2", 84), ("b", "E1", 70), ("b", "E2", 66)])
    >>> {name: round(value, 6) for name, value in found.severity.items()}
    {'E1': 2.5, 'E2': -2.5}
    """
    cases = {name: place for place, name in enumerate(dict.fromkeys(case for case, _e, _y in sheets))}
    experts = {name: place for place, name in enumerate(dict.fromkeys(expert for _c, expert, _y in sheets))}
    rows = np.array([cases[case] for case, _e, _y in sheets], dtype=np.int64)
    columns = np.array([experts[expert] for _c, expert, _y in sheets], dtype=np.int64)
    marks = np.array([points for _c, _e, points in sheets], dtype=float)
    effects, components = solve(rows, columns, marks)
    left = marks - effects[columns]
    values = np.bincount(rows, left) / np.bincount(rows)
    freedom = len(marks) - len(cases) - len(experts) + components
    squares = float(((left - values[rows]) ** 2).sum())
    return FixedSeverity(
        dict(zip(experts, effects.tolist(), strict=True)), dict(zip(cases, values.tolist(), strict=True)),
        sqrt(squares / freedom) if freedom > 0 else None, freedom,
    )  # fmt: skip


def solve(cases: Places, experts: Places, marks: Floats) -> tuple[Floats, int]:
    """The experts' effects, summing to 0 in each component, and how many components there are."""
    from scipy import sparse
    from scipy.linalg import cho_factor, cho_solve
    from scipy.sparse.csgraph import connected_components

    n, size = len(marks), int(experts.max()) + 1
    seats = sparse.csr_array((np.ones(n), (np.arange(n), experts)), shape=(n, size))
    sheets = np.bincount(cases)
    together = sparse.csr_array((np.ones(n), (cases, experts)), shape=(len(sheets), size))
    weighed = sparse.diags_array(1 / np.maximum(sheets, 1)) @ together
    links = together.T @ weighed
    reduced = np.diag(np.bincount(experts, minlength=size).astype(float)) - links.toarray()
    means = np.bincount(cases, marks) / np.maximum(sheets, 1)
    right = seats.T @ (marks - means[cases])
    count, label = connected_components(links, directed=False)
    member = np.equal.outer(np.arange(count), label).astype(float)
    reduced += member.T @ (member / member.sum(axis=1, keepdims=True))
    effects = cho_solve(cho_factor(reduced, lower=True), right)
    return np.asarray(effects - (member.T @ (member @ effects / member.sum(axis=1)))), int(count)
