"""How often a round's sheets would have called for an arbitrator, trigger by trigger, under other rules.

trigger_shares(cases, rule=) -> TriggerShares       what the last round lets us expect of the next
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qualityeval.core.consensus import TRIGGERS, ConsensusRule, Trigger


@dataclass(frozen=True, slots=True)
class CaseMarks:
    """The first-round sheets of one case: lowest and highest total (hundredths) and what they dispute.

    `crosses`: the two totals have different grades. `cuts`: the cut-offs of `extremes`, in hundredths.
    """

    low: int
    high: int
    crosses: bool = False
    asks: bool = False
    veto: bool = False
    cuts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TriggerShares:
    """Of `n` cases the share that meets each trigger, and `any` of those in force; None of no case."""

    n: int
    by_trigger: dict[Trigger, float | None]
    any: float | None


def trigger_shares(cases: Sequence[CaseMarks], *, rule: ConsensusRule) -> TriggerShares:
    """Shares under the rule's gap and band; a trigger that isn't in force is told too, but counts not in `any`.

    A case may meet several triggers, so that the shares don't sum to `any`. Plain shares of the cases: with
    other experts they vary as any share of n does.

    >>> found = trigger_shares([CaseMarks(7000, 8500), CaseMarks(8000, 8100)], rule=ConsensusRule())
    >>> found.by_trigger["gap"], found.any
    (0.5, 0.5)
    """
    met = dict.fromkeys(TRIGGERS, 0)
    met_any = 0
    for case in cases:
        holds: dict[Trigger, bool] = {
            "gap": case.high - case.low > rule.gap,
            "veto": case.veto,
            "ask": case.asks,
            "boundary": case.crosses,
            "extremes": any(
                abs(total - cut) <= rule.rescore_band for total in (case.low, case.high) for cut in case.cuts
            ),
        }
        for trigger, is_met in holds.items():
            met[trigger] += is_met
        met_any += any(is_met and trigger in rule.triggers for trigger, is_met in holds.items())
    n = len(cases)
    return TriggerShares(n, {t: met[t] / n if n else None for t in TRIGGERS}, met_any / n if n else None)
