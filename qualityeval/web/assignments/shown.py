"""What the pages of dealing show, as plain values."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from qualityeval.clock import office_date
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.rubric_parts import show_points
from qualityeval.core.workload import Spread, Workload
from qualityeval.models import Round
from qualityeval.queries import (
    assignment_counts,
    assignments,
    dealt,
    file_answers,
    second_check,
    staff_parts,
    starved,
    workload,
)
from qualityeval.queries import rounds as round_queries
from qualityeval.services.deal_basis import rules_of
from qualityeval.web.durations import time_words
from qualityeval.web.guards import acting, now
from qualityeval.web.locale import choose_locale
from qualityeval.words import interests as answer_words
from qualityeval.words import rounds as words
from qualityeval.words.figures import share_text
from qualityeval.words.moments import moment, number

MOST_BROKEN, GIVEN_UP_SHOWN = 500, 20


@dataclass(frozen=True)
class Extent:
    """How many files were drawn, and how many experts carry how many; read once for a page."""

    drawn: int
    spread: list[tuple[int, int]]


def extent_of(round_: Round) -> Extent:
    """The extent of the round as it stands."""
    return Extent(round_queries.sample_size(round_), dealt.load_spread(round_))


def plan_facts(spec: RoundSpec, extent: Extent) -> list[tuple[str, str]]:
    """What a dealing would go by: files, slots, experts, rules."""
    drawn, spread = extent.drawn, extent.spread
    experts, slots = sum(count for _load, count in spread), drawn * spec.reviewers
    each = _span(slots // experts, -(-slots // experts)) if experts else "—"
    return [
        (_("抽中案件"), number(drawn)),
        (_("每案专家数"), str(spec.reviewers)),
        (_("名额"), number(slots)),
        (_("可派案专家"), number(experts)),
        (_("人均件数"), each),
        (_("回避"), recusal_words(spec)),
        (_("工作量"), workload_words(spec.workload)),
    ]


def workload_words(load: Workload) -> str:
    """How the round counts what a file costs its reader."""
    if not load.in_minutes:
        return _("按件数")
    locale = choose_locale()
    types = [
        _("%(kind)s另加 %(minutes)s 分钟", kind=words.CASE_TYPES[kind].text(locale), minutes=more)
        for kind, more in load.by_type.items()
        if more
    ]
    each = _("每件 %(base)s 分钟，每页 %(page)s 分钟", base=load.base, page=show_points(load.per_page))
    return _("，").join([_("按预计用时"), each, *types])


def minutes_tile(found: Spread | None) -> list[dict[str, Any]]:
    """What readers carry in expected minutes; nothing where the round counts files alone."""
    if found is None:
        return []
    mean = _("人均 %(time)s", time=time_words(found.mean))
    return [
        {"label": _("每人预计用时"), "value": _span(found.least, found.most), "unit": _("分钟"), "note": mean}
    ]


def _span(low: int, high: int) -> str:
    return number(low) if low == high else _("%(low)s—%(high)s", low=number(low), high=number(high))


def recusal_words(spec: RoundSpec) -> str:
    """The rules in words."""
    rules = [words.REGIONS[spec.recusal.region].text(choose_locale()), _("同机构、本人承办")]
    if spec.recusal.provider:
        rules.append(_("同承办单位"))
    return _("、").join(rules)


def tiles(round_: Round, spec: RoundSpec, extent: Extent) -> list[dict[str, Any]]:
    """The figures at the top: cheap ones, whatever the size of the round."""
    spread, sheets, waiting = (
        extent.spread, assignment_counts.sheet_counts(round_), staff_parts.waiting_count(round_),
    )  # fmt: skip
    slots, filled = extent.drawn * spec.reviewers, sum(load * count for load, count in spread)
    arbitration, experts = (
        assignment_counts.arbitration_counts(round_),
        sum(count for load, count in spread if load),
    )
    return [
        {
            "label": _("评分进度"), "value": share_text(sheets["submitted"], sheets["expected"]),
            "note": " · ".join([
                _("已交 %(done)s · 应交 %(all)s", done=number(sheets["submitted"]), all=number(sheets["expected"])),
                *([_("等工作人员 %(count)s", count=number(waiting))] if waiting else []),
            ]),
        },
        {
            "label": _("有结果的案件"), "value": number(dealt.settled_count(round_)), "unit": _("件"),
            "note": _("复评中 %(open)s · 已复评 %(done)s", **{k: number(v) for k, v in arbitration.items()}),
        },
        {
            "label": _("每人件数"), "value": _span(spread[-1][0], spread[0][0]) if spread else "—",
            "note": _("%(experts)s 名专家有案件", experts=number(experts)),
        },
        {
            "label": _("名额缺口"), "value": number(slots - filled), "tone": "danger" if slots > filled else "",
            "note": _("名额 %(slots)s · 已派 %(filled)s", slots=number(slots), filled=number(filled)),
        },
        *minutes_tile(workload.spread(round_)),
    ]  # fmt: skip


def broken_rules(round_: Round, spec: RoundSpec) -> list[dict[str, str]]:
    """What the second checker finds now: the file with its expert, the rule in words, and where to change the reader."""
    found = second_check.broken_rules(
        round_, region=spec.recusal.region, provider=spec.recusal.provider, specialty=spec.specialty
    )
    lines = assignments.by_pair(round_, only={one.case for one in found[:MOST_BROKEN]}) if found else {}
    return [
        {
            "where": f"{key_words(one.case)} {one.expert}".strip(),
            "rule": _(starved.REASONS.get(one.rule, starved.REASONS[starved.SAME_FIRM])),
            "line": line.public_id if (line := lines.get((one.case, one.expert))) else "",
            "state": line.state if line else "",
        }
        for one in found
    ]


def given_up(round_: Round) -> list[dict[str, str]]:
    """The files that changed their reader, the latest first."""
    locale = choose_locale()
    return [
        {
            "case": key_words(one.case),
            "who": f"{one.expert_name}（{one.expert}）",
            "slot": slot_words(one.slot),
            "answer": answer_words.ANSWERS[one.answer].text(locale),
            "reason": one.reason,
            "at": moment(one.answered_at),
        }
        for one in file_answers.given_up(acting(), round_, limit=GIVEN_UP_SHOWN)
    ]


def key_words(key: str) -> str:
    """A case's key; that of a sealed case is shortened, since it is a digest."""
    place, _colon, number_ = key.partition(":")
    return f"{place}:{number_[:9]}…" if number_.startswith("~") else key


