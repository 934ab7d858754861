"""The two weights of a drawn case: fixed at the draw, and final from what became of the opened tickets.

    stratum_weights(size=N, planned=n, tickets=..., missing_file=) -> StratumWeights
    Opened(state, has_result)                               one opened ticket of the stratum

Of t tickets opened, e are in scope (replaced ones are not; a missing file is); the stratum is then taken to
hold N̂ = N·e/t cases in scope, and whoever responds stands for N̂/respondents of them, reserve units alike. With
`missing_file: fail` a missing file responds (as not good); with `nonresponse` it doesn't.
Source: Särndal, Swensson & Wretman 1992, §10 (domains by estimated size) and §15.6 (response homogeneity groups).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from qualityeval.core.sampling import final_weight
from qualityeval.core.workflow import FileState

MissingFile = Literal["fail", "nonresponse"]


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened ticket: where its file stands, and whether its case has a result."""

    state: FileState
    has_result: bool = False


@dataclass(frozen=True, slots=True)
class StratumWeights:
    """The counts of a stratum and its weights, exact.

    `design` is N/n as at the draw; `final` N̂/respondents, None while nobody responds; `base` N̂/e is what every
    case in scope stands for before anybody's response is looked at: the bounds use it.
    """

    size: int
    planned: int
    opened: int
    eligible: int
    respondents: int
    missing: int
    design: Fraction | None
    final: Fraction | None
    base: Fraction | None

    @property
    def replaced(self) -> int:
        """Tickets out of scope."""
        return self.opened - self.eligible

    @property
    def estimated(self) -> Fraction | None:
        """N̂ = N·e/t: cases of the stratum in scope; None where no ticket is open."""
        return Fraction(self.size * self.eligible, self.opened) if self.opened else None


def stratum_weights(
    *, size: int, planned: int, tickets: Iterable[Opened], missing_file: MissingFile = "fail"
) -> StratumWeights:
    """Weights of one stratum of N = `size` cases of which `planned` were drawn at first.

    By hand: N = 100, n = 10; two are out of scope and replaced, so t = 12, e = 10, N̂ = 100·10/12 = 83⅓. One file
    is missing. Under `fail` ten respond with 8⅓ each, under `nonresponse` nine with 9.259…
    """
    found = list(tickets)
    eligible = sum(one.state is not FileState.REPLACED for one in found)
    missing = sum(one.state is FileState.MISSING for one in found)
    results = sum(
        one.has_result and one.state not in (FileState.REPLACED, FileState.MISSING) for one in found
    )
    respondents = results + (missing if missing_file == "fail" else 0)
    opened = len(found)
    return StratumWeights(
        size=size,
        planned=planned,
        opened=opened,
        eligible=eligible,
        respondents=respondents,
        missing=missing,
        design=Fraction(size, planned) if planned else None,
        final=final_weight(size, opened=opened, eligible=eligible, respondents=respondents)
        if opened
        else None,
        base=Fraction(size, opened) if eligible else None,  # N̂/e = N/t
    )
