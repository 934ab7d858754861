"""What the planner's page shows: plain values, built once."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from qualityeval.core.consensus import TRIGGERS
from qualityeval.core.expected_precision import half_width, other_rates
from qualityeval.core.planner import Line
from qualityeval.queries import round_trail
from qualityeval.queries.planner import Plan
from qualityeval.web import round_pages
from qualityeval.web.guards import acting
from qualityeval.web.locale import choose_locale
from qualityeval.words import rounds as words
from qualityeval.words.figures import rounded, share_text, weight_text
from qualityeval.words.moments import number

MOST_LINES = 300
MOST_KNOBS = 60


@dataclass(frozen=True)
class PlanLine:
    """A stratum, or all together, as the table shows it; `low` to `high` is the interval on an axis of 100."""

    key: str
    label: str
    frame: str
    share: str
    own_rate: str
    is_own: bool
    n: str
    weight: str
    expected: str
    arbitrated: str
    hours: str
    low: float
    high: float


def shown(plan: Plan, own_rates: Mapping[str, str]) -> dict[str, Any]:
    """All that the page's figures need."""
    locale, fields = choose_locale(), plan.spec.strata_fields
    places = round_trail.places_of(acting(), fields)
    told, total = plan.forecast, plan.forecast.total
    lines = [
        _line(one, words.stratum(one.label, fields, locale, places=places), plan, own_rates)
        for one in told.lines[:MOST_LINES]
    ]
    return {
        "lines": lines,
        "more": max(0, len(told.lines) - MOST_LINES),
        "strata": len(told.lines),
        "turnable": len(told.lines) <= MOST_KNOBS,
        "total": _line(total, _("合计"), plan, {}),
        "share": percent(plan.expected.basis.share),
        "point": round(100 * plan.expected.basis.share, 2),
        "last": plan.expected.last,
        "work": _work(plan),
        "triggers": _triggers(plan),
        "others": [
            {
                "rate": share_text(one.rate.numerator, one.rate.denominator), "n": one.n,
                "expected": plus_minus(half_width(one.n, share=plan.expected.basis.share)),
            }
            for one in other_rates(plan.sizes, minimum=plan.spec.sizes.default.minimum)
        ],
        "left_out": round_pages.left_out(plan.found.left_out()),
        "unresolved": sorted(plan.unresolved.items()),
    }  # fmt: skip


def _line(one: Line, label: str, plan: Plan, own_rates: Mapping[str, str]) -> PlanLine:
    share, half = plan.expected.basis.share, one.half_width or 0.0
    return PlanLine(
        key=one.label, label=label, frame=number(one.N), share=share_text(one.n, one.N),
        own_rate=own_rates.get(one.label, ""), is_own=one.label in own_rates, n=number(one.n),
        weight=weight_text(one.N, one.n) if one.label else "—", expected=plus_minus(one.half_width),
        arbitrated=percent(one.arbitrated), hours=tenths(one.hours),
        low=round(100 * max(0.0, share - half), 2), high=round(100 * min(1.0, share + half), 2),
    )  # fmt: skip


def _work(plan: Plan) -> list[tuple[str, str]]:
    """The plan's price, term by term; what the last round can't tell is a dash."""
    told, total = plan.forecast, plan.forecast.total
    apart = percent(told.told_apart)
    return [
        (_("样本"), _("%(n)s 件", n=number(total.n))),
        (_("评分表"), _("%(n)s 份", n=number(round(total.sheets)))),
        (_("专家工时"), _("%(hours)s 小时", hours=tenths(total.hours))),
        (_("人均负担"), _load(plan)),
        (_("预计复评"), "—" if total.arbitrated is None else _("约 %(n)s 件", n=number(round(total.arbitrated * total.n)))),
        (_("报酬"), _("%(yuan)s 元", yuan=number(round(total.cost / 100))) if plan.work.fee else "—"),
        (_("能分出高低的机构对"), apart if told.told_apart is None else _("%(share)s（%(n)s 个机构）", share=apart, n=told.institutions)),
    ]  # fmt: skip


def _load(plan: Plan) -> str:
    told = plan.forecast
    if told.load is None or told.load_hours is None:
        return _("专家库里没有专家")
    return _("%(n)s 份，约 %(hours)s 小时", n=tenths(told.load), hours=tenths(told.load_hours))


def _triggers(plan: Plan) -> list[dict[str, str | bool]]:
    """Each trigger's expected share, cases and hours, those not in force too."""
    locale, rule = choose_locale(), plan.spec.consensus
    rows: list[dict[str, str | bool]] = []
    for trigger in TRIGGERS:
        share = plan.expected.triggers.by_trigger[trigger]
        cases = None if share is None else share * plan.forecast.total.n
        rows.append(
            {
                "label": words.TRIGGERS[trigger].text(locale), "on": trigger in rule.triggers, "share": percent(share),
                "cases": "—" if cases is None else number(round(cases)),
                "hours": "—" if cases is None else tenths(cases * plan.work.minutes / 60),
            }
        )  # fmt: skip
    return rows


def plus_minus(half: float | None) -> str:
    """± so many percentage points."""
    return "—" if half is None else f"±{rounded(Fraction(half) * 100, 1)}"


def percent(share: float | None) -> str:
    """A share in percent with one decimal, half up; a dash where nothing is known."""
    return "—" if share is None else f"{rounded(Fraction(share) * 100, 1)}%"


def tenths(value: float) -> str:
    """With one decimal and thousands apart."""
    whole, _dot, rest = rounded(Fraction(value), 1).partition(".")
    return f"{int(whole):,}.{rest}"