def spread_bars(extent: Extent) -> list[dict[str, Any]]:
    """How many experts carry how many files."""
    return [
        {"label": _("%(load)s 件", load=number(load)), "value": experts, "text": number(experts)}
        for load, experts in extent.spread
    ]


def starved_lines(round_: Round, spec: RoundSpec, short: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Cases with open slots: the rule that starves each, and every cause with its count."""
    return [
        {
            "case": key_words(one.case),
            "missing": one.missing,
            "rule": _(starved.REASONS[one.rule]) if one.rule else _("专家库里没有别的专家"),
            "reasons": [(_(starved.REASONS[code]), count) for code, count in one.reasons],
        }
        for one in starved.starved(
            acting(),
            round_,
            short=short,
            rules=rules_of(spec),
            today=office_date(now()),
            specialty=spec.specialty,
        )
    ]


def slot_words(slot: str) -> str:
    """A slot in words."""
    named = {"arbitration": _("复评"), "objection": _("异议复核"), "review": _("发布后复查")}
    return named.get(slot) or _("第 %(number)s 位", number=slot)


def state_choices() -> list[tuple[str, str]]:
    """The states to filter by."""
    named = {
        "dealt": _("未提交"),
        "waiting": _("已交，等工作人员"),
        "submitted": _("已提交"),
        "returned": _("退回重评"),
        "discuss": _("等待商议"),
    }
    return [("", _("全部")), *named.items()]


def slot_choices() -> list[tuple[str, str]]:
    """The slots to filter by."""
    return [
        ("", _("全部")),
        ("first", _("首轮")),
        ("arbitration", _("复评")),
        ("objection", _("异议复核")),
        ("review", _("发布后复查")),
    ]
