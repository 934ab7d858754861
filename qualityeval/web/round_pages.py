"""What the pages of a round show: plain values, built once, for views and tests."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from qualityeval.authz import Permission, may
from qualityeval.core.allocation import StratumSize
from qualityeval.core.expected_precision import half_width, other_rates
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.workflow import RoundAct, RoundState, round_acts
from qualityeval.models import Round
from qualityeval.queries import round_trail
from qualityeval.queries import rounds as queries
from qualityeval.queries.trails import TrailRow
from qualityeval.services.framing import Foreseen
from qualityeval.web.guards import acting
from qualityeval.web.locale import choose_locale
from qualityeval.words import rounds as words
from qualityeval.words.events import ROUND_EVENTS
from qualityeval.words.figures import digest_groups, rounded, share_text, weight_text
from qualityeval.words.labels import Label
from qualityeval.words.moments import day, moment

STEPS = tuple(words.STEPS)
DEALT = frozenset({"assigned", "scoring", "arbitration", "objection", "released", "closed"})


@dataclass(frozen=True)
class StratumLine:
    """One stratum as tables show it."""

    label: str
    key: str
    frame_size: int
    sample_size: int
    share: str
    weight: str
    expected: str
    frame_width: float
    sample_width: float


def stratum_lines(rows: Sequence[queries.StratumRow], fields: Sequence[str]) -> list[StratumLine]:
    """The strata with shares, weights and what interval to expect; widths are of a bar 100 wide."""
    locale, places = choose_locale(), round_trail.places_of(acting(), fields)
    widest = max((row.frame_size for row in rows), default=1)
    return [
        StratumLine(
            label=words.stratum(row.label, fields, locale, places=places),
            key=row.label,
            frame_size=row.frame_size,
            sample_size=row.sample_size,
            share=share_text(row.sample_size, row.frame_size),
            weight=weight_text(row.frame_size, row.sample_size),
            expected=plus_minus(row.sample_size),
            frame_width=round(100 * row.frame_size / widest, 2),
            sample_width=round(100 * row.sample_size / widest, 2),
        )
        for row in rows
    ]


def plus_minus(n: int) -> str:
    """± so many percentage points, for an assumed share of 80 %."""
    half = half_width(n)
    return "—" if half is None else f"±{rounded(Fraction(half) * 100, 1)}"


def total_line(rows: Sequence[queries.StratumRow]) -> StratumLine:
    """The strata together."""
    frame, sample = sum(row.frame_size for row in rows), sum(row.sample_size for row in rows)
    return StratumLine(
        label=_("合计"), key="", frame_size=frame, sample_size=sample, share=share_text(sample, frame),
        weight="—", expected=plus_minus(sample), frame_width=100, sample_width=100,
    )  # fmt: skip


def planned_rows(sizes: Sequence[StratumSize]) -> list[queries.StratumRow]:
    """The strata of a plan that isn't frozen yet."""
    return [queries.StratumRow(one.label, one.N, one.n) for one in sizes]


def preview(planned: Foreseen) -> dict[str, Any]:
    """What a freeze of this moment would fix, for the page of a draft."""
    rows = planned_rows(planned.sizes)
    return {
        "strata": stratum_lines(rows, planned.spec.strata_fields),
        "total": total_line(rows),
        "sheets": total_line(rows).sample_size * planned.spec.reviewers,
        "left_out": left_out(planned.left_out),
        "others": [
            {"rate": share_text(one.rate.numerator, one.rate.denominator), "n": one.n, "expected": plus_minus(one.n)}
            for one in other_rates(planned.sizes, minimum=planned.spec.sizes.default.minimum)
        ],
    }  # fmt: skip


def left_out(counts: dict[str, Any]) -> list[tuple[str, int]]:
    """Cases outside the frame and late ones inside it, in words."""
    listed = [(str(one["reason"]), int(one["cases"])) for one in counts.get("exclusions", [])]
    return [
        *listed,
        (_("已在其他有效批次中"), int(counts.get("held", 0))),
        (_("同系列其他案件"), int(counts.get("series", 0))),
        (_("补登（从以前各期转入，已在框内）"), int(counts.get("late", 0))),
    ]


def steps_of(round_: Round) -> list[dict[str, str]]:
    """The round's way; a withdrawn one stops where it stood, which its frozen plan tells."""
    locale = choose_locale()
    reached = _reached(round_)
    notes = _notes(round_)
    return [
        {
            "label": words.STEPS[code].text(locale),
            "state": "done" if number < reached else "now" if number == reached else "later",
            "note": notes.get(code, ""),
        }
        for number, code in enumerate(STEPS)
    ]


def _reached(round_: Round) -> int:
    """The present step; of a withdrawn round the last one that left its evidence."""
    if round_.state in STEPS:
        return STEPS.index(round_.state)
    if queries.draw_of(round_) is not None:
        return STEPS.index("drawn")
    return STEPS.index("frozen" if round_.plan_digest else "draft")


def _notes(round_: Round) -> dict[str, str]:
    draw = queries.draw_of(round_)
    return {
        "draft": day(round_.created_at),
        "frozen": day(round_.frozen_at),
        "drawn": day(draw.drawn_at) if draw else "",
    }


