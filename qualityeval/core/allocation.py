"""How many to draw from each stratum, in exact rationals.

Rate(share) | Fixed(count) | Total(count, neyman="")    what a rule asks for
SizeRule(ask, minimum=0, maximum=None, take_all_below=0)
Override(when: Condition, rule: SizeRule)
SizeRules(default, overrides=(), floors=())             .fields: what the overrides ask for
Spread(by_label, pooled)                                p(1−p) of the round that a Neyman total names
allocate(counts: Mapping[values, N], fields=, rules=, spread=None) -> tuple[StratumSize, ...]
StratumSize(label, N, n, rule)      by the label's bytes; rule: "default", "override 1", "floor"
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from qualityeval.core.conditions import Condition
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.floors import Floor, raised_to_floors
from qualityeval.core.frame import EMPTY, stratum_label
from qualityeval.core.largest_remainder import largest_remainder
from qualityeval.core.neyman import neyman
from qualityeval.core.rates import rate_text


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of the stratum, above 0 and at most 1."""

    share: Fraction


@dataclass(frozen=True, slots=True)
class Fixed:
    """So many from each stratum."""

    count: int


@dataclass(frozen=True, slots=True)
class Total:
    """So many over all strata that no override names: by largest remainder, or by Neyman from the spread
    of the drawn round whose code `neyman` is.
    """

    count: int
    neyman: str = ""


@dataclass(frozen=True, slots=True)
class SizeRule:
    """What is asked for, and its bounds. `take_all_below`: strata of at most so many are taken whole."""

    ask: Rate | Fixed | Total
    minimum: int = 0
    maximum: int | None = None
    take_all_below: int = 0

    def as_plan(self) -> dict[str, object]:
        """The rule as the plan holds it; the rate as "277/1000"."""
        bounds = {"minimum": self.minimum, "maximum": self.maximum, "take_all_below": self.take_all_below}
        if isinstance(self.ask, Rate):
            return {"rate": rate_text(self.ask.share), **bounds}
        if isinstance(self.ask, Fixed):
            return {"fixed": self.ask.count, **bounds}
        more = {"neyman": self.ask.neyman} if self.ask.neyman else {}
        return {"total": self.ask.count, **more, **bounds}


@dataclass(frozen=True, slots=True)
class Override:
    """Another rule for the strata that meet a condition."""

    when: Condition
    rule: SizeRule


