"""Crossed random effects by REML: mark = fixed part + case + expert + error, the cases eliminated.

With the cases' variance as a ratio to the error's, A = I + θ_c·ZZᵀ is inverted case by case
(I − 11ᵀ·θ_c/(1 + kθ_c) for k sheets), so that only the experts' system is left, which is dense. One Cholesky
factor of [experts | fixed | marks]ᵀA⁻¹[…] holds all that the restricted likelihood needs (Bates, Mächler, Bolker &
Walker 2015, section 2.3); its gradient takes the inverse of the same factor. Searched in relative standard
deviations, so that a component of 0 is an ordinary point of the edge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qualityeval.core.expert_share import share_of

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Sparse = Any  # scipy.sparse has no types here
_EDGE = 1e-6  # a relative standard deviation below this is 0
_FARTHEST = 1e4  # beyond this the error is 0 as far as arithmetic goes: sheets that fit without a rest
_FLOOR = 0.05  # of the variance within cases: a start away from the edge
_STEEP = 1e-6  # a slope below this, in standard errors, is the top


@dataclass(frozen=True)
class Crossed:
    """Variances of case, expert and error; `effects` of the experts, which sum to 0 in a component, and the standard
    errors of prediction of an expert less the mean of the component's experts.

    `fixed` are the coefficients of the fixed columns, `between` the variance that the wanted ones make among
    cases. Units: those of the marks (variances squared).
    """

    case: float
    expert: float
    error: float
    effects: Floats
    se: Floats
    fixed: Floats
    fixed_se: Floats
    between: float
    deviance: float


class Gram:
    """Cross products of [experts | fixed | marks], as they are and summed over the cases of k sheets."""

    def __init__(self, marks: Floats, cases: Places, experts: Places, fixed: Sparse) -> None:
        from scipy import sparse

        n, self.experts = len(marks), int(experts.max()) + 1
        seats = sparse.csr_array((np.ones(n), (np.arange(n), experts)), shape=(n, self.experts))
        whole = sparse.hstack([seats, fixed, sparse.csr_array(marks[:, None])], format="csr")
        sheets = np.bincount(cases)
        by_case = sparse.csr_array((np.ones(n), (cases, np.arange(n))), shape=(len(sheets), n)) @ whole
        self.n, self.columns = n, fixed.shape[1]
        self.plain = (whole.T @ whole).toarray()
        self.sizes, self.counts = np.unique(sheets[sheets > 0], return_counts=True)
        parts = [by_case[np.flatnonzero(sheets == size)] for size in self.sizes]
        self.summed = [(part.T @ part).toarray() for part in parts]

    def weighed(self, case: float) -> tuple[Floats, Floats]:
        """The products with A⁻¹ between, and their derivative by the cases' relative deviation."""
        square = case * case
        matrix, slope = self.plain.copy(), np.zeros_like(self.plain)
        for size, part in zip(self.sizes, self.summed, strict=True):
            matrix -= square / (1 + size * square) * part
            slope -= 2 * case / (1 + size * square) ** 2 * part
        return matrix, slope


def fit(
    marks: Floats,
    cases: Places,
    experts: Places,
    *,
    fixed: Sparse | None = None,
    wanted: Sequence[int] = (),
    component: Places | None = None,
) -> Crossed:
    """The model with the fixed columns given (of full rank; one constant where None), experts and cases from 0 on.

    `wanted` are the fixed columns whose spread among cases goes into `between`. The experts' graph must be
    connected inside each `component` (a number for every expert; one component where None), with a fixed
    constant for each, else their effects compare nothing.
    """
    from scipy import sparse
    from scipy.optimize import minimize

    if fixed is None:
        fixed = sparse.csr_array(np.ones((len(marks), 1)))
    gram = Gram(marks, cases, experts, fixed)
    # in units of about a standard error, so that both directions curve alike
    unit = 1 / np.sqrt(np.array([gram.counts.sum(), gram.experts]))
    found = minimize(
        _scaled, np.array(_start(marks, cases, experts)) / unit, args=(gram, unit), jac=True, method="L-BFGS-B",
        bounds=[(0, _FARTHEST / one) for one in unit], options={"maxiter": 100, "ftol": 1e-13, "gtol": _STEEP},
    )  # fmt: skip
    case, expert = (float(one) if one > _EDGE else 0.0 for one in found.x * unit)
    return _predicted(gram, case, expert, fixed=fixed, cases=cases, wanted=list(wanted), component=component)


def _scaled(at: Floats, gram: Gram, unit: Floats) -> tuple[float, Floats]:
    value, slopes = _deviance(gram, *(at * unit))
    return value, slopes * unit


def _start(marks: Floats, cases: Places, experts: Places) -> tuple[float, float]:
    """Relative deviations by moments, to begin the search with."""
    sheets = np.bincount(cases)
    means = np.bincount(cases, marks) / np.maximum(sheets, 1)
    inside = float(((marks - means[cases]) ** 2).sum()) / max(1, len(marks) - int((sheets > 0).sum()))
    whole = float(marks.var(ddof=1))
    expert = max((share_of(cases, experts, marks).rho or 0.0) * whole, _FLOOR * inside)
    error = max(inside - expert, _FLOOR * inside) or 1.0
    case = max(whole - inside, _FLOOR * inside)
    return min(sqrt(case / error), _FARTHEST), min(sqrt(expert / error), _FARTHEST)


