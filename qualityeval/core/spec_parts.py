"""The parts of a round's spec that are rules of their own: sizes, recusal, consensus, deadlines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from qualityeval.core import spec_nodes as nodes
from qualityeval.core.allocation import Fixed, Override, Rate, SizeRule, SizeRules, Total
from qualityeval.core.conditions import parse_condition
from qualityeval.core.consensus import RESOLVES, RULES, TRIGGERS, ConsensusRule, Resolve, Rule, Trigger
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.floors import Floor
from qualityeval.core.rates import parse_rate
from qualityeval.core.rubric import hundredths

REGIONS = ("county", "city", "none")
BOUNDS = ("minimum", "maximum", "take_all_below")
LONGEST_WINDOW, LONGEST_GRACE = 365, 60
MEETING_KINDS = ("practitioner", "institution")


@dataclass(frozen=True, slots=True)
class Recusal:
    """`region`: an expert of the case's county (or city) steps aside; `provider`: of the same provider."""

    region: str
    provider: bool


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Dates as planned; `objection_days` are working days, 0 for no window; `grace` days after `score` aren't overdue."""

    hand_in: date | None = None
    score: date | None = None
    objection_days: int = 0
    grace: int = 0

    def as_plan(self) -> dict[str, object]:
        """The deadlines as the plan holds them."""
        return {
            "hand_in": self.hand_in.isoformat() if self.hand_in else None,
            "score": self.score.isoformat() if self.score else None,
            "objection_days": self.objection_days,
            **({"grace": self.grace} if self.grace else {}),
        }


def read_sizes(top: nodes.Node) -> SizeRules:
    """`rates`: default, bounds, overrides and floors; an override takes the default's bounds but for its own."""
    node = nodes.mapping(top.get("rates"), "rates", ("default", "override", "floors", *BOUNDS))
    default = _size_rule(node, "default", "rates", SizeRule(Fixed(0)))
    overrides = tuple(
        _override(one, f"rates.override[{index}]", default)
        for index, one in enumerate(nodes.listed(node, "override", "rates"))
    )
    return SizeRules(default, overrides, _floors(node, default))


def _floors(node: nodes.Node, default: SizeRule) -> tuple[Floor, ...]:
    given = node.get("floors")
    if given is None:
        return ()
    where = "rates.floors"
    if not isinstance(given, Mapping):
        raise nodes.refuse(where, "shape", msg("“%(place)s”应是一组“名称: 内容”。"), place=where)
    if isinstance(default.ask, Total):
        raise nodes.refuse(where, "floors_total", msg("写了总数（total）就不能再写 floors：加抽会超出总数。"))
    return tuple(Floor(str(field).strip(), nodes.whole(given, field, where, low=1)) for field in given)


def _override(value: object, where: str, default: SizeRule) -> Override:
    node = nodes.mapping(value, where, ("when", "rate", *BOUNDS))
    when = parse_condition(node.get("when"), where=f"{where}.when")
    if any(test.is_range for test in when.tests):
        raise nodes.refuse(
            f"{where}.when",
            "override_range",
            msg("单独抽取率的条件会成为分层，不能用 from 和 to；请列出各个值。"),
        )
    rule = _size_rule(node, "rate", where, default)
    if isinstance(rule.ask, Total):
        raise nodes.refuse(
            f"{where}.rate",
            "override_total",
            msg("总数（total）只能写在 default 里；这里请写抽取率或 fixed。"),
        )
    return Override(when, rule)


def _size_rule(node: nodes.Node, key: str, where: str, inherited: SizeRule) -> SizeRule:
    ask = _ask(node.get(key), nodes.at(where, key))
    maximum = node.get("maximum")
    rule = SizeRule(
        ask=ask,
        minimum=nodes.whole(node, "minimum", where, default=inherited.minimum),
        maximum=inherited.maximum if maximum is None else nodes.whole(node, "maximum", where, low=1),
        take_all_below=nodes.whole(node, "take_all_below", where, default=inherited.take_all_below),
    )
    if rule.maximum is not None and rule.maximum < rule.minimum:
        raise nodes.refuse(f"{where}.maximum", "bounds", msg("上限（maximum）不能小于下限（minimum）。"))
    return rule


