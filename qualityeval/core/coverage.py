"""Rates of the channels: done over eligible, with what was left out and why; exact, unrounded, never over one.

Rate(done, eligible).share -> Fraction | None          None with `reason` where nothing is eligible
hearing_rates(...)                                     statutory rate and open-hearing rate
total(rates)                                           numerators and denominators added up
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from qualityeval.core.errors import InvalidInput, msg

_NONE: Mapping[str, int] = MappingProxyType({})
NOTHING_ELIGIBLE = "nothing_eligible"


@dataclass(frozen=True, slots=True)
class Rate:
    """`done` of `eligible`, both counts of the same things; `left_out` counts what isn't eligible, by reason."""

    done: int
    eligible: int
    left_out: Mapping[str, int] = field(default_factory=lambda: _NONE)

    def __post_init__(self) -> None:
        if not 0 <= self.done <= self.eligible:
            raise InvalidInput(
                "coverage.rate",
                msg("分子 %(done)s 超出分母 %(eligible)s。"),
                done=self.done,
                eligible=self.eligible,
            )

    @property
    def share(self) -> Fraction | None:
        """The exact share, None where nothing is eligible.

        >>> Rate(47, 50).share
        Fraction(47, 50)
        """
        return Fraction(self.done, self.eligible) if self.eligible else None

    @property
    def reason(self) -> str:
        """Why there is no share; empty where there is one."""
        return "" if self.eligible else NOTHING_ELIGIBLE


def total(rates: Iterable[Rate]) -> Rate:
    """All counts added up: the rate of the whole, never a mean of rates."""
    done = eligible = 0
    left_out: Counter[str] = Counter()
    for rate in rates:
        done += rate.done
        eligible += rate.eligible
        left_out.update(rate.left_out)
    return Rate(done, eligible, dict(left_out))


def hearing_rates(*, heard: int, observed: int, closed: Mapping[str, int]) -> tuple[Rate, Rate]:
    """Statutory rate (over all cases heard) and open-hearing rate (without those that couldn't be observed).

    `observed` counts cases, each once; `closed` counts cases found closed to the public, by reason, none of
    them observed.
    """
    shut = sum(closed.values())
    return Rate(observed, heard), Rate(observed, heard - shut, dict(closed))


def still_needed(rate: Rate, target: Fraction) -> int:
    """How many more have to be done for the share to reach the target.

    >>> still_needed(Rate(2, 101), Fraction(5, 100))
    4
    """
    wanted = -(-(target.numerator * rate.eligible) // target.denominator)
    return max(0, wanted - rate.done)
