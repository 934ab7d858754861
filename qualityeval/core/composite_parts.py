"""From cases to the parts of the index: a part's score of 0…100 with an error that is never falsely nothing.

Each case counts once, by its own share (obligations kept of those that can be seen, answers good of those judged).
"""

from collections.abc import Sequence
from math import sqrt

from qualityeval.core.composite import Part
from qualityeval.core.distribution import SUPPRESS_BELOW
from qualityeval.core.errors import InvalidInput, msg

TOP = 100.0
_EACH = 2  # cases added at either end for the error (Agresti & Coull 1998)


def mean_part(scores: Sequence[float]) -> Part:
    """The mean of the cases' scores (0…100); not measured under five cases.

    Its error is that of the scores with two cases at 0 and two at 100 added, so that a handful of equal cases isn't
    certainty: √(Σ(x − x̃)²/(n + 4))/√(n + 4).

    >>> part = mean_part([100.0] * 16)  # x̃ = 90, Σ(x − x̃)² = 18·10² + 2·90² = 18 000
    >>> part.score, round(part.se, 4)
    (100.0, 6.7082)
    """
    if any(not 0 <= one <= TOP for one in scores):
        raise InvalidInput("composite.score", msg("每件的分数须在 0 与 100 之间。"))
    n = len(scores)
    if n < SUPPRESS_BELOW:
        return Part(None)
    more = [*scores, *[0.0] * _EACH, *[TOP] * _EACH]
    centre = sum(more) / len(more)
    return Part(sum(scores) / n, sqrt(sum((one - centre) ** 2 for one in more)) / len(more))


def rate_part(rate: float | None, n: int, n_eff: float | None) -> Part:
    """A good-or-better rate on its effective n, by the same error; not measured where there is none.

    >>> part = rate_part(0.9, 46, 46.0)  # p̃ = 43.4/50 = 0.868
    >>> part.score, round(part.se, 4)
    (90.0, 4.787)
    """
    if rate is None or not n_eff or n < SUPPRESS_BELOW:
        return Part(None)
    whole = n_eff + 2 * _EACH
    smooth = (rate * n_eff + _EACH) / whole
    return Part(TOP * rate, TOP * sqrt(smooth * (1 - smooth) / whole))