def _ask(value: object, where: str) -> Rate | Fixed | Total:
    if not isinstance(value, Mapping):
        return Rate(parse_rate(value, where=where))
    node = nodes.mapping(value, where, ("fixed", "total", "neyman"))
    if ("fixed" in node) == ("total" in node) or {"fixed", "neyman"} <= set(node):
        raise nodes.refuse(where, "one_of", msg("fixed（每层件数）和 total（总件数）只能写其中一个。"))
    if "fixed" in node:
        return Fixed(nodes.whole(node, "fixed", where, low=1))
    code = nodes.text(node, "neyman", where, longest=60) if "neyman" in node else ""
    return Total(nodes.whole(node, "total", where, low=1), code)


def read_recusal(top: nodes.Node) -> Recusal:
    """`recusal`: by county and provider unless said otherwise; a self-evaluation's readers are of its region."""
    node = nodes.optional_mapping(top, "recusal", "", ("region", "provider"))
    usual = "none" if top.get("kind") == "self" else "county"
    return Recusal(
        region=nodes.choice(node, "region", "recusal", options=REGIONS, default=usual),
        provider=nodes.flag(node, "provider", "recusal", default=True),
    )


def read_meetings(top: nodes.Node) -> Mapping[str, int]:
    """`meetings`: how many files of one practitioner, or of one institution, an expert reads in a calendar year at most."""
    where = "meetings"
    node = nodes.optional_mapping(top, where, "", MEETING_KINDS)
    return {
        kind: nodes.whole(node, kind, where, low=1) for kind in MEETING_KINDS if node.get(kind) is not None
    }


def read_consensus(top: nodes.Node) -> ConsensusRule:
    """`consensus`: points of `gap` and `rescore_band` become hundredths."""
    where = "consensus"
    node = nodes.optional_mapping(
        top, where, "", ("rule", "gap", "triggers", "resolve", "rescore_band", "arbitrator_sees")
    )
    usual = ConsensusRule()
    triggers = usual.triggers
    if "triggers" in node:
        triggers = frozenset(
            cast("Trigger", nodes.choice({"triggers": one}, "triggers", where, options=TRIGGERS))
            for one in nodes.listed(node, "triggers", where)
        )
    return ConsensusRule(
        rule=cast("Rule", nodes.choice(node, "rule", where, options=RULES, default=usual.rule)),
        gap=_points(node, "gap", usual.gap),
        triggers=triggers,
        resolve=cast(
            "Resolve", nodes.choice(node, "resolve", where, options=RESOLVES, default=usual.resolve)
        ),
        rescore_band=_points(node, "rescore_band", usual.rescore_band),
        sees=nodes.flag(node, "arbitrator_sees", where, default=False),
    )


def _points(node: nodes.Node, key: str, default: int) -> int:
    value = node.get(key)
    if value is None:
        return default
    if isinstance(value, str | int) and not isinstance(value, bool):
        try:
            points = hundredths(str(value).strip())
        except InvalidInput:
            points = -1
        if 0 <= points <= hundredths("100"):
            return points
    raise nodes.refuse(
        f"consensus.{key}",
        "points",
        msg("“%(key)s”应是 0 到 100 之间、最多两位小数的分值。"),
        key=key,
    )


def read_deadlines(top: nodes.Node) -> Deadlines:
    """`deadlines`: hand-in before scoring; no objection window unless `objection_days` says so."""
    where = "deadlines"
    node = nodes.optional_mapping(top, where, "", ("hand_in", "score", "grace", "objection_days"))
    hand_in, score = nodes.day(node, "hand_in", where), nodes.day(node, "score", where)
    if hand_in is not None and score is not None and score < hand_in:
        raise nodes.refuse(f"{where}.score", "deadlines", msg("评分期限不能早于交卷期限。"))
    return Deadlines(
        hand_in=hand_in,
        score=score,
        grace=nodes.whole(node, "grace", where, default=0, high=LONGEST_GRACE),
        objection_days=nodes.whole(node, "objection_days", where, default=0, high=LONGEST_WINDOW),
    )
