"""How many to draw from each stratum, in exact rationals: a float 0.277 would over-draw.

parse_rate(text) -> Fraction                            "27.7%", "0.277", "277/1000"; text only
Rate(share) | Fixed(count) | Total(count)               what a rule asks for
SizeRule(ask, minimum=0, maximum=None, take_all_below=0)
Override(when: Condition, rule: SizeRule)
SizeRules(default, overrides=())                        .fields: what the overrides ask for
allocate(counts: Mapping[values, N], fields=, rules=) -> tuple[StratumSize, ...]
StratumSize(label, N, n, rule)                          by the label's bytes; rule: "default", "override 1"
largest_remainder(sizes, total=, lower=, upper=) -> dict[label, n]
rate_text(share) -> "277/1000"
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from qualityeval.core.conditions import Condition
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.frame import EMPTY, stratum_label
from qualityeval.core.largest_remainder import largest_remainder

_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,12})?)\s*[%％]")
_DECIMAL = re.compile(r"[0-9](?:\.[0-9]{1,12})?")
_RATIO = re.compile(r"([0-9]{1,18})\s*/\s*([0-9]{1,18})")


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
    """So many over all strata that no override names, by largest remainder."""

    count: int


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
        return {"fixed" if isinstance(self.ask, Fixed) else "total": self.ask.count, **bounds}


@dataclass(frozen=True, slots=True)
class Override:
    """Another rule for the strata that meet a condition."""

    when: Condition
    rule: SizeRule


@dataclass(frozen=True, slots=True)
class SizeRules:
    """The default and its overrides; the first override that matches a stratum wins."""

    default: SizeRule
    overrides: tuple[Override, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the overrides, which join the strata."""
        return tuple(dict.fromkeys(field for override in self.overrides for field in override.when.fields))

    def as_plan(self) -> dict[str, object]:
        """The rules as the plan holds them."""
        overrides = [{"when": one.when.as_plan(), **one.rule.as_plan()} for one in self.overrides]
        return {"default": self.default.as_plan(), "override": overrides}


@dataclass(frozen=True, slots=True)
class StratumSize:
    """N cases in the stratum, n to draw, and the rule that said so."""

    label: str
    N: int
    n: int
    rule: str


def parse_rate(text: object, *, where: str = "rates.default") -> Fraction:
    """A rate from its text, exactly: `27.7%`, `0.277` or `277/1000`; above 0 and at most 1 (100%).

    Anything but text is refused, a float above all: 0.277 as a float is more than 277/1000.

    >>> parse_rate("27.7%")
    Fraction(277, 1000)
    """
    share = _share(text.strip()) if isinstance(text, str) else None
    if share is None:
        raise InvalidInput(
            "rate.form",
            msg("“%(value)s”不是抽取率：请写成 27.7%% 或 0.277，最多 12 位小数。"),
            where=where,
            value=text,
        )
    if not 0 < share <= 1:
        raise InvalidInput(
            "rate.range",
            msg("抽取率“%(value)s”须大于 0 且不超过 100%%。三成请写 30%% 或 0.3。"),
            where=where,
            value=text,
        )
    return share


def _share(text: str) -> Fraction | None:
    if percent := _PERCENT.fullmatch(text):
        return Fraction(percent[1]) / 100
    if _DECIMAL.fullmatch(text):
        return Fraction(text)
    if (ratio := _RATIO.fullmatch(text)) and int(ratio[2]):
        return Fraction(int(ratio[1]), int(ratio[2]))
    # a whole number such as 30 reads as a range fault, with the remedy to write 30%
    return Fraction(text) if re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,12})?", text) else None


def rate_text(share: Fraction) -> str:
    """The rate as the plan writes it, `277/1000`, in lowest terms."""
    return f"{share.numerator}/{share.denominator}"


def allocate(
    counts: Mapping[tuple[str, ...], int], *, fields: Sequence[str], rules: SizeRules
) -> tuple[StratumSize, ...]:
    """Sizes for the strata of a frame; `counts` maps the values of `fields` to the number of cases.

    n = N where N <= take_all_below, else min(N, maximum, max(minimum, what is asked for)), a rate
    asking for ceil(rate·N). A `Total` is shared by largest remainder within the same bounds.
    Refuses with `InvalidInput`: an override that matches no stratum, or only ones that an earlier
    override has; a total that the bounds can't give.
    """
    strata = _merged(counts, fields)
    owner = {label: _owner(values, rules) for label, (values, _) in strata.items()}
    _refuse_idle(rules, strata, owner)
    sizes = {label: size for label, (_, size) in strata.items()}
    asked = _shared_total(sizes, owner, rules)
    return tuple(
        StratumSize(label, size, asked[label] if label in asked else _size(size, _rule(rules, owner[label])),
                    _name(owner[label]))
        for label, size in sizes.items()
    )  # fmt: skip


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
    sizes: Mapping[str, int], owner: Mapping[str, int | None], rules: SizeRules
) -> dict[str, int]:
    if not isinstance(rules.default.ask, Total):
        return {}
    shared = {label: size for label, size in sizes.items() if owner[label] is None}
    bounds = {label: _bounds(size, rules.default) for label, size in shared.items()}
    return largest_remainder(
        shared,
        total=rules.default.ask.count,
        lower={label: low for label, (low, _) in bounds.items()},
        upper={label: high for label, (_, high) in bounds.items()},
    )