def _system(gram: Gram, case: float, expert: float) -> tuple[Floats, Floats, Floats]:
    """The scaled system with 1 on the experts' diagonal; its two derivatives."""
    matrix, by_case = gram.weighed(case)
    seats, scale = gram.experts, np.ones(len(matrix))
    scale[:seats] = expert
    by_expert = np.zeros_like(matrix)
    by_expert[:seats] = matrix[:seats] * scale
    by_expert += by_expert.T
    np.multiply(matrix * scale, scale[:, None], out=matrix)
    np.multiply(by_case * scale, scale[:, None], out=by_case)
    matrix[np.arange(seats), np.arange(seats)] += 1.0
    return matrix, by_case, by_expert


def _solved(gram: Gram, matrix: Floats) -> tuple[Floats, float, Floats, float]:
    """Of the system without the marks: inverse and log determinant; the solution for the marks, what is left."""
    from scipy.linalg import cholesky
    from scipy.linalg.lapack import dpotri

    last = gram.experts + gram.columns
    factor = cholesky(matrix[:last, :last], lower=True, check_finite=False)
    inverse, _ = dpotri(factor, lower=1)
    inverse = np.tril(inverse) + np.tril(inverse, -1).T
    solution = inverse @ matrix[:last, last]
    least = 1e-13 * float(gram.plain[-1, -1]) / (1 + _FARTHEST)
    left = max(least, float(matrix[last, last] - matrix[:last, last] @ solution))
    return inverse, 2 * float(np.log(np.diag(factor)).sum()), solution, left


def _deviance(gram: Gram, case: float, expert: float) -> tuple[float, Floats]:
    """−2 log restricted likelihood, the error's variance profiled out, and its gradient."""
    matrix, by_case, by_expert = _system(gram, case, expert)
    inverse, logdet, solution, left = _solved(gram, matrix)
    freedom, last = gram.n - gram.columns, len(solution)
    weights = np.append(-solution, 1.0)
    value = _value(gram, case, logdet=logdet, left=left)
    own = float(gram.counts @ (2 * gram.sizes * case / (1 + gram.sizes * case * case)))
    slopes = [
        extra + float(np.vdot(inverse, slope[:last, :last])) + freedom * float(weights @ slope @ weights) / left
        for extra, slope in ((own, by_case), (0.0, by_expert))
    ]  # fmt: skip
    return value, np.array(slopes)


def _value(gram: Gram, case: float, *, logdet: float, left: float) -> float:
    cases, freedom = float(gram.counts @ np.log1p(gram.sizes * case * case)), gram.n - gram.columns
    return cases + logdet + float(freedom * (1 + log(2 * pi * left / freedom)))


def _predicted(
    gram: Gram,
    case: float,
    expert: float,
    *,
    fixed: Sparse,
    cases: Places,
    wanted: list[int],
    component: Places | None,
) -> Crossed:
    matrix, _, _ = _system(gram, case, expert)
    inverse, logdet, solution, left = _solved(gram, matrix)
    error = left / (gram.n - gram.columns)
    seats = gram.experts
    coefficients = solution[seats:]
    covariance = error * inverse[seats:, seats:]
    spread = error * _about_the_mean(inverse[:seats, :seats], component)
    return Crossed(
        case * case * error, expert * expert * error, error,
        effects=expert * solution[: gram.experts], se=expert * np.sqrt(spread),
        fixed=coefficients, fixed_se=np.sqrt(np.diag(covariance)),
        between=_between(fixed, cases, coefficients, covariance=covariance, wanted=wanted),
        deviance=_value(gram, case, logdet=logdet, left=left),
    )  # fmt: skip


def _about_the_mean(covariance: Floats, component: Places | None) -> Floats:
    """Variances of each less the mean of its component, from the covariance of all."""
    label = np.zeros(len(covariance), dtype=np.int64) if component is None else component
    share = np.equal.outer(np.arange(int(label.max()) + 1), label).astype(float)
    share /= np.maximum(share.sum(axis=1, keepdims=True), 1.0)
    cross = covariance @ share.T
    means = np.einsum("ck,kc->c", share, cross)
    own = np.arange(len(label))
    return np.asarray(np.maximum(0.0, np.diag(covariance) - 2 * cross[own, label] + means[label]))


def _between(
    fixed: Sparse, cases: Places, coefficients: Floats, *, covariance: Floats, wanted: list[int]
) -> float:
    """Variance among cases of the wanted columns' part, less what the coefficients' own error makes."""
    if not wanted:
        return 0.0
    _, first = np.unique(cases, return_index=True)
    columns = fixed[first][:, wanted].toarray()
    spread = np.atleast_2d(np.cov(columns, rowvar=False))
    values, error = coefficients[wanted], covariance[np.ix_(wanted, wanted)]
    return max(0.0, float(values @ spread @ values) - float(np.vdot(spread, error)))
