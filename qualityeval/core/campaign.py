"""A campaign of callbacks: how many of each stratum, which recipients, and when a stratum has answers enough.

    drawn(keys, rule, seed) -> (sizes, drawn)     keys by the values of their stratum, in the order of their tickets
    full(answered, quota) -> set of strata         those whose quota of answers is reached

The sizes are a round's (core.allocation): n = min(N, maximum, max(minimum, ceil(rate·N))); the lot is a round's too, the n
smallest tickets H(seed, "draw", case_key) of a stratum. A quota counts answers, not calls: what is drawn beyond it stays
on the list, uncalled, and leaves the rates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qualityeval.core.allocation import SizeRule, SizeRules, StratumSize, allocate
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.frame import stratum_label
from qualityeval.core.sampling import first_tickets

Strata = Mapping[tuple[str, ...], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A recipient as drawn."""

    key: str
    stratum: str
    ticket: str


def drawn(
    keys: Strata, rule: SizeRule, seed: str, *, fields: tuple[str, ...]
) -> tuple[tuple[StratumSize, ...], list[Drawn]]:
    """Sizes by stratum, and who was drawn, all strata together in the order of their tickets.

    21 recipients at 10 % are 3, since 2.1 goes up; with a minimum of 5 they are 5.
    """
    named = {values: list(them) for values, them in keys.items()}
    sizes = allocate(
        {values: len(them) for values, them in named.items()}, fields=fields, rules=SizeRules(rule)
    )
    wanted = {size.label: size.n for size in sizes}
    lot = [
        Drawn(one.key, label, one.ticket)
        for values, them in named.items()
        for label in (stratum_label(values),)
        for one in first_tickets(them, wanted[label], seed=seed)
    ]
    return sizes, sorted(lot, key=lambda one: (one.ticket, one.key.encode()))


def full(answered: Mapping[str, int], quota: int | None) -> frozenset[str]:
    """The strata that need no more answers; none without a quota.

    >>> sorted(full({"330102": 5, "330105": 4}, 5))
    ['330102']
    """
    return (
        frozenset() if quota is None else frozenset(key for key, count in answered.items() if count >= quota)
    )


def check_bounds(minimum: int, maximum: int | None, quota: int | None) -> None:
    """Refuse bounds that leave nothing to draw: below 0, a maximum under the minimum or 1, a quota under 1."""
    if minimum < 0:
        raise InvalidInput("campaign.minimum", msg("每层最少人数不能小于 0。"), where="minimum")
    if maximum is not None and maximum < max(1, minimum):
        raise InvalidInput(
            "campaign.maximum", msg("每层最多人数应不小于 1，也不小于最少人数。"), where="maximum"
        )
    if quota is not None and quota < 1:
        raise InvalidInput("campaign.quota", msg("每层答卷名额应不小于 1；不限就空着。"), where="quota")
