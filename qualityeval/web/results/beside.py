"""Raw figures with those that stand beside them, and what changed since an earlier round."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from qualityeval.adapters.workbook_out import Cell, Sheet
from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound
from qualityeval.models import Round
from qualityeval.queries import result_pages
from qualityeval.queries.result_changes import changes_for, earlier_rounds
from qualityeval.queries.result_places import view_of
from qualityeval.queries.result_rows import CASE_TYPE
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.results import bp, shown
from qualityeval.web.results.views import dimension, place_asked, places_of
from qualityeval.words import results as words

Line = Mapping[str, Any]


@bp.get("/rounds/<public_id>/results/beside")
@requires(Permission.RESULTS_READ)
def beside(public_id: str) -> str:
    """Raw, shrunken and standardised rates of each group; with `against`, the change since that round."""
    round_, by = result_pages.round_for(acting(), public_id=public_id), dimension()
    found = result_pages.results_for(acting(), round_, by=(by,), place=place_asked())
    choices, earlier = earlier_rounds(acting(), round_), against_asked()
    changes = changes_for(acting(), [round_], earlier, by=(by,), place=place_asked()) if earlier else None
    locale = choose_locale()
    return render_template(
        "results/beside.html", round=round_, by=by, group_word=words.DIMENSIONS[by].text(locale),
        dimensions=[(code, label.text(locale)) for code, label in words.DIMENSIONS.items()],
        places=places_of(view_of(acting(), [round_], place_asked())), overall=found["overall"],
        lines=[_beside(by, line) for line in found[result_pages.GROUPS[by]] if not line["suppressed"]],
        hidden=sum(line["suppressed"] for line in found[result_pages.GROUPS[by]]), plain=by == CASE_TYPE,
        choices=[("", _("不比较")), *choices], against=",".join(one.code for one in earlier),
        changes=[_change(by, line) for line in _with_overall(changes, by)] if changes else [],
    )  # fmt: skip


def against_asked() -> list[Round]:
    """The earlier round that the address names, if the reader may see it."""
    code = request.args.get("against", "").strip()
    if not code:
        return []
    try:
        return [result_pages.round_for(acting(), code=code)]
    except NotFound:
        raise NotFound(where="against") from None


def _rate(found: Line | None) -> dict[str, str]:
    """Rate and interval in words, or the reason of there being none."""
    if found is None or found["rate"] is None:
        return {
            "rate": "",
            "interval": "",
            "reason": shown.reason_words(found["reason"] if found else "not_ranked"),
        }
    return {
        "rate": words.percent(found["rate"]), "interval": words.between(found["interval"], choose_locale()),
        "reason": shown.reason_words(found["reason"]),
    }  # fmt: skip


def _beside(by: str, line: Line) -> dict[str, Any]:
    own = (line["shrunk"] or {}).get("own")
    return {
        "name": shown.name_of(by, line), "code": line["code"] if by in shown.WITH_CODES else "", "n": line["n"], "N": line["N"],
        "raw": words.percent(line["good_rate"]), "interval": words.between(line["interval"], choose_locale()),
        "model": words.between(line["model_interval"], choose_locale()), "shrunk": _rate(line["shrunk"]),
        "own": "" if own is None else words.percent(own), "standardised": _rate(line["standardised"]),
    }  # fmt: skip


def _with_overall(changes: Line, by: str) -> list[Line]:
    return [{"code": "", "name": _("合计"), **changes["overall"]}, *changes[result_pages.GROUPS[by]]]


def _change(by: str, line: Line) -> dict[str, Any]:
    span, shift = line["interval"], line["change"]
    return {
        "name": shown.name_of(by, line) if line["code"] else line["name"], "earlier": words.percent(line["earlier"]),
        "later": words.percent(line["later"]), "n": f"{line['earlier_n'] or 0} → {line['later_n'] or 0}",
        "change": words.points(shift) if shift is not None else "",
        "span": f"{words.points(span[0])} … {words.points(span[1])}" if span else "",
        "said": words.CHANGES[_standing(line)].text(choose_locale()) if shift is not None else "",
        "tone": {"up": "ok", "down": "warn"}.get(_standing(line), ""),
        "reason": shown.reason_words(line["reason"]) if shift is None else "",
    }  # fmt: skip


def _standing(line: Line) -> str:
    if not line["clear"]:
        return "open"
    return "up" if line["change"] > 0 else "down"


def beside_sheet(found: Line, by: str) -> Sheet:
    """Unrounded: raw, corrected, shrunken and standardised figures of each group."""
    header = (
        _("代码"), words.DIMENSIONS[by].text(choose_locale()), "n", "N", _("优良率"), _("95% 区间下限"), _("95% 区间上限"),
        _("模型区间下限"), _("模型区间上限"), _("评分者占方差"), _("收缩后"), _("收缩区间下限"), _("收缩区间上限"), _("自身权重"),
        _("收缩说明"), _("同一案件结构"), _("结构区间下限"), _("结构区间上限"), _("按自身结构应有优良件数"), _("结构说明"),
    )  # fmt: skip
    return Sheet(_("原始与校正"), header, [_cells(by, line) for line in found[result_pages.GROUPS[by]]])


def _cells(by: str, line: Line) -> list[Cell]:
    nothing = {"rate": None, "interval": None, "own": None, "expected": None, "reason": line["reason"]}
    shrunk, standard = line["shrunk"] or nothing, line["standardised"] or nothing
    return [
        line["code"], shown.name_of(by, line), line["n"], line["N"], line["good_rate"], *_ends(line["interval"]),
        *_ends(line["model_interval"]), line["reviewer_part"], shrunk["rate"], *_ends(shrunk["interval"]), shrunk["own"],
        shown.reason_words(shrunk["reason"]), standard["rate"], *_ends(standard["interval"]), standard["expected"],
        shown.reason_words(standard["reason"]),
    ]  # fmt: skip


def change_sheet(changes: Line, by: str) -> Sheet:
    """Unrounded: what changed since the earlier rounds."""
    header = (
        _("代码"), words.DIMENSIONS[by].text(choose_locale()), _("上期 n"), _("上期优良率"), _("本期 n"), _("本期优良率"), _("变化"),
        _("变化区间下限"), _("变化区间上限"), _("判断"), _("说明"),
    )  # fmt: skip
    return Sheet(_("与上期比较"), header, [_change_cells(by, line) for line in _with_overall(changes, by)])


def _change_cells(by: str, line: Line) -> list[Cell]:
    said = words.CHANGES[_standing(line)].text(choose_locale()) if line["change"] is not None else ""
    return [
        line["code"], shown.name_of(by, line) if line["code"] else line["name"], line["earlier_n"], line["earlier"],
        line["later_n"], line["later"], line["change"], *_ends(line["interval"]), said, shown.reason_words(line["reason"]),
    ]  # fmt: skip


def _ends(interval: Sequence[float] | None) -> tuple[float | None, float | None]:
    return (interval[0], interval[1]) if interval else (None, None)
