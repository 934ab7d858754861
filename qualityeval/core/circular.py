"""What a circular singles out, by rules that anyone can repeat.

most_lost(items)        the items most often cut, until half of all cuts are named; at most five
best_kept(items)        the three items with the smallest part of sheets cut, among those that 30 sheets judged
good_places(lines)      institutions that bands place surely in the best third, by code
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from qualityeval.core.item_losses import ItemLoss

MOST, HALF = 5, 0.5
KEPT, ENOUGH = 3, 30


def most_lost(items: Sequence[ItemLoss]) -> tuple[ItemLoss, ...]:
    """From the items in order of the cuts, those down to half of all cuts, the one that passes it included."""
    named: list[ItemLoss] = []
    for one in items:
        if not one.cut or len(named) == MOST:
            break
        named.append(one)
        if one.running >= HALF:
            break
    return tuple(named)


def best_kept(items: Sequence[ItemLoss]) -> tuple[ItemLoss, ...]:
    """The least cut items by cut/read, exact, ties by code; none where fewer than twice as many were judged."""
    judged = [one for one in items if one.read >= ENOUGH]
    if len(judged) < 2 * KEPT:
        return ()
    return tuple(sorted(judged, key=lambda one: (Fraction(one.cut, one.read), one.item.encode()))[:KEPT])


def good_places(lines: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Lines of results whose band is `top`; never one that is suppressed."""
    return tuple(one for one in lines if one.get("band") == "top" and not one["suppressed"])
