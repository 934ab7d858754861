"""Figures that stand beside a group's raw rate and never instead of it: shrunken, standardised, corrected interval.

They add nothing that the withheld figures could be worked out from: only groups that are shown are shrunk together,
and kinds of case with too few cases are taken as one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from qualityeval.core.distribution import SUPPRESS_BELOW
from qualityeval.core.intervals import wilson
from qualityeval.core.reviewer_part import Readings, corrected_n, reviewer_part, smoothed
from qualityeval.core.shrinkage import FEWEST_GROUPS, beta_binomial
from qualityeval.core.standardise import Cell, standardised
from qualityeval.queries.result_rows import Found

Line = Mapping[str, Any]
REST = "-"  # kinds of case with too few cases, together


def readings_of(variance: Mapping[str, Any] | None) -> Readings | None:
    """What the crossed model says of readings, from the `variance` of `round results`; None where it says nothing."""
    if not variance or variance["case"] is None:
        return None
    each = variance["sheets"] / variance["cases"]
    return Readings(variance["case"], variance["expert"], variance["error"], each)


def corrected(line: Line, readings: Readings | None) -> dict[str, Any]:
    """`reviewer_part` and `model_interval` of a shown group: Wilson on n_eff with the drawn fraction taken off the cases' part.

    The interval that is published leaves that correction out (DESIGN.md, Estimand); this one stands beside it.
    """
    rate, n = line["good_rate"], line["n"]
    if readings is None or rate is None or not line["n_eff"] or line["N"] < n:
        return {"reviewer_part": None, "model_interval": None}
    part = reviewer_part(smoothed(rate * n, n), readings)
    worth = corrected_n(n, line["n_eff"], line["N"], part)
    interval = wilson(min(rate * worth, worth), worth)
    return {"reviewer_part": part, "model_interval": [interval.lo, interval.hi]}


def shrunken(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """For each group `rate` and `interval` drawn towards the groups' mean, `own` the weight of its own cases (0…1).

    Beta-binomial over the groups that are shown. Where groups differ no more than samples do, every rate is the pooled
    one, without interval, own weight 0 and the reason `no_spread`; None with `one_group` where there is nothing to draw to.
    """
    nothing = dict.fromkeys(("rate", "interval", "own"))
    shown = [one for one in lines if not one["suppressed"] and one["good_rate"] is not None]
    if len(shown) < FEWEST_GROUPS:
        return [{**nothing, "reason": one["reason"] or "one_group"} for one in lines]
    found = beta_binomial([one["good"] for one in shown], [one["n"] for one in shown])
    by_code = {
        one["code"]: {
            "rate": found.rates[place],
            "interval": list(found.intervals[place]) if found.intervals else None,
            "own": one["n"] / (one["n"] + found.strength) if found.strength else 0.0,
            "reason": "no_spread" if found.degenerate else None,
        }
        for place, one in enumerate(shown)
    }  # fmt: skip
    return [by_code.get(one["code"], {**nothing, "reason": one["reason"]}) for one in lines]


def cells_of(cases: Sequence[Found], good: frozenset[str], kinds: Mapping[str, str]) -> dict[str, Cell]:
    """Counted cases and good ones by kind of case, `kinds` being the kind of each rubric."""
    n, found = Counter[str](), Counter[str]()
    for case in cases:
        if case.is_counted:
            kind = kinds[case.rubric]
            n[kind] += 1
            found[kind] += case.grade in good
    return {kind: Cell(size, found[kind]) for kind, size in n.items()}


def kinds_of(cases: Sequence[Found]) -> dict[str, str]:
    """The kind of case that each rubric stands for: itself; those with too few cases are one, of five at least."""
    sizes = Counter({case.rubric: 0 for case in cases})
    sizes.update(case.rubric for case in cases if case.is_counted)
    rest: list[str] = []
    for rubric in sorted(sizes, key=lambda name: (sizes[name], name.encode())):
        held = sum(sizes[one] for one in rest)
        if sizes[rubric] >= SUPPRESS_BELOW and (not rest or held >= SUPPRESS_BELOW):
            break
        rest.append(rubric)
    return {rubric: REST if rubric in rest else rubric for rubric in sizes}


def at_common_mix(line: Line, own: Mapping[str, Cell], whole: Mapping[str, Cell]) -> dict[str, Any]:
    """`rate` and `interval` of a group at the whole's mix of cases, and how many good ones its own mix would `expect`."""
    nothing = dict.fromkeys(("rate", "interval", "expected"))
    if line["suppressed"] or line["good_rate"] is None:
        return {**nothing, "reason": line["reason"]}
    if len(whole) < FEWEST_GROUPS:
        return {**nothing, "reason": "one_kind"}
    found = standardised(own, whole, n_eff=line["n_eff"])
    if found.value is None:
        return {**nothing, "reason": found.reason}
    return {
        "rate": found.value, "interval": [found.lo, found.hi], "expected": found.expected, "reason": None,
    }  # fmt: skip