def plan_of(round_: Round) -> dict[str, Any]:
    """The frozen plan as a mapping; empty before the freeze."""
    found: dict[str, Any] = json.loads(round_.plan) if round_.plan else {}
    return found


def digests_of(round_: Round) -> list[dict[str, Any]]:
    """The public digests in groups of eight."""
    plan = plan_of(round_)
    if not plan:
        return []
    return [
        {"label": label, "lines": digest_lines(digest), "digest": digest}
        for label, digest in (
            (_("抽样框"), plan["frame_digest"]),
            (_("方案"), str(round_.plan_digest)),
            (_("密钥承诺"), plan["secret_digest"]),
            (_("派案密钥承诺"), plan["deal_secret_digest"]),
        )
    ]


def digest_lines(digest: str) -> list[str]:
    """Groups of eight, four a line."""
    groups = digest_groups(digest)
    return [" ".join(groups[start : start + 4]) for start in range(0, len(groups), 4)]


def acts_of(round_: Round) -> dict[str, bool]:
    """Which buttons to show: allowed by the state and by the policy."""
    actor, acts = acting(), round_acts(round_.state)
    seeded = queries.seed_of(round_) is not None
    return {
        "edit": RoundAct.EDIT in acts and may(actor, Permission.ROUND_PLAN, round_),
        "freeze": RoundAct.FREEZE in acts and may(actor, Permission.ROUND_PLAN, round_),
        "seed": RoundAct.TYPE_SEED in acts and not seeded and may(actor, Permission.ROUND_SEED, round_),
        "draw": RoundAct.DRAW in acts and seeded and may(actor, Permission.ROUND_DRAW, round_),
        "withdraw": RoundAct.WITHDRAW in acts and may(actor, Permission.ROUND_WITHDRAW, round_),
        "targeted": round_.state != RoundState.WITHDRAWN and may(actor, Permission.ROUND_PLAN, round_),
        "assign": round_.state == RoundState.CALLED_IN and may(actor, Permission.ROUND_ASSIGN, round_),
        "dealt": round_.state in DEALT and may(actor, Permission.ROUND_ASSIGN, round_),
        "results": round_.state in DEALT and may(actor, Permission.ROUND_RESULTS, round_),
    }


def about(spec: RoundSpec) -> list[tuple[str, str]]:
    """What the specification says, term by term, in words."""
    locale = choose_locale()
    asked = spec.population
    kinds = [_text(words.CODED_FIELDS["case_type"], one, locale) for one in _wanted(spec, "case_type")]
    return [
        (
            _("案件范围"),
            f"{words.BASES[asked.by].text(locale)} {asked.since:%Y-%m-%d} — {asked.until:%Y-%m-%d}",
        ),
        (_("案件类型"), _("、").join(kinds) or words.ALL.text(locale)),
        (_("系列案"), words.SERIES[spec.series].text(locale)),
        (_("种子来源"), _seed_words(spec, locale)),
        (_("调卷"), words.CALL_INS[spec.call_in].text(locale)),
        (_("未提交的案卷"), words.MISSING_FILES[spec.missing_file].text(locale)),
        (_("每案专家数"), str(spec.reviewers)),
        (_("回避"), words.REGIONS[spec.recusal.region].text(locale)),
        (_("合议规则"), words.CONSENSUS_RULES[spec.consensus.rule].text(locale)),
        (_("评分标准"), _("、").join(sorted(set(spec.rubrics.values())))),
        (_("交卷期限"), f"{spec.deadlines.hand_in or ''}"),
        (_("抽样框公开"), _public_from(spec)),
        (_("评分期限"), f"{spec.deadlines.score or ''}"),
        (_("异议期（工作日）"), str(spec.deadlines.objection_days)),
    ]


def _public_from(spec: RoundSpec) -> str:
    """When the frame file is for everybody: from the draw, or after the hand-in deadline."""
    if spec.call_in == "none":
        return _("抽取后")
    return _("%(day)s 交卷期限过后", day=spec.deadlines.hand_in or "")


def _wanted(spec: RoundSpec, field: str) -> Sequence[str]:
    tests = (test for test in spec.population.where.tests if test.field == field)
    return next((test.values for test in tests if not test.negated), ())


def _text(labels: Mapping[str, Label], code: str, locale: str) -> str:
    return labels[code].text(locale) if code in labels else code


def _seed_words(spec: RoundSpec, locale: str) -> str:
    kind = words.SEED_SOURCES[spec.source.kind].text(locale)
    return f"{kind}：{spec.source.name}（{spec.source.day}）" if spec.source.day else kind


def happened(rows: Sequence[TrailRow]) -> list[dict[str, str]]:
    """The round's events for the timeline."""
    locale = choose_locale()
    return [
        {
            "at": moment(row.at),
            "who": row.who,
            "what": ROUND_EVENTS[row.action].text(locale) if row.action in ROUND_EVENTS else row.action,
            "detail": _event_detail(row),
            "tone": "danger" if row.action in {"seed.mismatch", "round.withdrawn"} else "",
        }
        for row in rows
    ]


def _event_detail(row: TrailRow) -> str:
    if row.action == "round.frozen":
        return f"N {row.detail.get('N', 0):,} · n {row.detail.get('n', 0):,}"
    if row.action == "draw.made":
        return f"n {row.detail.get('n', 0):,}"
    return str(row.detail.get("reason", "") or row.detail.get("public", ""))
