"""Why slots stay open, as a sentence: the figures of the minimum cut, and what keeps the rest of the pool out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from qualityeval.core.deal_cut import FEW, FULL, MEETINGS, SAME_FIRM
from qualityeval.queries.starved import READING, REASONS
from qualityeval.words.moments import number

if TYPE_CHECKING:
    from qualityeval.core.deal_cut import Shortage
    from qualityeval.services.deal_preview import Cause

NAMED = 6  # experts named before the rest is counted


def rule_words(cause: Cause) -> str:
    """The rule that starves these cases, in a few words; where too few may read, the rule that keeps out most."""
    if cause.cut.rule == FEW:
        return next(
            (_(REASONS[code]) for code, _n in cause.reasons if code != READING), _("专家库里没有别的专家")
        )
    return {
        FULL: _("专家的件数上限"),
        MEETINGS: _("一年内与同一承办人或机构相遇的上限"),
        SAME_FIRM: _("同单位的两名专家不同评一件"),
    }[cause.cut.rule]


def sentence(cause: Cause) -> str:
    """The cut in words; its figures add up: needed = room + places + missing."""
    cut = cause.cut
    parts = [
        _(
            "这 %(files)s 件共缺 %(missing)s 人次：一共要 %(demand)s 人次",
            files=number(len(cut.keys)),
            missing=number(cut.missing),
            demand=number(cut.demand),
        )
    ]
    if cut.full:
        parts.append(_("%(who)s 最多再接 %(room)s 件", who=_named(cause.full), room=number(cut.room)))
    if cut.met:
        parts.append(
            _(
                "%(who)s 与同一承办人或机构还能相遇 %(room)s 次",
                who=_named(cause.met),
                room=number(cut.met_room),
            )
        )
    parts.append(_places(cut))
    return _("，").join(part for part in parts if part) + _("。")


def _places(cut: Shortage) -> str:
    if cut.rule == SAME_FIRM:
        return _("能评的专家只来自 %(places)s 个单位", places=number(cut.places))
    if cut.rule == FEW:
        return (
            _("能评的专家只有 %(places)s 人", places=number(cut.places)) if cut.places else _("没有专家能评")
        )
    return _("其余能评的专家合计 %(places)s 人次", places=number(cut.places)) if cut.places else ""


def _named(codes: tuple[str, ...]) -> str:
    shown = _("、").join(codes[:NAMED])
    return (
        shown
        if len(codes) <= NAMED
        else _("%(shown)s 等 %(count)s 名专家", shown=shown, count=number(len(codes)))
    )


def rest(cause: Cause) -> list[tuple[str, int]]:
    """How many experts of the pool each rule keeps from the first of these cases."""
    return [(_(REASONS[code]), count) for code, count in cause.reasons]
