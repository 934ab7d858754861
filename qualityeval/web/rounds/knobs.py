"""What the planner lets turn: read from the address, put into a specification's mapping, read back from one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.rates import parse_rate, rate_text
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.rubric_parts import show_points

MINUTES, FEE = "30", "0"
BOUNDS = ("minimum", "maximum", "take_all_below")
ASKS = ("rate", "fixed", "total")
LONGEST = 40
MOST_RATES = 60  # strata with a rate of their own


@dataclass(frozen=True)
class Knobs:
    """Texts as typed. `rates` are the strata that have a rate of their own, by label."""

    ask: str
    amount: str
    minimum: str
    maximum: str
    take_all_below: str
    reviewers: str
    gap: str
    minutes: str = MINUTES
    fee: str = FEE
    share: str = ""
    rates: Mapping[str, str] = field(default_factory=dict)

    def query(self) -> dict[str, Any]:
        """The same as an address holds it."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "rates"}
        return {**plain, "label": list(self.rates), "rate": list(self.rates.values())}


def of_spec(spec: RoundSpec, mapping: Mapping[str, Any]) -> Knobs:
    """The knobs as the specification stands."""
    given = mapping["rates"]["default"]
    ask = next((one for one in ASKS[1:] if isinstance(given, Mapping) and one in given), "rate")
    rule = spec.sizes.default
    return Knobs(
        ask=ask,
        amount=str(given[ask]) if isinstance(given, Mapping) else percent_text(str(given)),
        minimum=str(rule.minimum), maximum="" if rule.maximum is None else str(rule.maximum),
        take_all_below=str(rule.take_all_below), reviewers=str(spec.reviewers),
        gap=show_points(spec.consensus.gap), rates=_own_rates(spec, mapping),
    )  # fmt: skip


def _own_rates(spec: RoundSpec, mapping: Mapping[str, Any]) -> dict[str, str]:
    """Overrides that name one value of every field of the strata, and nothing but a rate."""
    found = {}
    for one in mapping["rates"].get("override") or []:
        label = _label_of(spec.strata_fields, one)
        if label is not None:
            found[label] = percent_text(str(one["rate"]))
    return found


def _label_of(fields: tuple[str, ...], override: Mapping[str, Any]) -> str | None:
    when = override["when"]
    if set(override) != {"when", "rate"} or set(when) != set(fields) or isinstance(override["rate"], Mapping):
        return None
    values = [when[name] for name in fields]
    if any(isinstance(value, list | Mapping) for value in values):
        return None
    return "|".join(str(value or "") or "-" for value in values)


def of_address(args: MultiDict[str, str], usual: Knobs) -> Knobs:
    """What the address says, the rest as usual; an address without any knob says nothing."""
    if "amount" not in args:
        return usual
    plain = {
        name: args.get(name, getattr(usual, name)).strip()[:LONGEST]
        for name in usual.__dataclass_fields__
        if name != "rates"
    }
    pairs = zip(args.getlist("label"), args.getlist("rate"), strict=False)
    rates = {label: rate.strip()[:LONGEST] for label, rate in pairs if rate.strip()}
    return Knobs(**plain, rates=dict(list(rates.items())[:MOST_RATES]))


def turned(mapping: Mapping[str, Any], knobs: Knobs, fields: tuple[str, ...]) -> dict[str, Any]:
    """The specification's mapping with the knobs as they are set; all else stays."""
    rates = dict(mapping["rates"])
    if knobs.ask not in ASKS:
        raise InvalidInput("spec.choice", msg("“%(key)s”只能是：%(options)s。"), where="ask", key="ask",
                           options="、".join(ASKS))  # fmt: skip
    old = rates["default"] if isinstance(rates["default"], Mapping) else {}
    kept = {"neyman": old["neyman"]} if knobs.ask == "total" and "neyman" in old else {}
    rates["default"] = percent(knobs.amount) if knobs.ask == "rate" else {knobs.ask: knobs.amount, **kept}
    for name in BOUNDS:
        text = getattr(knobs, name)
        rates.pop(name, None)
        if text:
            rates[name] = text
    others = [one for one in rates.pop("override", None) or [] if _label_of(fields, one) is None]
    own = [
        {"when": dict(zip(fields, _values(label), strict=False)), "rate": percent(rate)}
        for label, rate in knobs.rates.items()
    ]
    if own or others:
        rates["override"] = [*own, *others]
    consensus = {**(mapping.get("consensus") or {}), "gap": knobs.gap}
    return {**mapping, "rates": rates, "reviewers": knobs.reviewers, "consensus": consensus}


def _values(label: str) -> list[str]:
    return ["" if part == "-" else part for part in label.split("|")]


def percent_text(text: str) -> str:
    """A rate as the planner's fields show it: 27.7 for 0.277, exactly; a third stays 1/3.

    >>> percent_text("0.277"), percent_text("30%"), percent_text("1/3")
    ('27.7', '30', '1/3')
    """
    share = parse_rate(text)
    exact = Decimal(share.numerator * 100) / Decimal(share.denominator)
    if Fraction(exact) != share * 100:
        return rate_text(share)
    return f"{exact.normalize():f}"


def percent(text: str) -> str:
    """A rate as the planner's fields take it: a plain number means percent."""
    return text if not text or "%" in text or "％" in text or "/" in text else f"{text}%"
