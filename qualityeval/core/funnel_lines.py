"""The control limits of a funnel plot as lines over the size, the same that its points are judged by."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.funnel import WARN, Limits


def limit_line(target: float, phi: float, sizes: Sequence[float], level: float = WARN) -> list[Limits]:
    """Target ± c·√(φ·t(1 − t)/n) at each size n, held inside 0…1; c is the two-sided normal quantile of `level`.

    Spiegelhalter 2005, Statistics in Medicine 24, with multiplicative overdispersion φ, as `funnel` has it.

    >>> [one] = limit_line(0.5, 1.0, [100.0])
    >>> round(one.lo, 3), round(one.hi, 3)
    (0.402, 0.598)
    """
    if not 0 < target < 1 or any(size <= 0 for size in sizes):
        raise InvalidInput("funnel.target", msg("漏斗图的中心须在 0 与 1 之间，件数至少为 1。"))
    wide = NormalDist().inv_cdf(0.5 + level / 2) * sqrt(phi * target * (1 - target))
    return [Limits(max(0.0, target - wide / sqrt(n)), min(1.0, target + wide / sqrt(n))) for n in sizes]
