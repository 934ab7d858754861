"""A dealing tried before it is done."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.database import transaction
from qualityeval.services.deal_preview import Preview
from qualityeval.services.deal_preview import preview as tried
from qualityeval.web.assignments import bp, shown
from qualityeval.web.assignments.forms import PressForm
from qualityeval.web.assignments.views import round_of
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import words as message
from qualityeval.web.shortage_words import rest, rule_words, sentence
from qualityeval.words.moments import number

NAMED = 6


@bp.post("/rounds/<public_id>/assign/preview")
@requires(Permission.ROUND_ASSIGN)
def preview(public_id: str) -> Any:
    """What the dealing would give; nothing of it is kept."""
    round_ = round_of(public_id)
    if not PressForm().validate():
        return redirect(url_for("assignments.assign", public_id=public_id), 303)
    try:
        with transaction():
            found = tried(actor=acting(), round_=round_of(public_id), now=now())
    except RuleViolation as refusal:
        round_ = round_of(public_id)
        return render_template(
            "assignments/preview.html", round=round_, refusal=message(refusal), tried=None
        ), 422
    return render_template(
        "assignments/preview.html", round=round_of(public_id), refusal="", tried=found, tiles=_tiles(found),
        causes=[
            {"rule": rule_words(one), "text": sentence(one), "rest": rest(one), "cases": _cases(one.cut.keys)}
            for one in found.causes
        ],
    )  # fmt: skip


def _tiles(found: Preview) -> list[dict[str, Any]]:
    low, high = found.load_min, found.load_max
    return [
        {
            "label": _("这次派出"), "value": number(found.new), "unit": _("份"),
            "note": _("名额 %(slots)s · 已派 %(filled)s", slots=number(found.slots), filled=number(found.filled)),
        },
        {
            "label": _("名额缺口"), "value": number(found.slots - found.filled),
            "tone": "danger" if found.slots > found.filled else "",
            "note": _("原因列在下面") if found.unfilled else _("全部派得出去"),
        },
        {
            "label": _("每人件数"), "value": number(low) if low == high else f"{number(low)}—{number(high)}",
            "note": _("违反回避 0 件，由另一段程序核对"),
        },
        {
            "label": _("评分人分几组"), "value": number(found.components),
            "note": _("同组才能比宽严；同两人最多同评 %(count)s 件", count=number(found.together)),
        },
        *_minutes(found),
    ]  # fmt: skip


def _minutes(found: Preview) -> list[dict[str, Any]]:
    if not found.minutes:
        return []
    plain, even = found.minutes
    (tile,) = shown.minutes_tile(even)
    low, high = number(plain.least), number(plain.most)
    return [tile | {"note": _("只按件数派会是 %(low)s—%(high)s", low=low, high=high)}]


def _cases(keys: tuple[str, ...]) -> str:
    named = _("、").join(shown.key_words(one) for one in keys[:NAMED])
    more = len(keys) - NAMED
    return named if more <= 0 else _("%(named)s 等 %(count)s 件", named=named, count=number(len(keys)))