@dataclass(frozen=True, slots=True)
class SizeRules:
    """The default and its overrides, of which the first that matches a stratum wins; then the floors."""

    default: SizeRule
    overrides: tuple[Override, ...] = ()
    floors: tuple[Floor, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the overrides, which join the strata."""
        return tuple(dict.fromkeys(field for override in self.overrides for field in override.when.fields))

    def as_plan(self) -> dict[str, object]:
        """The rules as the plan holds them."""
        overrides = [{"when": one.when.as_plan(), **one.rule.as_plan()} for one in self.overrides]
        floors = {"floors": {one.field: one.count for one in self.floors}} if self.floors else {}
        return {"default": self.default.as_plan(), "override": overrides, **floors}


@dataclass(frozen=True, slots=True)
class StratumSize:
    """N cases in the stratum, n to draw, and the rule that said so."""

    label: str
    N: int
    n: int
    rule: str


@dataclass(frozen=True, slots=True)
class Spread:
    """S² of the strata of an earlier round by label, and of that round as a whole for labels it hadn't."""

    by_label: Mapping[str, Fraction]
    pooled: Fraction


def allocate(
    counts: Mapping[tuple[str, ...], int],
    *,
    fields: Sequence[str],
    rules: SizeRules,
    spread: Spread | None = None,
) -> tuple[StratumSize, ...]:
    """Sizes for the strata of a frame; `counts` maps the values of `fields` to the number of cases.

    n = N where N <= take_all_below, else min(N, maximum, max(minimum, what is asked for)), a rate
    asking for ceil(rate·N). A `Total` is shared by largest remainder within the same bounds.
    Refuses with `InvalidInput`: an override that matches no stratum, or only ones that an earlier
    override has; a total that the bounds can't give; a floor that a maximum leaves no room for; Neyman
    without a `spread`.
    """
    strata = _merged(counts, fields)
    owner = {label: _owner(values, rules) for label, (values, _) in strata.items()}
    _refuse_idle(rules, strata, owner)
    frame = {label: size for label, (_, size) in strata.items()}
    asked = _shared_total(frame, owner, rules, spread)
    planned = {
        label: asked[label] if label in asked else _size(size, _rule(rules, owner[label]))
        for label, size in frame.items()
    }
    upper = {label: _bounds(size, _rule(rules, owner[label]))[1] for label, size in frame.items()}
    named = {label: values for label, (values, _) in strata.items()}
    raised = raised_to_floors(named, frame=frame, sizes=planned, upper=upper, floors=rules.floors)
    return tuple(
        StratumSize(
            label, size, raised[label], _name(owner[label]) if raised[label] == planned[label] else "floor"
        )
        for label, size in frame.items()
    )


def _merged(
    counts: Mapping[tuple[str, ...], int], fields: Sequence[str]
) -> dict[str, tuple[dict[str, str], int]]:
    """By the label's bytes; an empty value and a `-` have one label, so they are one stratum."""
    merged: dict[str, tuple[dict[str, str], int]] = {}
    for values, size in counts.items():
        named = {field: "" if value == EMPTY else value for field, value in zip(fields, values, strict=True)}
        label = stratum_label(tuple(named.values()))
        merged[label] = (named, size + (merged[label][1] if label in merged else 0))
    return {label: merged[label] for label in sorted(merged, key=str.encode)}


def _owner(values: Mapping[str, str], rules: SizeRules) -> int | None:
    return next((i for i, one in enumerate(rules.overrides) if one.when.matches(values)), None)


def _rule(rules: SizeRules, owner: int | None) -> SizeRule:
    return rules.default if owner is None else rules.overrides[owner].rule


def _name(owner: int | None) -> str:
    return "default" if owner is None else f"override {owner + 1}"


def _refuse_idle(
    rules: SizeRules, strata: Mapping[str, tuple[dict[str, str], int]], owner: Mapping[str, int | None]
) -> None:
    used = set(owner.values())
    for index, override in enumerate(rules.overrides):
        if index in used:
            continue
        where = f"rates.override[{index}]"
        if any(override.when.matches(values) for values, _ in strata.values()):
            raise InvalidInput(
                "rate.override_hidden",
                msg("第 %(number)s 条单独抽取率的案件都已归前面的条目。请调换次序，或删去它。"),
                where=where,
                number=index + 1,
            )
        raise InvalidInput(
            "rate.override_unused",
            msg("第 %(number)s 条单独抽取率在抽样框里没有对应的案件。请检查条件，或删去它。"),
            where=where,
            number=index + 1,
        )


def _size(size: int, rule: SizeRule) -> int:
    asked = ceil(rule.ask.share * size) if isinstance(rule.ask, Rate) else rule.ask.count
    low, high = _bounds(size, rule)
    return min(high, max(low, asked))


def _bounds(size: int, rule: SizeRule) -> tuple[int, int]:
    if size <= rule.take_all_below:
        return size, size
    high = size if rule.maximum is None else min(size, rule.maximum)
    return min(high, rule.minimum), high


def _shared_total(
    sizes: Mapping[str, int], owner: Mapping[str, int | None], rules: SizeRules, spread: Spread | None
) -> dict[str, int]:
    ask = rules.default.ask
    if not isinstance(ask, Total):
        return {}
    shared = {label: size for label, size in sizes.items() if owner[label] is None}
    bounds = {label: _bounds(size, rules.default) for label, size in shared.items()}
    lower = {label: low for label, (low, _) in bounds.items()}
    upper = {label: high for label, (_, high) in bounds.items()}
    if not ask.neyman:
        return largest_remainder(shared, total=ask.count, lower=lower, upper=upper)
    if spread is None:
        raise InvalidInput(
            "rate.no_spread",
            msg("按差异分配（neyman）要用一个已有结果的批次，“%(round)s”还没有结果。"),
            where="rates.default", round=ask.neyman,
        )  # fmt: skip
    variances = {label: spread.by_label.get(label, spread.pooled) for label in shared}
    return neyman(shared, variances, total=ask.count, lower=lower, upper=upper)
