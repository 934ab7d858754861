"""Flags under false-discovery control: of those flagged, at most a stated part are expected to be chance.

A flag starts a human look, never an automatic removal.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.severity import Severity

RATE = 0.05


def adjusted_p(values: Sequence[float]) -> list[float]:
    """Benjamini & Hochberg's adjusted p-values in the order given: min over j ≥ i of p_(j)·m/j, at most 1.

    >>> [round(p, 4) for p in adjusted_p([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.0533, 0.0533, 0.5]
    """
    p = np.asarray(values, dtype=float)
    if not ((p >= 0) & (p <= 1)).all():
        raise InvalidInput("false_discovery.p", msg("p 值须在 0 与 1 之间。"))
    order = np.argsort(-p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1)).clip(max=1.0)
    return [float(one) for one in adjusted]


@dataclass(frozen=True, slots=True)
class Flag:
    """An expert whose severity stands out of the spread of experts: z, p, and p adjusted for looking at all."""

    expert: str
    z: float
    p: float
    adjusted: float
    flagged: bool


def severity_flags(found: Severity, *, rate: float = RATE) -> list[Flag]:
    """Experts whose severity is unlikely for one of the same population as the others, at the false-discovery rate.

    z = BLUP / √(σ_r²(1 − 1/R) − se²), its standard deviation under the crossed model, R experts being in the component;
    two-sided normal p. Only experts with
    an adjusted severity; none where the experts' variance came out as 0.
    """
    from scipy.special import ndtr

    rows = [one for one in found.experts if one.adjusted is not None and one.se is not None]
    size = Counter(one.component for one in found.experts)
    spread = [(found.expert or 0.0) * (1 - 1 / size[one.component]) - (one.se or 0.0) ** 2 for one in rows]
    known = [(one, (one.adjusted or 0.0) / s**0.5) for one, s in zip(rows, spread, strict=True) if s > 0]
    p = [float(2 * ndtr(-abs(z))) for _one, z in known]
    return [
        Flag(one.expert, z, own, adjusted, adjusted <= rate)
        for (one, z), own, adjusted in zip(known, p, adjusted_p(p), strict=True)
    ]
