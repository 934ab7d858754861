"""五位一体: one index of five parts with declared, versioned weights, and its interval.

process · hearing and organ's opinion · satisfaction and callback · archive and closing check · peer evaluation. A part
that doesn't apply gives its weight to the others; one that wasn't measured is missing, never 0. Below 70 % covered
there is no index. Weights change between periods only: compare under both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.intervals import LEVEL

PARTS = ("process", "hearing", "satisfaction", "archive", "peer")
LEAST_COVERED = 0.7


@dataclass(frozen=True, slots=True)
class Weights:
    """A version's weights in whole per cent by part; they make 100."""

    version: str
    by_part: Mapping[str, int]

    def __post_init__(self) -> None:
        if (
            set(self.by_part) != set(PARTS)
            or min(self.by_part.values()) < 0
            or sum(self.by_part.values()) != 100
        ):
            raise InvalidInput(
                "composite.weights", msg("五项的权重都要写，是 0 以上的整数，合计 100。"), where="weights"
            )


@dataclass(frozen=True, slots=True)
class Part:
    """A part's score of 0…100 with its standard error; score None: not measured (or `applies` False)."""

    score: float | None
    se: float = 0.0
    applies: bool = True


@dataclass(frozen=True, slots=True)
class Composite:
    """The index 0…100 with its interval, the weights' version and the covered weight of what applies (0…1).

    None with a `reason`: `nothing_applies`, `covered_too_little`.
    """

    value: float | None
    lo: float | None
    hi: float | None
    covered: float
    version: str
    reason: str = ""


def composite(parts: Mapping[str, Part], weights: Weights, *, level: float = LEVEL) -> Composite:
    """Σ w·score / Σ w over the measured parts; interval from their errors as independent, held inside 0…100.

    >>> even = Weights("2026", dict.fromkeys(PARTS, 20))
    >>> found = composite({**{name: Part(80.0, 2.0) for name in PARTS}, "hearing": Part(None)}, even)
    >>> found.value, round(found.hi - found.lo, 3), found.covered
    (80.0, 3.92, 0.8)
    """
    from scipy.special import ndtri

    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        raise InvalidInput("composite.part", msg("“%(part)s”不是五项之一。"), where="part", part=unknown[0])
    applying = sum(weights.by_part[name] for name in PARTS if parts.get(name, Part(None)).applies)
    measured = {
        name: (part.score, part.se)
        for name, part in parts.items()
        if part.applies and part.score is not None and weights.by_part[name]
    }
    weight = sum(weights.by_part[name] for name in measured)
    if not applying:
        return Composite(None, None, None, 0.0, weights.version, "nothing_applies")
    if weight < LEAST_COVERED * applying:
        return Composite(None, None, None, weight / applying, weights.version, "covered_too_little")
    value = sum(weights.by_part[name] * score for name, (score, _se) in measured.items()) / weight
    se = (
        sqrt(sum((weights.by_part[name] * error) ** 2 for name, (_score, error) in measured.items())) / weight
    )
    half = float(ndtri(0.5 + level / 2)) * se
    return Composite(
        value, max(0.0, value - half), min(100.0, value + half), weight / applying, weights.version
    )
